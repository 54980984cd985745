// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Ristretto255
import SecretSharing
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// Epochs that keep the secret: other officers, or one custodian's other card.
@Suite struct SuccessorEpochTests {
    let world: World
    let first: EpochDocument
    let later: Timestamp = "2026-11-30T12:00:00Z"

    init() throws {
        world = try World()
        first = try world.document()
    }

    private func rotate(signedBy signers: [Name]) throws -> EpochDocument {
        _ = try world.rotate(to: "2 of (omar, otto)", signedBy: signers, at: later)
        return try world.directory().epoch(nil)
    }

    private func rekey(_ name: Name = "alice", _ epoch: EpochDocument? = nil) throws -> (EpochDocument, Somebody) {
        let epoch = epoch ?? first
        let (anew, old) = (try Somebody(name), world.cast[name])
        let share = try epoch.openShare(of: old.identity, at: old.path, in: world.directory())
        let successor = try SuccessorEpoch(after: epoch, rekeyingTo: anew.card, share: share, now: later)
        let signers = [old] + epoch.manifest.approval.officers.map { world.cast[$0.name] }
        _ = try world.publish(successor, signedBy: signers)
        return (try world.directory().epoch(nil), anew)
    }

    private func audit(_ officers: [Name] = ["olga", "omar"]) throws -> Audit {
        try Audit(of: world.escrow, with: world.fullInput(officers: officers))
    }

    @Test("other officers: set, policy, commitments, people and boxes stay as they were")
    func rotation() throws {
        let second = try rotate(signedBy: ["olga", "omar", "otto"])
        let (old, new) = (first.manifest, second.manifest)
        #expect(new.epoch == 2 && new.previous == Predecessor(epoch: 1, sha256: first.digest))
        #expect(new.occasion == .officerChange && new.approval.text == "2 of (omar, otto)")
        #expect(new.set == old.set && new.shares == old.shares && new.people == old.people)
        #expect(new.policy.text == old.policy.text && new.sharing.commitments == old.sharing.commitments)
        #expect(new.pkcs12 == old.pkcs12 && new.certificates == old.certificates)
        #expect(new.headDigest != old.headDigest)
        #expect(new.shares.map(\.sealedIn) == [1, 1, 1])
        #expect(try audit(["omar", "otto"]).failed.isEmpty)
        let people = ["carol", "alice"].map { world.cast[$0] }
        #expect(try second.restore(by: people, in: world.directory()) == [Acme.pkcs8(.root)])
        // The old officers' epoch still restores, for who has it.
        #expect(try first.restore(by: people, in: world.directory()) == [Acme.pkcs8(.root)])
    }

