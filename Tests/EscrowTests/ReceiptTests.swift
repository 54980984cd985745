// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Ristretto255
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// Receipts: who has opened which share of which manifest.
@Suite struct ReceiptTests {
    let world: World
    let document: EpochDocument
    let alice: Somebody
    /// Alice's receipt as it should be, signed, not filed.
    let receipt: SignedDocument

    init() throws {
        world = try World()
        document = try world.document()
        alice = world.cast["alice"]
        receipt = try world.acknowledge("alice")
    }

    private var json: JSONValue { get throws { try JSONValue(canonical: receipt.bytes) } }

    private func expect(
        _ error: (FilePath) -> EscrowError,
        of path: FilePath,
        failing check: AuditCheck = .receipts,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(throws: error(path), sourceLocation: sourceLocation) { try Filed<Receipt>(at: path, in: document) }
        let audit = try world.audit()
        #expect(audit.failed == [check], sourceLocation: sourceLocation)
        #expect(audit.findings(check) == [error(path).description], sourceLocation: sourceLocation)
        #expect(
            try Evidence(of: document, in: world.directory()).receipts.documents.isEmpty,
            sourceLocation: sourceLocation
        )
    }

    /// Files altered receipts and expects them to be refused by a member.
    private func expect(
        _ error: DocumentError,
        of json: JSONValue,
        signedBy signer: Somebody? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let path = try world.file(Receipt.self, json.encoded(), signedBy: [signer ?? alice])
        try expect({ .document(path: $0.string, error) }, of: path, sourceLocation: sourceLocation)
    }

    @Test("receipts read back, and an escrow is complete when everybody's is there")
    func complete() throws {
        #expect(try Receipt(canonical: receipt.bytes).encoded() == receipt.bytes)
        for (position, name) in (["alice", "bob", "carol"] as [Name]).enumerated() {
            let audit = try world.audit()
            let missing = ["alice, bob, carol", "bob, carol", "carol"][position]
            #expect(audit.verdict == .incomplete)
            #expect(audit.outcome(.receipts) == .notChecked("INCOMPLETE: no receipt from \(missing)"))
            let path = try world.acknowledge(name).file()
            let filed = try Filed<Receipt>(at: path, in: document)
            #expect(filed.document.custodian == name)
            #expect(filed.signatures.signed == [world.cast[name].officer])
            #expect(filed.document.claim.share == SHA256Digest(of: document.manifest.shares[position].box))
        }
        let audit = try world.audit()
        #expect(audit.verdict == .sound)
        #expect(audit.outcome(.receipts) == .pass)
        #expect(try Evidence(of: document, in: world.directory()).withoutReceipt == [])
    }

    @Test("what it says of the share must be what the manifest says, whoever signs")
    func otherShare() throws {
        let share = try world.share(of: "alice")
        let bobs = SHA256Digest(of: document.manifest.shares[1].box)
        let wrong: [(String, String, DocumentError)] = [
            ("path", "2", .wrongValue(field: "path", expected: "alice's, 1")),
            (
                "share", bobs.description,
                .wrongValue(field: "share", expected: "the digest of alice's box in the manifest")
            ),
            (
                "set", String(repeating: "ab", count: 16),
                .wrongValue(field: "set", expected: "this epoch's, \(document.manifest.set)")
            ),
        ]
        for (member, value, error) in wrong {
            let altered = try json.setting(member, to: .string(value)).proven(by: share)
            try expect(error, of: altered)
            try world.folder.remove(world.epoch.appending("receipts"))
        }
    }

    @Test("a proof of another share, of no share, or made for another document does not hold")
    func possession() throws {
        let error = DocumentError.wrongValue(field: "possession", expected: "a proof that holds for alice's share")
        try expect(error, of: json.proven(by: world.share(of: "bob")))
        try world.folder.remove(world.epoch.appending("receipts"))
        try expect(error, of: json.proven(by: Scalar.random()))
        try world.folder.remove(world.epoch.appending("receipts"))
        // Of her own receipt of another day, and of her answer to a challenge, who need not know the share any more.
        let later = try JSONValue(canonical: world.acknowledge("alice", at: "2026-12-02T12:00:00Z").bytes)
        try expect(error, of: json.setting("possession", to: later["possession"]))
        try world.folder.remove(world.epoch.appending("receipts"))
        let proof = try JSONValue(canonical: world.prove(world.challenge(), by: "alice").bytes)
        try world.folder.remove(world.epoch.appending("challenges"))
        try expect(error, of: json.setting("possession", to: proof["possession"]))
    }

    @Test("without a signature, or with anybody else's, it is refused")
    func signatures() throws {
        let path = try world.file(Receipt.self, receipt.bytes, signedBy: [])
        try expect({ .trust(.notSigned(path: $0.string, "alice")) }, of: path)
        // The dealer once knew every share: only the signature shows that it is alice who says so.
        for (signer, name) in [(world.cast["bob"], "alice"), (try Auditors.eve, "alice")] as [(Somebody, Name)] {
            let file = FiledSignature.path(of: path, by: name)
            try world.folder.write(signer.sign(receipt.bytes, .receipt).signature.armored, to: file)
            let finding = "signed with another key than alice's: \(signer.identity.signingKey.fingerprint)"
            try expect({ _ in .directory(.escrowIsDamaged(path: file.string, finding: finding)) }, of: path)
        }
        let file = FiledSignature.path(of: path, by: "alice")
        try world.folder.write(alice.sign(receipt.bytes, .proof).signature.armored, to: file)
        let namespace = SignatureError.wrongNamespace(found: "ca-escrow-proof-v1", expected: "ca-escrow-receipt-v1")
        try expect({ _ in .signature(path: file.string, namespace) }, of: path)
        try world.folder.write(alice.sign(receipt.bytes + [10], .receipt).signature.armored, to: file)
        try expect({ _ in .signature(path: file.string, .doesNotVerify) }, of: path)
        try world.folder.write(receipt.signature.armored, to: file)
        #expect(try Filed<Receipt>(at: path, in: document).document.custodian == "alice")
        #expect(try world.audit().failed.isEmpty)
    }

    @Test("somebody else's signature beside a good receipt is a finding, and the receipt counts")
    func surplusSignature() throws {
        let path = try receipt.file()
        let file = FiledSignature.path(of: path, by: "bob")
        try world.folder.write(world.cast["bob"].sign(receipt.bytes, .receipt).signature.armored, to: file)
        #expect(try Evidence(of: document, in: world.directory()).receipt(of: "alice") != nil)
        #expect(
            try world.audit().findings(.receipts)
                == ["\(file): signed by someone who is not an officer of this manifest"]
        )
    }

    @Test("a receipt by nobody of this epoch is refused")
    func nobody() throws {
        let dave = world.cast["dave"]
        let json = try json.setting("custodian", to: .string("dave")).proven(by: world.share(of: "alice"))
        let path = try world.file(Receipt.self, json.encoded(), signedBy: [dave])
        let file = FiledSignature.path(of: path, by: "dave")
        let finding = "signed by someone who is not an officer of this manifest"
        try expect({ _ in .directory(.escrowIsDamaged(path: file.string, finding: finding)) }, of: path)
    }

    @Test("under another name it is refused: the name inside counts")
    func name() throws {
        let path = try receipt.file()
        let expected = try #require(path.lastComponent).string
        for name in ["bob-" + expected.dropFirst(6), expected.replacing("-", with: "--")] {
            let moved = path.removingLastComponent().appending(name)
            try world.folder.move(path, to: moved)
            try world.folder.move(FilePath("\(path).alice.sig"), to: FilePath("\(moved).alice.sig"))
            try expect({ .directory(.fileName(path: $0.string, expected: expected)) }, of: moved)
            try world.folder.move(moved, to: path)
            try world.folder.move(FilePath("\(moved).alice.sig"), to: FilePath("\(path).alice.sig"))
        }
    }

    @Test("a receipt does not count in another epoch, another escrow, or among another kind")
    func crossFiled() throws {
        let second = try world.next()
        let there = try world.file(Receipt.self, receipt.bytes, signedBy: [alice], in: second)
        let epoch = try world.directory().epoch(2)
        let set = DocumentError.wrongValue(field: "set", expected: "this epoch's, \(epoch.manifest.set)")
        #expect(throws: EscrowError.document(path: there.string, set)) { try Filed<Receipt>(at: there, in: epoch) }
        try world.folder.remove(second)
        // Another escrow with the same people.
        let other = try World()
        let foreign = try other.acknowledge("alice")
        try expect(
            .wrongValue(field: "set", expected: "this epoch's, \(document.manifest.set)"),
            of: JSONValue(canonical: foreign.bytes)
        )
        try world.folder.remove(world.epoch.appending("receipts"))
        // As an answer to a challenge, and a proof as a receipt.
        let proof = try world.prove(world.challenge(), by: "alice")
        try world.folder.remove(world.epoch.appending("challenges"))
        try expect(
            .wrongFormat(found: "ca-escrow/v1/proof", expected: "ca-escrow/v1/receipt"),
            of: JSONValue(canonical: proof.bytes)
        )
    }

    @Test("a receipt of a manifest that nobody knows is no receipt, and no evidence of anything yet")
    func otherManifest() throws {
        // What alice signs who was shown another manifest of the same set: the signature and the proof hold.
        let shown = SHA256Digest(of: Array("what alice was shown".utf8))
        let other = try json.setting("manifest", to: .string(shown.description)).proven(by: world.share(of: "alice"))
        let path = try world.file(Receipt.self, other.encoded(), signedBy: [alice])
        let error = EscrowError.trust(
            .otherManifest(
                path: path.string,
                "alice",
                World.now,
                found: shown,
                here: document.digest
            )
        )
        #expect(throws: error) { try Filed<Receipt>(at: path, in: document) }
        #expect(try world.audit().failed.isEmpty)
        #expect(
            try world.audit().outcome(.receipts)
                == .notChecked("INCOMPLETE: no receipt from alice, bob, carol; \(error)")
        )
        // Without alice's signature it is no evidence of anything.
        try world.folder.remove(FiledSignature.path(of: path, by: "alice"))
        try expect({ .trust(.notSigned(path: $0.string, "alice")) }, of: path)
    }

    @Test("a receipt of the future is named, and fails nothing")
    func future() throws {
        try world.acknowledge("alice", at: World.now.adding(seconds: 300)).file()
        #expect(try world.audit().failed.isEmpty)
        let path = try world.acknowledge("bob", at: World.now.adding(seconds: 301)).file()
        let audit = try world.audit()
        #expect(audit.failed == [])
        let shown = path.components.suffix(3).map(\.string).joined(separator: "/")
        #expect(audit.outcome(.clock) == .notChecked("\(shown): does not count before 2026-12-01T12:05:01Z"))
    }

    @Test("nobody makes a receipt without a share, or with another identity of the same name")
    func acts() throws {
        #expect(throws: EscrowError.person(.notACustodian(path: "dave.identity", "dave"))) {
            try world.acknowledge("dave")
        }
        let another = try Somebody("alice")
        let directory = try world.directory()
        #expect(throws: EscrowError.person(.identityIsNotThePerson(path: "alice.identity", "alice"))) {
            try document.acknowledge(by: another.identity, at: another.path, in: directory, now: World.now)
        }
    }
}
