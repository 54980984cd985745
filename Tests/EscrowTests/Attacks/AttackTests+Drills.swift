// SPDX-License-Identifier: Apache-2.0

import Audit
import CertificateAuthority
import Custody
import Encoding
import Ristretto255
import SecretSharing
import SystemPackage
import Testing

@testable import Escrow

/// Drills, rehearsals and proofs that are not what they are said to be.
extension AttackTests {
    @Test(
        "somebody who claims a drill that never happened: no receipt without s and the key; both are the loss"
    )
    func undrilled() throws {
        // With the CA's key and one share, without s.
        let share = try world.share(of: "alice")
        let claimed = DrillReceipt(
            of: document,
            by: ["alice", "bob"],
            for: nil,
            isSigned: true,
            at: World.now,
            provenBy: share
        ).encoded()
        let signature = try Acme.material().sign(receipt: claimed, under: Acme.certificate(.root), from: "x")
        var path = try world.file(claimed, signature)
        let unproven = DocumentError.wrongValue(field: "possession", expected: "a proof that holds for the secret")
        #expect(try world.audit().findings(.records) == ["\(path): \(unproven)"])
        try world.folder.remove(world.epoch.appending("records"))
        // With s, and the CA key's signature of another drill.
        let (first, signed) = try world.makeDrill(for: "2025")
        let second = try world.makeDrill(for: "2026").receipt
        path = try world.file(second.encoded(), signed)
        let casig = EscrowError.caSignature(
            path: CASignatureFile.path(of: path).string,
            .doesNotHold(subject: "CN=Acme Root CA")
        )
        #expect(try world.audit().findings(.records) == [casig.description])
        try world.folder.remove(world.epoch.appending("records"))
        // The loss: who has restored once answers any later challenge, with nobody in the room.
        let challenge = try world.challenge(at: "2027-12-01T12:00:00Z")
        let later: Timestamp = "2027-12-01T13:00:00Z"
        try world.drill(by: ["alice", "bob"], answering: challenge.digest, at: later)
        #expect(try world.fullAudit(time: later).failed.isEmpty)
        // And a receipt without the CA key's signature says nothing of the key.
        let unsigned = try world.makeDrill(isSigned: false, at: later)
        #expect(unsigned.signature == nil && unsigned.receipt.certificate == nil)
        #expect(first.certificate != nil)
    }

    @Test("somebody who waits for a drill: nothing is left of it but the receipt and its signature")
    func leftOfADrill() throws {
        let before = Set(try world.folder.listing().map { $0.split(separator: " ")[0] })
        let filed = try world.drill()
        let after = try world.folder.listing().map { $0.split(separator: " ")[0] }.filter { !before.contains($0) }
        let records = "acme.escrow/\(world.epoch.lastComponent!)/records"
        let name = filed.path.lastComponent!.string
        #expect(after.map(String.init) == [records, "\(records)/\(name)", "\(records)/\(name).casig"])
        let secret = try document.secret(by: [world.cast["alice"], world.cast["bob"]], in: world.directory())
        let needles = [bytes(secret.bytes), try bytes(world.share(of: "alice").bytes)]
        for file in [filed.path, CASignatureFile.path(of: filed.path)] {
            let content = try world.folder.read(file)
            for needle in needles {
                #expect(!content.contains(needle) && !content.contains(Array(Hex.encode(needle).utf8)))
            }
        }
        // The loss, root that reads the memory of a machine with shares on it, is shown in CommandLineTests.
    }

    @Test("a custodian who pretends to have their share: no proof without it; who knows it can make one for them")
    func pretender() throws {
        let challenge = try world.challenge()
        let json = JSONValue.object(
            try Proof(canonical: world.prove(challenge, by: "alice").bytes).members
        )
        let unproven = DocumentError.wrongValue(field: "possession", expected: "a proof that holds for alice's share")
        for guess in [1, 2] {
            let forged = guess == 1 ? try json.proven(by: world.share(of: "bob")) : json.proven(by: Scalar.random())
            let path = try world.file(Proof.self, forged.encoded(), signedBy: [world.cast["alice"]])
            let evidence = try world.fullAudit()
            #expect(evidence.findings(.proofs) == ["\(path): \(unproven)"])
            try world.folder.remove(path)
            try world.folder.remove(FiledSignature.path(of: path, by: "alice"))
        }
        // An answer to last year's challenge does not answer this one.
        let another = try world.challenge()
        let moved = json.setting("challenge", to: .string(another.digest.description))
        let path = try world.file(Proof.self, moved.encoded(), signedBy: [world.cast["alice"]])
        #expect(try world.fullAudit().findings(.proofs) == ["\(path): \(unproven)"])
        try world.folder.remove(path)
        try world.folder.remove(FiledSignature.path(of: path, by: "alice"))
        // The loss: a dealer who kept alice's share proves for her; she only signs, her box stays closed.
        let newest = try world.challenge()
        let dealers = try world.share(of: "alice")
        let made = Proof(by: "alice", to: newest, in: document, at: World.now, provenBy: dealers)
        let proof = try #require(made)
        try document.file(proof, signatures: [world.cast["alice"].sign(proof.encoded(), .proof)])
        #expect(try world.fullAudit().failed.isEmpty)
    }

    @Test("whoever says that it is only a rehearsal: an escrow that is none is refused")
    func onlyARehearsal() throws {
        #expect(throws: EscrowError.backup(.notARehearsal(path: "acme.escrow"))) {
            try Rehearsal.check(document.manifest, isRehearsing: true, at: "acme.escrow")
        }
        let real = try Acme.material()
        #expect(throws: EscrowError.backup(.keyOfProduction(store: "ca", subject: real.newest.subject))) {
            try Rehearsal.check(real, isRehearsing: true, store: "ca")
        }
        // The loss: a custodian who does not say --rehearsal is not stopped, whatever they were told.
        #expect(throws: Never.self) {
            try Rehearsal.check(document.manifest, isRehearsing: false, at: "acme.escrow")
        }
    }

    @Test(
        "whoever passes a rehearsal off as the backup: subject, flag and status say what it is; another program may lie"
    )
    func asTheBackup() throws {
        let test = try Rehearsal.makeCA(for: "acme", at: World.created)
        #expect(test.newest.subject == "CN=REHEARSAL 2026-11-23 acme")
        #expect(throws: EscrowError.backup(.keyOfRehearsal(store: "ca", subject: test.newest.subject))) {
            try Rehearsal.check(test, isRehearsing: false, store: "ca")
        }
        let world = try World(isRehearsal: true)
        let report = try world.report(of: [.root])
        #expect(report.neverEscrowed.map(\.certificate) == [try Acme.certificate(.root)])
        #expect(throws: EscrowError.backup(.rehearsal(path: "x"))) {
            try Rehearsal.check(world.document().manifest, isRehearsing: false, at: "x")
        }
        // No later epoch changes it.
        let new = try NewEpoch.make(of: Acme.material(), after: world.document(), cast: world.cast)
        try world.publish(new, signedBy: ["olga", "omar"].map { world.cast[$0] })
        #expect(try world.directory().approvals()[1].successionFault == .rehearsal(isRehearsal: false))
        // The loss: what a dealer's own program calls no rehearsal is none, here a test CA's escrow.
        let lying = try World(of: test)
        #expect(try !lying.document().manifest.isRehearsal)
        #expect(try lying.audit(certificate: test.newest).failed.isEmpty)
    }
}
