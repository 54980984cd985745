// SPDX-License-Identifier: Apache-2.0

import Audit
import Custody
import Encoding
import SystemPackage
import Testing

@testable import Escrow

/// Requests: what enough officers ask for, in their time, to one key.
@Suite struct RequestTests {
    let world: World
    let document: EpochDocument
    let key: Somebody

    init() throws {
        world = try World(officers: "2 of (olga, omar, otto)")
        document = try world.document()
        key = try Somebody("request")
    }

    private func json(_ edits: [String: JSONValue] = [:]) throws -> JSONValue {
        let request = Request(
            by: "olga",
            of: document,
            for: Request.Words(purpose: "the HSM is broken", destination: "pem:ca.key", machine: "vault-1"),
            to: key.identity.sealingKey,
            at: World.now,
            from: World.now,
            until: World.now.adding(seconds: 86_400)
        )
        return edits.reduce(.object(request.members)) { $0.setting($1.key, to: $1.value) }
    }

    private func file(_ json: JSONValue, signedBy signers: [Name] = ["olga", "omar"]) throws -> FilePath {
        try world.file(Request.self, json.encoded(), signedBy: signers.map { world.cast[$0] })
    }

    private func review() throws -> RequestReview { try #require(document.requests().first) }

    private func expect(
        _ error: RequestError,
        at now: Timestamp = World.now,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let review = try review()
        #expect(throws: EscrowError.request(review.identifier, error), sourceLocation: sourceLocation) {
            try review.check(at: now)
        }
    }

    /// Files a request that is refused itself, whoever signs it.
    private func expect(
        _ error: DocumentError,
        of json: JSONValue,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let path = try file(json)
        let refused = EscrowError.document(path: path.string, error)
        #expect(throws: refused, sourceLocation: sourceLocation) { try Filed<Request>(at: path, in: document) }
        // Nobody is asked to sign it, to release for it, or to restore with it.
        #expect(throws: refused, sourceLocation: sourceLocation) { try document.request("", at: World.now) }
        #expect(try document.requests().isEmpty, sourceLocation: sourceLocation)
        #expect(try world.audit().findings(.requests) == [refused.description], sourceLocation: sourceLocation)
        try world.folder.remove(world.epoch.appending("requests"))
    }

    @Test("a request that enough officers have signed may be answered in its time")
    func approved() throws {
        let path = try file(json())
        let review = try review()
        #expect(review.request.document.encoded() == review.request.bytes)
        #expect(review.signed == ["olga", "omar"] && review.missing == ["otto"])
        try review.check(at: World.now)
        try review.check(at: World.now.adding(seconds: 86_400))
        #expect(path.lastComponent?.string == "olga-\(review.identifier).json")
        #expect(try world.audit().failed.isEmpty)
    }

    @Test("one officer fewer is not enough, and not approved is no failure")
    func tooFew() throws {
        _ = try file(json(), signedBy: ["otto"])
        try expect(.notApproved(signed: ["otto"], needed: 2, missing: ["olga", "omar"]))
        #expect(try world.audit().failed.isEmpty)
        _ = try file(json(["purpose": .string("another")]), signedBy: [])
        #expect(try world.audit().failed.isEmpty)
        #expect(try document.requests().allSatisfy { !$0.isApproved })
    }

    @Test("as many officers as are needed do not suffice without the one who is said to ask")
    func notAsked() throws {
        let path = try file(json(), signedBy: ["omar", "otto"])
        try expect(.notAsked(by: "olga"))
        #expect(try !review().isApproved)
        #expect(RequestError.notAsked(by: "olga").description == "olga, who is said to ask, has not signed it")
        #expect(try world.audit().failed.isEmpty)
        let signature = try world.cast["olga"].sign(json().encoded(), .request).signature
        try world.folder.write(signature.armored, to: FiledSignature.path(of: path, by: "olga"))
        try review().check(at: World.now)
    }

    @Test("twice the same officer, an officer of another epoch, and a stranger do not count")
    func strangers() throws {
        let path = try file(json(), signedBy: ["olga"])
        let bytes = try json().encoded()
        let stranger = try Somebody("omar")
        let findings: [(signer: Somebody, name: Name, finding: String)] = [
            (
                world.cast["olga"], "omar",
                "signed with another key than omar's: \(world.cast["olga"].identity.signingKey.fingerprint)"
            ),
            (stranger, "omar", "signed with another key than omar's: \(stranger.identity.signingKey.fingerprint)"),
            (try Auditors.eve, "eve", "signed by someone who is not an officer of this manifest"),
            (world.cast["alice"], "alice", "signed by someone who is not an officer of this manifest"),
        ]
        for (signer, name, finding) in findings {
            let file = FiledSignature.path(of: path, by: name)
            try world.folder.write(signer.sign(bytes, .request).signature.armored, to: file)
            try expect(.notApproved(signed: ["olga"], needed: 2, missing: ["omar", "otto"]))
            #expect(try world.audit().failed == [.requests])
            #expect(try world.audit().findings(.requests) == ["\(file): \(finding)"])
            try world.folder.remove(file)
        }
        // For another purpose: the request's bytes signed as a manifest.
        let file = FiledSignature.path(of: path, by: "omar")
        try world.folder.write(world.cast["omar"].sign(bytes, .manifest).signature.armored, to: file)
        try expect(.notApproved(signed: ["olga"], needed: 2, missing: ["omar", "otto"]))
    }

