// SPDX-License-Identifier: Apache-2.0

import Audit
import Custody
import Encoding
import SystemPackage
import Testing

@testable import Escrow

/// Proofs: a custodian's answer to one auditor's question, today.
@Suite struct ProofTests {
    let world: World
    let document: EpochDocument
    let alice: Somebody
    let challenge: Filed<Challenge>
    /// Alice's answer as it should be, signed, not filed.
    let proof: SignedDocument

    init() throws {
        world = try World()
        document = try world.document()
        alice = world.cast["alice"]
        challenge = try world.challenge()
        proof = try world.prove(challenge, by: "alice", at: "2026-12-01T13:00:00Z")
    }

    private var json: JSONValue { get throws { try JSONValue(canonical: proof.bytes) } }

    /// Files a proof by alice that says this, and expects why it is no proof.
    private func expect(
        _ error: DocumentError,
        of json: JSONValue,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let path = try world.file(Proof.self, json.encoded(), signedBy: [alice])
        try expect(.document(path: path.string, error), sourceLocation: sourceLocation)
        try world.folder.remove(world.epoch.appending("proofs"))
    }

    private func expect(_ error: EscrowError, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let review = try Evidence(of: document, in: world.directory()).proofs
        #expect(review.proofs.isEmpty, sourceLocation: sourceLocation)
        #expect(review.faults == [error], sourceLocation: sourceLocation)
        let audit = try world.fullAudit(time: "2026-12-20T12:00:00Z")
        #expect(audit.failed == [.proofs], sourceLocation: sourceLocation)
        #expect(audit.findings(.proofs) == [error.description], sourceLocation: sourceLocation)
    }