    @Test(
        "it is in force only when both sides have approved it",
        arguments: [
            (["omar", "olga"], false, true), (["omar", "otto"], true, false), (["omar"], false, false),
            (["otto", "omar", "olga"], true, true), (["otto", "omar", "alice", "carol"], true, true),
            (["otto", "omar", "alice"], true, false),
        ] as [([Name], Bool, Bool)]
    )
    func approval(signers: [Name], isApproved: Bool, follows: Bool) throws {
        let second = try rotate(signedBy: signers)
        let approval = try #require(try world.directory().approvals().last)
        #expect(approval.document.digest == second.digest)
        #expect(
            approval.isSignedByItsOfficers == isApproved && approval.isLetToFollow == follows && approval.faults.isEmpty
        )
        let inForce = try world.directory().chain().inForce?.document.manifest.epoch
        #expect(inForce == (isApproved && follows ? 2 : 1))
    }

    @Test("without the epoch in which a share was sealed it is refused")
    func missingEpoch() throws {
        let second = try rotate(signedBy: ["olga", "omar", "otto"])
        try world.folder.remove(world.epoch)
        let alice = world.cast["alice"]
        #expect(throws: EscrowError.opening(.headDigest("alice", "1"))) {
            _ = try second.openShare(of: alice.identity, at: alice.path, in: world.directory())
        }
    }

    @Test("rekeyed, only that custodian's box and card are others, and only the new identity opens it")
    func rekeyed() throws {
        let (second, anew) = try rekey()
        let (old, new) = (first.manifest, second.manifest)
        #expect(new.occasion == .custodianChange && new.approval == old.approval && new.set == old.set)
        #expect(new.shares.map(\.sealedIn) == [2, 1, 1])
        #expect(new.shares[0].box != old.shares[0].box && Array(new.shares[1...]) == Array(old.shares[1...]))
        #expect(new.people[0] == Person(anew.card) && Array(new.people[1...]) == Array(old.people[1...]))
        #expect(try audit().failed.isEmpty)
        let directory = try world.directory()
        let alice = world.cast["alice"]
        #expect(throws: EscrowError.person(.identityIsNotThePerson(path: "alice.identity", "alice"))) {
            _ = try second.openShare(of: alice.identity, at: alice.path, in: directory)
        }
        #expect(throws: EscrowError.person(.identityIsNotThePerson(path: "alice.identity", "alice"))) {
            _ = try first.openShare(of: anew.identity, at: anew.path, in: directory)
        }
        let header = BoxHeader(
            purpose: .share,
            set: new.set.bytes,
            epoch: 2,
            path: [1],
            context: new.headDigest,
            recipient: alice.identity.sealingKey
        )
        #expect(throws: BoxError.doesNotOpen) {
            _ = try alice.identity.open(box: new.shares[0].box, expecting: header)
        }
        // Shares of both epochs restore together.
        for people in [[anew, world.cast["bob"]], [world.cast["carol"], anew]] {
            #expect(try second.restore(by: people, in: directory) == [Acme.pkcs8(.root)])
        }
        let others = ["bob", "carol"].map { world.cast[$0] }
        #expect(try second.restore(by: others, in: directory) == [Acme.pkcs8(.root)])
    }

    @Test("receipts and releases of the new epoch are the new identity's")
    func newSigner() throws {
        let (second, anew) = try rekey()
        let directory = try world.directory()
        let receipt = try second.acknowledge(by: anew.identity, at: anew.path, in: directory, now: World.now)
        try receipt.file()
        #expect(try Evidence(of: second, in: world.directory()).withoutReceipt == ["bob", "carol"])
        let forged = try world.file(
            Receipt.self,
            JSONValue(canonical: receipt.bytes).setting("created", to: .string("2026-12-01T12:00:01Z")).encoded(),
            signedBy: [world.cast["alice"]],
            in: second.path
        )
        let key = world.cast["alice"].identity.signingKey.fingerprint
        #expect(
            try audit().findings(.receipts) == ["\(forged).alice.sig: signed with another key than alice's: \(key)"]
        )
    }

    @Test("nested, rekeyed twice with a rotation between: three epochs' boxes restore together")
    func mixed() throws {
        let world = try World(policy: "2 of (2 of (alice, bob), 2 of (carol, dave, erin))")
        func rekey(_ name: Name, at time: Timestamp) throws -> Somebody {
            let epoch = try world.directory().epoch(nil)
            let (anew, old) = (try Somebody(name), world.cast[name])
            let share = try epoch.openShare(of: old.identity, at: old.path, in: world.directory())
            let successor = try SuccessorEpoch(after: epoch, rekeyingTo: anew.card, share: share, now: time)
            let officers = epoch.manifest.approval.officers.map { world.cast[$0.name] }
            _ = try world.publish(successor, signedBy: [old] + officers)
            return anew
        }
        let alice = try rekey("alice", at: later)
        _ = try world.rotate(to: "2 of (omar, otto)", signedBy: ["olga", "omar", "otto"], at: later)
        let carol = try rekey("carol", at: later)
        let directory = try world.directory()
        let last = try directory.epoch(4)
        #expect(last.manifest.shares.map(\.sealedIn) == [2, 1, 4, 1, 1])
        let people = [alice, world.cast["bob"], carol, world.cast["erin"]]
        #expect(try last.restore(by: people, in: directory) == [Acme.pkcs8(.root)])
        let audit = try Audit(of: world.escrow, with: world.fullInput(officers: ["omar", "otto"]))
        #expect(audit.failed.isEmpty && audit.subject?.document.manifest.epoch == 4)
    }

    @Test("approved certificates come along, others do not, and officers sign them anew")
    func certificates() throws {
        for (issue, signers) in [(.renewed, ["olga", "omar"]), (.renewedAgain, ["olga"])] as [(Acme.Issue, [Name])] {
            let record = AddedCertificate(certificate: try Acme.certificate(issue), created: later, to: first)
            try first.file(record, signatures: signers.map { world.cast[$0].sign(record.encoded(), .addedCertificate) })
        }
        let second = try rotate(signedBy: ["omar", "otto", "olga"])
        let added = try second.addedCertificates()
        #expect(added.map(\.document.certificate) == [try Acme.certificate(.renewed)])
        #expect(added[0].document.manifest == second.digest && added[0].document.created == later)
        // Olga is no officer any more: her signature does not count here.
        #expect(added[0].isApproved && added[0].signatures.signed.map(\.name) == ["omar", "otto"])
        let finding = "signed by someone who is not an officer of this manifest"
        #expect(try audit(["omar", "otto"]).findings(.records) == ["\(added[0].path).olga.sig: \(finding)"])
    }

    @Test("nobody rekeys to the card of a stranger, or to a key that another custodian has")
    func refused() throws {
        let alice = world.cast["alice"]
        let share = try first.openShare(of: alice.identity, at: alice.path, in: world.directory())
        #expect(throws: EscrowError.person(.notACustodian(path: first.path.string, "dave"))) {
            _ = try SuccessorEpoch(after: first, rekeyingTo: world.cast["dave"].card, share: share, now: later)
        }
        // Bob's keys under alice's name.
        let bob = Card.make(for: world.cast["bob"].identity, details: try CardDetails())
        let renamed = try JSONValue(canonical: bob.bytes).setting("name", to: .string("alice"))
        let unsigned = renamed.setting("signature", to: nil).encoded()
        let signature = world.cast["bob"].sign(unsigned, .card).signature
        let card = try Card(
            canonical: renamed.setting("signature", to: .string(Base64.encode(signature.blob))).encoded()
        )
        #expect(throws: EscrowError.backup(.selfCheck("people: 'alice' and 'bob' have one key"))) {
            _ = try SuccessorEpoch(after: first, rekeyingTo: card, share: share, now: later)
        }
    }
}