    @Test("officers of the epoch before do not approve a request of the next")
    func formerOfficer() throws {
        let second = try world.next(officers: "2 of (olga, otto)", signedBy: ["olga", "omar", "otto"])
        let epoch = try world.directory().epoch(2)
        let request = try world.request(to: key, signedBy: ["olga", "omar"], in: 2)
        let review = try #require(try epoch.requests().first)
        #expect(
            throws: EscrowError.request(
                request.identifier,
                .notApproved(signed: ["olga"], needed: 2, missing: ["otto"])
            )
        ) { try review.check(at: World.now) }
        let finding = "signed by someone who is not an officer of this manifest"
        #expect(try world.audit().findings(.requests) == ["\(request.path).omar.sig: \(finding)"])
        #expect(request.path.starts(with: second))
    }

    @Test("before its time and after it, it is not answered")
    func times() throws {
        let start = World.now.adding(seconds: 3600)
        _ = try file(json(["notBefore": .string(start.description)]))
        try expect(.notYet(start, now: World.now))
        try expect(.notYet(start, now: start.adding(seconds: -1)), at: start.adding(seconds: -1))
        let end = World.now.adding(seconds: 86_400)
        try review().check(at: start)
        try review().check(at: end)
        try expect(.expired(end, now: end.adding(seconds: 1)), at: end.adding(seconds: 1))
        try expect(.expired(end, now: "2027-12-01T12:00:00Z"), at: "2027-12-01T12:00:00Z")
    }

    @Test("every member counts: what officers signed was another text")
    func altered() throws {
        let signed = try json().encoded()
        let members: [(String, JSONValue)] = [
            ("restoreKey", .string(Hex.encode(try Somebody("request").identity.sealingKey))),
            ("destination", .string("pem:eve.key")), ("purpose", .string("a drill")), ("machine", .string("vault-2")),
            ("expires", .string("2026-12-20T12:00:00Z")), ("notBefore", .string("2026-12-01T12:00:01Z")),
            ("created", .string("2026-12-01T11:00:00Z")), ("officer", .string("otto")),
        ]
        for (member, value) in members {
            // The file is called after its new content, and the old signatures lie beside it.
            let path = try file(json([member: value]), signedBy: [])
            for name in ["olga", "omar"] as [Name] {
                try world.folder.write(
                    world.cast[name].sign(signed, .request).signature.armored,
                    to: FiledSignature.path(of: path, by: name)
                )
            }
            try expect(
                .notApproved(signed: [], needed: 2, missing: ["olga", "omar", "otto"]),
                at: "2026-12-01T12:00:01Z"
            )
            let faults = try document.filed(Request.self).faults
            #expect(
                faults == ["olga", "omar"].map { .signature(path: "\(path).\($0).sig", .doesNotVerify) },
                "\(member)"
            )
            try world.folder.remove(world.epoch.appending("requests"))
        }
    }

    @Test("the key is a fresh one of full order, of no custodian")
    func restoreKey() throws {
        for name in ["alice", "bob", "carol"] as [Name] {
            let key = JSONValue.string(Hex.encode(world.cast[name].card.sealingKey))
            try expect(
                .wrongValue(field: "restoreKey", expected: "a key of its own, not a custodian's"),
                of: json(["restoreKey": key])
            )
        }
        let order8 = "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"
        let prime = "ed" + String(repeating: "ff", count: 30) + "7f"
        var topBit = key.identity.sealingKey
        topBit[31] |= 0x80
        for digits in [String(repeating: "00", count: 32), order8, prime, Hex.encode(topBit)] {
            try expect(
                .wrongValue(field: "restoreKey", expected: "an X25519 key in canonical form and of full order"),
                of: json(["restoreKey": .string(digits)])
            )
        }
    }

    @Test("it is of this epoch, by an officer of it, for 30 days at most")
    func place() throws {
        try expect(
            .wrongValue(field: "epoch", expected: "this epoch's, 1"),
            of: json(["epoch": .integer(2)])
        )
        try expect(
            .wrongValue(field: "officer", expected: "an officer of this epoch"),
            of: json(["officer": .string("alice")])
        )
        try expect(
            .wrongValue(field: "notBefore", expected: "a time not before 'created'"),
            of: json(["notBefore": .string("2026-12-01T11:59:59Z")])
        )
        for expires in ["2026-12-31T12:00:01Z", "2026-12-01T12:00:00Z", "2026-11-01T12:00:00Z"] {
            try expect(
                .wrongValue(field: "expires", expected: "a time after 'notBefore', by 30 days at most"),
                of: json(["expires": .string(expires)])
            )
        }
        try expect(
            .wrongValue(field: "manifest", expected: "this epoch's, \(document.digest.short)…"),
            of: json(["manifest": .string(String(repeating: "ab", count: 32))])
        )
        try expect(
            .wrongValue(field: "set", expected: "this epoch's, \(document.manifest.set)"),
            of: .object(World().request(to: key).document.members)
        )
    }

    @Test("one is found by the first digits of its ID, or as the only one that is open")
    func prefix() throws {
        #expect(throws: EscrowError.directory(.noSuchDocument(kind: "request", "", escrow: document.path.string))) {
            try document.request(nil, at: World.now)
        }
        _ = try file(json())
        let first = try review()
        #expect(try document.request(nil, at: World.now).identifier == first.identifier)
        _ = try file(json(["expires": .string("2026-12-05T12:00:00Z")]))
        let both = try document.requests().map(\.identifier)
        #expect(throws: EscrowError.directory(.ambiguousDocument(kind: "request", "", both))) {
            try document.request(nil, at: World.now)
        }
        #expect(try document.request(first.identifier, at: World.now).identifier == first.identifier)
        let other = try document.request(nil, at: "2026-12-03T12:00:00Z")
        #expect(other.identifier != first.identifier)
        #expect(throws: EscrowError.directory(.noSuchDocument(kind: "request", "zz", escrow: document.path.string))) {
            try document.request("zz", at: World.now)
        }
    }
}