    @Test("proofs read back, and hold when everybody has answered")
    func complete() throws {
        #expect(try Proof(canonical: proof.bytes).encoded() == proof.bytes)
        try proof.file()
        let id = challenge.identifier.prefix(8)
        let audit = try world.fullAudit(time: "2026-12-20T12:00:00Z")
        #expect(audit.failed.isEmpty)
        #expect(
            audit.outcome(.proofs) == .notChecked("challenge \(id) of \(World.now): no proof of bob, carol")
        )
        try world.prove(challenge, by: "bob").file()
        try world.prove(challenge, by: "carol").file()
        #expect(try world.fullAudit(time: "2026-12-20T12:00:00Z").outcome(.proofs) == .pass)
        let evidence = try Evidence(of: document, in: world.directory(), at: "2026-12-20T12:00:00Z")
        let newest = try #require(evidence.newestProof(of: "alice", answering: [challenge]))
        #expect(newest.proof.document.created == "2026-12-01T13:00:00Z")
        #expect(newest.challenge.digest == challenge.digest)
        #expect(evidence.newestProof(of: "alice", answering: []) == nil)
    }

    @Test("an answer to another auditor's challenge does not answer this one's")
    func anotherAuditor() throws {
        let eves = try world.challenge(by: Auditors.eve)
        let answer = try world.prove(eves, by: "alice")
        // Said to answer Ada's: the signature is no longer alice's, and were it hers, the proof does not hold.
        let altered = try JSONValue(canonical: answer.bytes)
            .setting("challenge", to: .string(challenge.digest.description))
        try expect(
            .wrongValue(field: "possession", expected: "a proof that holds for alice's share"),
            of: altered
        )
        let path = try world.file(Proof.self, altered.encoded(), signedBy: [])
        try world.folder.write(answer.signature.armored, to: FiledSignature.path(of: path, by: "alice"))
        try expect(.signature(path: "\(path).alice.sig", .doesNotVerify))
        try world.folder.remove(world.epoch.appending("proofs"))
        // As it is, it is a good proof, and counts for Eve's question only.
        try answer.file()
        let audit = try world.fullAudit(time: "2026-12-20T12:00:00Z")
        #expect(audit.failed.isEmpty)
        let id = challenge.identifier.prefix(8)
        #expect(
            audit.outcome(.proofs)
                == .notChecked("challenge \(id) of \(World.now): no proof of alice, bob, carol")
        )
    }

    @Test("an answer to a challenge that is not here, or of another escrow, is refused")
    func unknownChallenge() throws {
        let error = DocumentError.wrongValue(
            field: "challenge",
            expected: "the digest of a challenge in this epoch"
        )
        let other = try World().challenge()
        let altered = try json.setting("challenge", to: .string(other.digest.description))
        try expect(error, of: altered.proven(by: world.share(of: "alice")))
        // The other escrow's challenge, copied here, is not one of this escrow.
        try world.file(Challenge.self, other.bytes, signedBy: [Auditors.ada])
        let path = try world.file(
            Proof.self,
            altered.proven(by: world.share(of: "alice")).encoded(),
            signedBy: [alice]
        )
        let audit = try world.fullAudit(time: "2026-12-20T12:00:00Z")
        #expect(audit.failed == [.challenges, .proofs])
        #expect(audit.findings(.proofs) == [EscrowError.document(path: path.string, error).description])
    }

    @Test("a proof of an old epoch does not count in the next, nor does its challenge")
    func oldEpoch() throws {
        let second = try world.next()
        let epoch = try world.directory().epoch(2)
        try proof.file()
        let moved = try world.file(Proof.self, proof.bytes, signedBy: [alice], in: second)
        let set = DocumentError.wrongValue(field: "set", expected: "this epoch's, \(epoch.manifest.set)")
        let error = EscrowError.document(path: moved.string, set)
        #expect(try Evidence(of: epoch, in: world.directory()).proofs.faults == [error])
        #expect(
            try world.fullAudit(time: "2026-12-20T12:00:00Z").findings(.proofs) == [error.description]
        )
        try world.folder.remove(second.appending("proofs"))
        let outcome = try world.fullAudit(time: "2026-12-20T12:00:00Z").outcome(.proofs)
        #expect(outcome == .notApplicable("no challenge was made in this epoch"))
    }

    @Test("before the challenge's time and after it, a proof does not count")
    func times() throws {
        let end = World.now.adding(seconds: 30 * 86_400)
        let error = DocumentError.wrongValue(field: "created", expected: "a time from \(World.now) to \(end)")
        for time in [World.now.adding(seconds: -1), end.adding(seconds: 1)] {
            let path = try world.prove(challenge, by: "alice", at: time).file()
            #expect(
                try Evidence(of: document, in: world.directory()).proofs.faults == [.document(path: path.string, error)]
            )
            try world.folder.remove(world.epoch.appending("proofs"))
        }
        for (name, time) in [("alice", World.now), ("bob", end)] as [(Name, Timestamp)] {
            try world.prove(challenge, by: name, at: time).file()
        }
        #expect(try Evidence(of: document, in: world.directory(), at: end).proofs.proofs.count == 2)
        #expect(try world.fullAudit(time: end).failed.isEmpty)
    }

    @Test("what it says of the share must be what the manifest says")
    func otherShare() throws {
        let share = try world.share(of: "alice")
        let bobs = SHA256Digest(of: document.manifest.shares[1].box)
        try expect(
            .wrongValue(field: "path", expected: "alice's, 1"),
            of: json.setting("path", to: .string("2")).proven(by: share)
        )
        try expect(
            .wrongValue(field: "share", expected: "the digest of alice's box in the manifest"),
            of: json.setting("share", to: .string(bobs.description)).proven(by: share)
        )
    }

    @Test("without alice's signature, or under another name, it is refused")
    func signatures() throws {
        let path = try world.file(Proof.self, proof.bytes, signedBy: [])
        try expect(.trust(.notSigned(path: path.string, "alice")))
        let file = FiledSignature.path(of: path, by: "alice")
        try world.folder.write(world.cast["bob"].sign(proof.bytes, .proof).signature.armored, to: file)
        let finding = "signed with another key than alice's: \(world.cast["bob"].identity.signingKey.fingerprint)"
        try expect(.directory(.escrowIsDamaged(path: file.string, finding: finding)))
        try world.folder.write(alice.sign(proof.bytes, .receipt).signature.armored, to: file)
        let namespace = SignatureError.wrongNamespace(found: "ca-escrow-receipt-v1", expected: "ca-escrow-proof-v1")
        try expect(.signature(path: file.string, namespace))
        try world.folder.write(proof.signature.armored, to: file)
        let expected = try #require(path.lastComponent).string
        let moved = path.removingLastComponent().appending("bob-" + expected.dropFirst(6))
        try world.folder.move(path, to: moved)
        try world.folder.move(file, to: FilePath("\(moved).alice.sig"))
        try expect(.directory(.fileName(path: moved.string, expected: expected)))
    }

    @Test("a proof of the future does not count before its day")
    func future() throws {
        let path = try world.prove(challenge, by: "alice", at: "2026-12-02T12:00:00Z").file()
        let audit = try world.fullAudit()
        #expect(audit.failed == [])
        let shown = path.components.suffix(3).map(\.string).joined(separator: "/")
        #expect(audit.outcome(.clock) == .notChecked("\(shown): does not count before 2026-12-02T12:00:00Z"))
    }
}
