// SPDX-License-Identifier: Apache-2.0

import Audit
import Custody
import Encoding
import SystemPackage
import Testing

@testable import Escrow

/// Challenges: anybody can write one, and it counts only for who knows the auditor.
@Suite struct ChallengeTests {
    let world: World
    let document: EpochDocument
    let ada: Somebody

    init() throws {
        world = try World()
        document = try world.document()
        ada = try Auditors.ada
    }

    private func json(seconds: Int = 86_400) throws -> JSONValue {
        let challenge = Challenge(
            by: ada.officer,
            to: document,
            at: World.now,
            until: World.now.adding(seconds: seconds)
        )
        return .object(challenge.members)
    }

    private func expect(
        _ error: (FilePath) -> EscrowError,
        of path: FilePath,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(throws: error(path), sourceLocation: sourceLocation) { try Filed<Challenge>(at: path, in: document) }
        let audit = try world.fullAudit()
        #expect(audit.failed == [.challenges], sourceLocation: sourceLocation)
        #expect(audit.findings(.challenges) == [error(path).description], sourceLocation: sourceLocation)
        #expect(
            audit.outcome(.proofs) == .notApplicable("no challenge was made in this epoch"),
            sourceLocation: sourceLocation
        )
        try world.folder.remove(world.epoch.appending("challenges"))
    }

    private func expect(
        _ error: DocumentError,
        of json: JSONValue,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let path = try world.file(Challenge.self, json.encoded(), signedBy: [ada])
        try expect({ .document(path: $0.string, error) }, of: path, sourceLocation: sourceLocation)
    }

    @Test("a challenge reads back, with 32 bytes that no other has")
    func drawn() throws {
        let first = try world.challenge()
        let second = try world.challenge()
        #expect(first.document.encoded() == first.bytes)
        #expect(first.document.nonce.count == 32 && first.document.nonce != second.document.nonce)
        #expect(first.path.lastComponent?.string == "ada-\(first.identifier).json")
        #expect(first.signatures.signed == [ada.officer])
        #expect(try world.fullAudit().failed.isEmpty)
    }

    @Test("a nonce of another length is refused", arguments: [0, 31, 33])
    func nonce(byteCount: Int) throws {
        let digits = JSONValue.string(String(repeating: "5a", count: byteCount))
        let error = DocumentError.wrongValue(field: "nonce", expected: "64 lower-case hexadecimal digits")
        try expect(error, of: json().setting("nonce", to: digits))
    }

    @Test("it may run for 400 days and not a second longer, and not backwards")
    func times() throws {
        let error = DocumentError.wrongValue(field: "expires", expected: "a time after 'created', by 400 days at most")
        for seconds in [400 * 86_400 + 1, 0, -1, 500 * 86_400] {
            try expect(error, of: json(seconds: seconds))
        }
        for seconds in [400 * 86_400, 1] {
            try world.file(Challenge.self, json(seconds: seconds).encoded(), signedBy: [ada])
        }
        #expect(try document.filed(Challenge.self).documents.count == 2)
        #expect(try world.fullAudit().failed.isEmpty)
    }

    @Test("not signed, or signed by another key than the one in it, it is refused")
    func signatures() throws {
        let path = try world.file(Challenge.self, json().encoded(), signedBy: [])
        try expect({ .trust(.notSigned(path: $0.string, "ada")) }, of: path)
        let impostor = try Somebody("ada")
        let forged = try world.file(Challenge.self, json().encoded(), signedBy: [impostor])
        let finding = "signed with another key than ada's: \(impostor.identity.signingKey.fingerprint)"
        try expect({ .directory(.escrowIsDamaged(path: "\($0).ada.sig", finding: finding)) }, of: forged)
        let other = try world.file(Challenge.self, json().encoded(), signedBy: [ada], for: .request)
        let namespace = SignatureError.wrongNamespace(found: "ca-escrow-request-v1", expected: "ca-escrow-challenge-v1")
        try expect({ .signature(path: "\($0).ada.sig", namespace) }, of: other)
        // An officer who signs it as well is nobody here.
        let surplus = try world.file(Challenge.self, json().encoded(), signedBy: [ada, world.cast["olga"]])
        #expect(
            try world.fullAudit().findings(.challenges)
                == ["\(surplus).olga.sig: signed by someone who is not an officer of this manifest"]
        )
    }

    @Test("of another epoch or escrow it is refused")
    func elsewhere() throws {
        let set = DocumentError.wrongValue(field: "set", expected: "this epoch's, \(document.manifest.set)")
        try expect(set, of: .object(World().challenge().document.members))
        let manifest = DocumentError.wrongValue(field: "manifest", expected: "this epoch's, \(document.digest.short)…")
        try expect(manifest, of: json().setting("manifest", to: .string(String(repeating: "ab", count: 32))))
    }

    @Test("whom --signers does not admit asks for nothing that is checked")
    func notAdmitted() throws {
        // A good challenge by somebody unknown, answered by everybody.
        let challenge = try world.challenge(by: Auditors.eve)
        for name in ["alice", "bob", "carol"] as [Name] {
            try world.prove(challenge, by: name).file()
        }
        let audit = try world.fullAudit()
        #expect(audit.failed.isEmpty)
        #expect(
            audit.outcome(.proofs)
                == .notChecked("signers admits no signer of a challenge for ca-escrow-challenge-v1")
        )
        // Officers' lines do not admit challenges, and without --signers nobody does.
        _ = try world.challenge(by: world.cast["olga"])
        #expect(try world.fullAudit().outcome(.proofs) == audit.outcome(.proofs))
        #expect(
            try world.audit(signers: nil).outcome(.proofs)
                == .notChecked("no --signers: nobody vouches for a challenge")
        )
        // The admitted name under another key is not the admitted auditor.
        _ = try world.challenge(by: Somebody("ada"))
        #expect(try world.fullAudit().outcome(.proofs) == audit.outcome(.proofs))
        #expect(try Evidence(of: document, in: world.directory()).admittedChallenges(by: nil).isEmpty)
    }

    @Test("the newest that counts is the one to answer; others change nothing")
    func newest() throws {
        let first = try world.challenge(at: "2026-11-30T12:00:00Z")
        for name in ["alice", "bob", "carol"] as [Name] {
            try world.prove(first, by: name).file()
        }
        #expect(try world.fullAudit().outcome(.proofs) == .pass)
        _ = try world.challenge(by: Auditors.eve)
        #expect(try world.fullAudit().outcome(.proofs) == .pass)
        let second = try world.challenge()
        try world.prove(second, by: "bob").file()
        #expect(
            try world.fullAudit().outcome(.proofs)
                == .notChecked(
                    "challenge \(second.identifier.prefix(8)) of 2026-12-01T12:00:00Z: no proof of alice, carol"
                )
        )
    }

    @Test("by the first digits of its ID it is found, alone or among others")
    func prefix() throws {
        let first = try world.challenge()
        let second = try world.challenge(seconds: 60)
        let late = World.now.adding(seconds: 61)
        #expect(try document.challenges(nil, at: World.now).count == 2)
        #expect(try document.challenges(nil, at: late).map(\.digest) == [first.digest])
        #expect(try document.challenges(second.identifier, at: late).map(\.digest) == [second.digest])
        #expect(
            throws: EscrowError.directory(
                .ambiguousDocument(
                    kind: "challenge",
                    "",
                    [first.identifier, second.identifier].sorted()
                )
            )
        ) { try document.challenges("", at: World.now) }
        #expect(throws: EscrowError.directory(.noSuchDocument(kind: "challenge", "zz", escrow: document.path.string))) {
            try document.challenges("zz", at: World.now)
        }
    }

    @Test("a challenge of the future is named, and fails nothing")
    func future() throws {
        let path = try world.challenge(at: "2026-12-02T12:00:00Z").path
        let audit = try world.fullAudit()
        #expect(audit.failed == [])
        let shown = path.components.suffix(3).map(\.string).joined(separator: "/")
        #expect(audit.outcome(.clock) == .notChecked("\(shown): does not count before 2026-12-02T12:00:00Z"))
    }
}
