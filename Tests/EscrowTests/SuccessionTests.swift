// SPDX-License-Identifier: Apache-2.0

import Audit
import Custody
import Encoding
import SystemPackage
import Testing

@testable import Escrow

/// Who puts an epoch in force, and what must stay when it does.
@Suite struct SuccessionTests {
    let world: World

    init() throws {
        world = try World()
    }

    /// Epoch 2 under other officers: otto alone approves.
    private func handOver(signedBy signers: [Name]) throws -> EpochApproval {
        try world.next(officers: "1 of (otto)", signedBy: signers)
        return try #require(try world.directory().approvals().last)
    }

    @Test(
        "an epoch takes its own officers and those before, or custodians before who are a quorum",
        arguments: [
            (["otto", "olga", "omar"], true, true), (["otto"], true, false), (["otto", "olga"], true, false),
            (["olga", "omar"], false, true), ([], false, false), (["otto", "alice", "bob"], true, true),
            (["otto", "alice"], true, false), (["otto", "alice", "olga"], true, false),
            (["alice", "bob", "carol"], false, true), (["otto", "alice", "carol", "olga"], true, true),
        ] as [([Name], Bool, Bool)]
    )
    func officers(signers: [Name], isApproved: Bool, follows: Bool) throws {
        let approval = try handOver(signedBy: signers)
        #expect(approval.faults.isEmpty)
        #expect(approval.isSignedByItsOfficers == isApproved)
        #expect(approval.isLetToFollow == follows)
        #expect(approval.isApproved == (isApproved && follows))
        let inForce = try world.directory().chain().inForce?.document.manifest.epoch
        #expect(inForce == (isApproved && follows ? 2 : 1))
        let audit = try world.audit(signers: ["olga", "omar", "otto"])
        // A draft changes no verdict. In force, it is anchored in otto alone, where the file admits three.
        #expect(audit.failed == [])
        let isOttos = isApproved && follows
        #expect((audit.outcome(.anchor) == .pass) == !isOttos)
        #expect(audit.subject?.document.manifest.epoch == inForce)
    }

    @Test("custodians of a nested policy approve as the policy says, and those of the new epoch do not")
    func nested() throws {
        // Who is neither an officer nor a custodian of the epoch before is a finding besides.
        for (signers, follows, strangers) in [
            (["olga", "omar", "alice", "bob", "carol"], true, 0), (["olga", "omar", "alice", "bob"], false, 0),
            (["alice", "bob", "carol", "dave"], false, 0), (["dave", "erin", "frank", "grace"], false, 3),
        ] as [([Name], Bool, Int)] {
            let world = try World(
                policy: "2 of (2 of (olga, omar), 3 of (alice, bob, carol, dave))",
                officers: "1 of (otto)",
                signedBy: ["otto"]
            )
            let epoch = try NewEpoch.make(
                policy: "2 of (dave, erin, frank, grace)",
                officers: "1 of (alice)",
                of: Acme.material(),
                after: world.document(),
                cast: world.cast
            )
            try world.publish(epoch, signedBy: signers.map { world.cast[$0] })
            let approval = try #require(try world.directory().approvals().last)
            #expect(approval.isLetToFollow == follows, "\(signers)")
            #expect(approval.faults.count == strangers, "\(signers)")
            #expect(approval.isSignedByItsOfficers == signers.contains("alice"), "\(signers)")
        }
    }

