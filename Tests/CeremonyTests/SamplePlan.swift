// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow
import SecretSharing

@testable import Ceremony

/// A plan of five custodians, two officers, and everybody else whom a ceremony takes.
struct SamplePlan {
    var kind = "backup"
    var title = "Escrow of the Acme Root CA"
    var policy = "3 of all"
    var custodians = ["alice", "bob", "carol", "dave", "erin"]
    /// Lines in front of the first table.
    var head = ""
    /// Whole tables behind the last.
    var tail = ""
    var certificate = Self.digest
    /// The digests of the people's cards, where they matter.
    var cards: [String: SHA256Digest] = [:]

    static let digest = SHA256Digest(of: Array("abc".utf8))

    var toml: String {
        var text = """
            format = "ca-escrow/v1/plan"
            kind = "\(kind)"
            title = "\(title)"
            date = "2027-03-01T09:00:00Z"
            standby = "2027-03-08T09:00:00Z"
            place = "Lyon, room 2"
            \(head)
            [ca]
            certificate = "ca/cacert.pem"
            sha256 = "\(certificate)"

            [escrow]
            path = "acme.escrow"
            \(kind == "drill" ? "" : "store = \"openssl-ca:ca\"")
            policy = "\(policy)"
            officers = "2 of (olga, omar)"

            [tool]
            sha256 = "\(Self.digest)"

            """
        let people = [
            ("mick", "administrator", "Lyon", "operations"), ("oscar", "operator", "Lyon", "operations"),
            ("wanda", "witness", "Lyon", "audit"), ("anna", "auditor", "Basel", "outside"),
            ("olga", "officer", "Lyon", "security"), ("omar", "officer", "Paris", "security"),
            ("vera", "keeper", "Paris", "vault"), ("kurt", "keeper", "Nice", "vault"),
        ]
        for (name, role, site, line) in people + custodians.map({ ($0, "custodian", "\($0)ville", "line \($0)") }) {
            text += Self.person(name, role, site: site, line: line, card: cards[name] ?? Self.digest)
        }
        text += Self.medium("USB-vera", "pkcs12", "vera", site: "Paris")
        text += Self.medium("USB-kurt", "pkcs12", "kurt", site: "Nice")
        for name in custodians {
            text += Self.medium("USB-\(name)", "share", name, site: "\(name)ville")
            text += Self.medium("USB-\(name)-2", "share", name, site: "\(name)ville")
        }
        return text + tail
    }

    static func person(
        _ name: String,
        _ role: String,
        site: String,
        line: String,
        card: SHA256Digest = Self.digest
    ) -> String {
        """

        [[people]]
        name = "\(name)"
        fullName = "\(name) Martin"
        roles = ["\(role)"]
        card = "cards/\(name).card"
        sha256 = "\(card)"
        site = "\(site)"
        line = "\(line)"

        """
    }

    static func medium(_ label: String, _ content: String, _ holder: String, site: String) -> String {
        """

        [[media]]
        label = "\(label)"
        content = "\(content)"
        holder = "\(holder)"
        site = "\(site)"

        """
    }

    /// The plan's bytes with a text in the place of another, once.
    func bytes(_ old: String = "", _ new: String = "") -> [UInt8] {
        Array((old.isEmpty ? toml : toml.replacing(old, with: new, maxReplacements: 1)).utf8)
    }

    func plan(_ old: String = "", _ new: String = "") throws -> Plan { try Plan(toml: bytes(old, new)) }

    static func script(_ plan: Plan) throws -> CeremonyScript {
        let review = try PlanReview(of: plan)
        return CeremonyScript(for: plan, policy: review.policy, officers: review.signing)
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
