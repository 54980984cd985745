// SPDX-License-Identifier: Apache-2.0

import Custody
public import Encoding
import Escrow
import SecretSharing

@testable import Ceremony

/// A plan of five custodians, two officers, and everybody else whom a ceremony takes.
struct SamplePlan {
    var kind = "backup"
    var title = "Escrow of the Acme Root CA"
    var policy = "3 of all"
    var custodians = ["alice", "bob", "carol", "dave", "erin"]
    /// Besides wanda.
    var witnesses: [String] = []
    /// Who takes over which role.
    var alternates: [(name: String, role: String)] = []
    /// A member more.
    var member = ""
    /// Objects behind the last of these.
    var people: [String] = []
    var media: [String] = []
    var certificate = Self.digest
    /// Whether custodians' media are in it.
    var hasShareMedia = true
    /// The digests of the people's cards, where they matter.
    var cards: [String: SHA256Digest] = [:]

    static let digest = SHA256Digest(of: Array("abc".utf8))

    /// With somebody who takes over each role that nothing goes on without.
    static let withAlternates = SamplePlan(alternates: [
        ("max", "administrator"), ("otto", "operator"), ("wim", "witness"),
    ])

    /// Three custodians, of whom two restore: fewer people to wait for.
    static let few = SamplePlan(policy: "2 of all", custodians: ["alice", "bob", "carol"])

    var json: String {
        let people = [
            ("mick", "administrator", "Lyon", "operations"), ("oscar", "operator", "Lyon", "operations"),
            ("wanda", "witness", "Lyon", "audit"), ("anna", "auditor", "Basel", "outside"),
            ("olga", "officer", "Lyon", "security"), ("omar", "officer", "Paris", "security"),
            ("vera", "keeper", "Paris", "vault"), ("kurt", "keeper", "Nice", "vault"),
        ]
        let witnesses = witnesses.map { ($0, "witness", "Lyon", "audit") }
        let everybody = (people + witnesses + custodians.map { ($0, "custodian", "\($0)ville", "line \($0)") })
            .map { name, role, site, line in
                Self.person(name, role, site: site, line: line, card: cards[name] ?? Self.digest)
            }
        let reserve = alternates.map { name, role in
            Self.person(name, role, site: "Lyon", line: "reserve", card: cards[name] ?? Self.digest)
                .replacing("\"roles\": [\"\(role)\"]", with: "\"roles\": [], \"alternateFor\": [\"\(role)\"]")
        }
        let archives = [("vera", "Paris"), ("kurt", "Nice")].map { name, site in
            Self.medium("USB-\(name)", "pkcs12", name, site: site)
        }
        let shares = (hasShareMedia ? custodians : []).flatMap { name in
            ["", "-2"].map { Self.medium("USB-\(name)\($0)", "share", name, site: "\(name)ville") }
        }
        return """
            {
            "format": "ca-escrow/v1/plan",
            "kind": "\(kind)",
            "title": "\(title)",
            "date": "2027-03-01T09:00:00Z",
            "standby": "2027-03-08T09:00:00Z",
            "place": "Lyon, room 2",
            \(member.isEmpty ? "" : "\(member),")
            "ca": {
            "certificate": "ca/cacert.pem",
            "sha256": "\(certificate)"
            },
            "escrow": {
            "path": "acme.escrow",
            \(kind == "drill" ? "" : "\"store\": \"openssl-ca:ca\",")
            "policy": "\(policy)",
            "officers": "2 of (olga, omar)"
            },
            "tool": {
            "sha256": "\(Self.digest)"
            },
            "people": [\((everybody + reserve + self.people).joined(separator: ", "))],
            "media": [\((archives + shares + media).joined(separator: ", "))]
            }

            """
    }

    static func person(
        _ name: String,
        _ role: String,
        site: String,
        line: String,
        card: SHA256Digest = Self.digest
    ) -> String {
        """
        {
        "name": "\(name)",
        "fullName": "\(name) Martin",
        "roles": ["\(role)"],
        "card": "cards/\(name).card",
        "sha256": "\(card)",
        "site": "\(site)",
        "line": "\(line)"
        }
        """
    }

    static func medium(_ label: String, _ content: String, _ holder: String, site: String) -> String {
        """
        {
        "label": "\(label)",
        "content": "\(content)",
        "holder": "\(holder)",
        "site": "\(site)"
        }
        """
    }

    /// The bytes of a file that holds people alone.
    static func bytes(ofPeople people: [String]) -> [UInt8] {
        Array("{\"people\": [\(people.joined(separator: ", "))]}".utf8)
    }

    /// The plan's bytes with a text in the place of another, once.
    func bytes(_ old: String = "", _ new: String = "") -> [UInt8] {
        Array((old.isEmpty ? json : json.replacing(old, with: new, maxReplacements: 1)).utf8)
    }

    func plan(_ old: String = "", _ new: String = "") throws -> Plan { try Plan(json: bytes(old, new)) }

    static func script(_ plan: Plan) throws -> CeremonyScript {
        CeremonyScript(of: try PlanReview(of: plan))
    }
}

/// xorshift64*: the same cases every time.
struct Random: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_f491_4f6c_dd1d
    }

    /// From 0 to one less than `count`.
    mutating func below(_ count: Int) -> Int { Int(next() >> 1) % count }
}

/// Tests name people literally; the program never does.
extension Name: ExpressibleByStringLiteral {
    /// The name in a test, which is always one.
    public init(stringLiteral name: String) {
        do {
            try self.init(name)
        } catch {
            preconditionFailure("\(name): \(error)")
        }
    }
}
