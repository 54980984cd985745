// SPDX-License-Identifier: Apache-2.0

import Audit
import CertificateAuthority
import Custody
import Encoding
import SecretSharing
import SystemPackage
import Testing

@testable import Escrow

// What one person below the threshold, or a stranger who may write files, tries with people, epochs and dates.
extension AttackTests {
    /// Epoch 2 of the same set with these officers, signed by these people.
    private func lay(_ officers: [Signer], of threshold: Int, signedBy signers: [Somebody]) throws -> EpochApproval {
        let approval = try Approval(threshold: threshold, of: officers)
        let successor = try SuccessorEpoch(after: document, approval: approval, now: World.now)
        _ = try world.publish(successor, signedBy: signers)
        return try #require(try world.directory().chain().approval(of: successor.digest))
    }

    @Test("a co-signer who trusts the screen: another key under an officer's kept name never counts, whoever signs")
    func keptName() throws {
        let (olga, omar) = (world.cast["olga"], world.cast["omar"])
        // Olga holds the other key as well; custodians who were deceived let it follow.
        let other = try Somebody("omar")
        let people = [olga, other, world.cast["alice"], world.cast["bob"], world.cast["carol"]]
        let approval = try lay([olga.officer, other.officer], of: 2, signedBy: people)
        let fault = SuccessionFault.officerKey("omar", here: other.officer.key, before: omar.officer.key, epoch: 1)
        #expect(approval.successionFault == fault && approval.isRefused && !approval.isApproved)
        #expect(try world.directory().chain().inForce?.document.digest == document.digest)
        #expect(try world.audit().findings(.succession) == [approval.notInForce.description])
        // What the co-signer is shown names both keys, and nothing is "as before" where they differ.
        let shown = try #require(try SignableDocument.all(in: world.directory()).first)
        let (new, old) = (other.officer.key.fingerprint, omar.officer.key.fingerprint)
        #expect(shown.changes.map(\.text) == ["officer omar has ANOTHER KEY: \(new), where it was \(old)"])
        #expect(shown.changes.tokens(besides: [], isConfirmed: true) == ["omar"])
        #expect(shown.details.contains("approved by 2 of (olga, omar)"))
        #expect(shown.notAsked(of: omar.officer.key) == approval.notInForce)
    }

    @Test("a co-signer who trusts the screen: nothing is exchanged in an epoch that keeps the set")
    func exchanged() throws {
        var json = try JSONValue(canonical: document.bytes).setting("epoch", to: .integer(2))
        json["previous"] = .object([
            "epoch": .integer(1), "format": .string("ca-escrow/v1/manifest"),
            "sha256": .string(document.digest.description),
        ])
        json["title"] = .string("with another archive")
        let officers = ["olga", "omar"].map { world.cast[$0] }
        try world.place(json, epoch: 2, signedBy: officers, cards: [])
        let approval = try #require(try world.directory().approvals().last)
        #expect(approval.successionFault == .keptSet(.title) && approval.isRefused)
    }

    @Test("the host of the directory who plants an epoch and waits: it is a draft that blocks nothing and nobody signs")
    func laid() throws {
        let mallory = try Somebody("mallory")
        let approval = try lay([mallory.officer], of: 1, signedBy: [mallory])
        #expect(!approval.isApproved && !approval.isRefused)
        try world.folder.write([], to: world.escrow.appending("9999-0badc0de").appending("x"))
        let chain = try world.directory().chain()
        #expect(chain.inForce?.document.digest == document.digest)
        #expect(chain.waitingDrafts.isEmpty)
        #expect(chain.unread.map(\.name) == ["9999-0badc0de"])
        // The next epoch follows the one in force, and the officers sign one of a number.
        let new = try NewEpoch.make(of: Acme.material(), after: document, cast: world.cast)
        try world.publish(new, signedBy: [world.cast["olga"]])
        let waiting = try SignableDocument.all(in: world.directory())
        let key = world.cast["olga"].officer.key
        let laid = try #require(waiting.first { $0.path == approval.document.manifestPath })
        let other = try #require(try world.directory().chain().approval(of: new.digest)).document.path.string
        #expect(laid.notAsked(of: key) == .trust(.signedAnother(path: laid.path.string, "olga", other: other)))
        #expect(try world.restore(by: ["alice", "bob"]) == [Acme.pkcs8(.root)])
    }

    @Test("an officer who is shown an old directory: what they have signed in force is remembered")
    func oldDirectory() throws {
        let old = try world.copy()
        _ = try world.rotate(to: "2 of (olga, otto)", signedBy: ["olga", "omar", "otto"], at: World.now)
        let newest = try #require(try world.directory().chain().inForce?.document)
        var seen = try SeenManifests(of: "olga", beside: world.folder("olga.identity"))
        try seen.remember(newest, in: world.directory())
        let refusal = EscrowError.seen(path: try old.document().path.string, .older(epoch: 1, seen: 2))
        #expect(throws: refusal) { try seen.check(old.document(), in: old.directory()) }
        // The same where the other branch has a secret of its own.
        let path = try old.next()
        let branch = try #require(try old.directory().chain().inForce?.document)
        #expect(branch.path == path)
        #expect(
            throws: EscrowError.seen(
                path: path.string,
                .another(found: branch.digest, epoch: 2, seen: newest.digest)
            )
        ) { try seen.check(branch, in: old.directory()) }
    }

    @Test("a thief of a custodian's key: it gets no new share, reseals none, and does not lift its own suspension")
    func thief() throws {
        let path = try world.suspend("alice", because: .stolen, at: World.now)
        let line = try world.directory().chain().epochs
        let refusal = EscrowError.person(.suspended("alice", since: World.now, because: "stolen", path: path.string))
        let new = try NewEpoch.make(of: Acme.material(), after: document, cast: world.cast, created: World.now)
        #expect(throws: refusal) { try new.manifest.checkBeforePublication(after: line, at: World.now) }
        let alice = world.cast["alice"]
        let share = try document.openShare(of: alice.identity, at: alice.path, in: world.directory())
        let card = try Somebody("alice").card
        let rekeyed = try SuccessorEpoch(after: document, rekeyingTo: card, share: share, now: World.now)
        #expect(throws: refusal) {
            try rekeyed.manifest.checkBeforePublication(after: line, signedBy: [alice.officer], at: World.now)
        }
        try world.acknowledge("alice", at: World.now.adding(seconds: 60)).file()
        let evidence = try Evidence(of: document, in: world.directory(), at: World.now.adding(seconds: 120))
        #expect(evidence.suspended == ["alice"])
        // A new card frees the name, and the share still opens on the worst day.
        let freed = try Suspensions(in: line, at: World.now)
        #expect(freed.of(Person(card)).isEmpty)
        #expect(try world.restore(by: ["alice", "bob"]) == [Acme.pkcs8(.root)])
    }
}