    @Test("a newer epoch that is not approved yet leaves the older in force")
    func waiting() throws {
        let second = try world.next(signedBy: ["omar"])
        let approval = try world.directory().approval(of: nil)
        #expect(approval.document.manifest.epoch == 1)
        let waiting = try world.directory().approval(of: 2)
        #expect(!waiting.isApproved)
        #expect(waiting.missing == ["olga"])
        #expect(
            waiting.notInForce
                == .trust(.notInForce(path: second.string, Shortfall(signed: 1, needed: 2, missing: ["olga"])))
        )
        // Nor does an epoch after it.
        let third = try NewEpoch.make(of: Acme.material(), after: world.directory().epoch(2), cast: world.cast)
        try world.publish(third, signedBy: [world.cast["olga"], world.cast["omar"]])
        #expect(try world.directory().approvals().map(\.isApproved) == [true, false, false])
        #expect(try world.directory().approval(of: nil).document.manifest.epoch == 1)
        // Until the missing signature comes.
        let signature = world.cast["olga"].sign(waiting.document.bytes).signature
        let documents = try SignableDocument.all(in: world.directory())
        #expect(documents.map(\.path) == [waiting.document.manifestPath, try world.document().manifestPath])
        try world.folder.write(signature.armored, to: second.appending("manifest.json.olga.sig"))
        #expect(try world.directory().approval(of: nil).document.manifest.epoch == 3)
        #expect(try world.audit().failed.isEmpty)
    }

    @Test("nobody's first epoch is in force below its threshold")
    func belowThreshold() throws {
        let world = try World(signedBy: ["olga"])
        let approvals = try world.directory().approvals()
        #expect(try world.directory().chain().inForce == nil)
        #expect(try world.directory().approval(of: nil).document.manifest.epoch == 1)
        #expect(approvals[0].signed == [world.cast["olga"].officer])
        let audit = try world.audit()
        #expect(audit.failed == [.approval, .anchor])
        #expect(
            audit.findings(.approval) == [
                "\(world.epoch): not in force: signed by 1 of 2 officers: 1 more needed of (omar)"
            ]
        )
    }

    @Test("a date decides nothing: an epoch made under a clock that was ahead is followed by an honest one")
    func clock() throws {
        try world.next(created: "2020-11-23T11:59:59Z")
        #expect(try world.directory().chain().inForce?.document.manifest.epoch == 2)
        #expect(try world.audit().findings(.succession) == [])
    }

    @Test("an epoch from the future is a finding, five minutes granted")
    func future() throws {
        #expect(try world.audit(time: "2026-11-23T11:55:00Z").failed.isEmpty)
        let audit = try world.audit(time: "2026-11-23T11:54:59Z")
        #expect(audit.failed == [.clock])
    }

    @Test("the set is kept exactly when the secret is")
    func set() throws {
        let first = try JSONValue(canonical: world.document().bytes)
        let officers = [world.cast["olga"], world.cast["omar"]]
        let cards = ["alice", "bob", "carol"].map { world.cast[$0].card } as [Card]
        let previous = JSONValue.object([
            "epoch": .integer(1), "format": .string("ca-escrow/v1/manifest"),
            "sha256": .string(try world.document().digest.description),
        ])
        let kept = first.setting("epoch", to: .integer(2)).setting("previous", to: previous)
            .setting("occasion", to: .string("officer-change")).setting("approval.threshold", to: .integer(1))
        var path = try world.place(kept, epoch: 2, signedBy: officers, cards: cards)
        #expect(try world.audit().failed.isEmpty, "both kept")
        // A custodian still opens the share that was sealed in epoch 1.
        let directory = try world.directory()
        let restored = try directory.epoch(2).restore(by: [world.cast["alice"], world.cast["bob"]], in: directory)
        #expect(restored == [try Acme.pkcs8(.root)])
        try world.folder.remove(path)

        let otherSet = kept.setting("set", to: .string(String(repeating: "ab", count: 16)))
        path = try world.place(otherSet, epoch: 2, signedBy: officers, cards: cards)
        #expect(
            try world.audit().findings(.succession) == [
                "\(path): epoch 2: its secret is that of epoch 1: a new set has its own"
            ],
            "the set alone is another"
        )
        try world.folder.remove(path)

        let new = try NewEpoch.make(of: Acme.material(), after: world.document(), cast: world.cast)
        let sameSet = try JSONValue(canonical: new.bytes).setting("set", to: first["set"])
        path = try world.place(sameSet, epoch: 2, signedBy: officers, cards: cards)
        #expect(
            try world.audit().findings(.succession) == [
                "\(path): epoch 2: the set stays, and its secret is another"
            ],
            "the secret alone is another"
        )
        // Nor is it in force for anybody else, although both officers have signed it.
        let approvals = try world.directory().approvals()
        #expect(approvals.map(\.isApproved) == [true, false])
        #expect(approvals[1].successionFault == .keptSet(.secret))
        #expect(try world.directory().approval(of: nil).document.manifest.epoch == 1)
    }
}

extension NewEpoch {
    /// Where its manifest lies once it is published.
    fileprivate func path(in world: World) -> FilePath {
        world.escrow.appending(EpochDirectory.name(of: manifest.epoch, digest)).appending("manifest.json")
    }
}
