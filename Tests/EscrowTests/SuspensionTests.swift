// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import SecretSharing
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// Custodians who do not count, and what is left without them.
@Suite struct SuspensionTests {
    let world: World
    let document: EpochDocument
    let later: Timestamp = "2026-12-02T12:00:00Z"

    init() throws {
        world = try World(policy: "2 of (alice, bob, 2 of (carol, dave, erin))")
        document = try world.document()
    }

    private func evidence() throws -> Evidence { try Evidence(of: document, in: world.directory()) }

    @Test(
        "whoever is suspended is not counted; only the unreachable end it by showing themselves",
        arguments: Suspension.Cause.allCases
    )
    func lifted(because: Suspension.Cause) throws {
        try world.acknowledge("carol", at: World.now.adding(seconds: -3)).file()
        let path = try world.suspend("carol", because: because, at: World.now.adding(seconds: -2))
        #expect(try evidence().suspended == ["carol"])
        #expect(try evidence().suspension(of: "carol")?.path == path)
        #expect(try evidence().suspension(of: "carol")?.document.because == because)
        // At the same second is not later.
        try world.acknowledge("carol", at: World.now.adding(seconds: -2)).file()
        #expect(try evidence().suspended == ["carol"])
        try world.acknowledge("carol", at: World.now.adding(seconds: -1)).file()
        #expect(try evidence().suspended == (because == .unreachable ? [] : ["carol"]))
        // Each suspension stands by itself.
        try world.suspend("carol", because: .stolen, at: World.now)
        #expect(try evidence().suspension(of: "carol")?.document.because == .stolen)
        #expect(try world.audit(time: "2026-12-20T12:00:00Z").failed.isEmpty)
    }

    private func digest(of path: FilePath) throws -> SHA256Digest { SHA256Digest(of: try world.folder.read(path)) }

    @Test("enough officers end suspensions; one officer alone ends none, and suspends no more afterwards")
    func reinstated() throws {
        let stolen = try world.suspend("carol", because: .stolen, at: World.now.adding(seconds: -2))
        let left = try world.suspend("carol", because: .left, at: World.now.adding(seconds: -1))
        let both = try [digest(of: stolen), digest(of: left)]
        try world.reinstate("carol", ending: both, signedBy: ["olga"], at: World.now.adding(seconds: -1))
        #expect(try evidence().suspension(of: "carol")?.path == left)
        try world.reinstate("carol", ending: both, signedBy: ["olga", "omar"])
        #expect(try evidence().suspended == [])
        // Afterwards one officer alone suspends her no more, whatever date they write; the threshold does.
        let again = try world.suspend("carol", because: .died, at: World.created)
        #expect(try evidence().suspended == [])
        let omar = world.cast["omar"].sign(try world.folder.read(again), .suspension).signature
        try world.folder.write(omar.armored, to: FiledSignature.path(of: again, by: "omar"))
        #expect(try evidence().suspended == ["carol"])
    }

    @Test("officers of an older epoch end nothing that came after them")
    func olderReinstatement() throws {
        _ = try world.rotate(to: "2 of (olga, otto)", signedBy: ["olga", "omar", "otto"])
        let rotated = try world.directory().epoch(2)
        let record = Suspension(of: "carol", because: .left, by: "otto", in: rotated, at: World.now)
        let path = try SignedDocument(record, in: rotated, by: world.cast["otto"].identity).file()
        try world.reinstate("carol", ending: [digest(of: path)], signedBy: ["olga", "omar"])
        #expect(try Evidence(of: rotated, in: world.directory()).suspended == ["carol"])
    }

    @Test("margins count what is left of every gate; with less than a threshold the quorum is lost")
    func margins() throws {
        func margins() throws -> [Int] { try evidence().margins(of: evidence().available).map(\.margin) }
        #expect(try margins() == [1, 1])
        try world.suspend("carol")
        #expect(try margins() == [1, 0])
        #expect(try world.audit().failed.isEmpty)
        try world.suspend("dave")
        #expect(try margins() == [0, -1])
        #expect(try evidence().margins(of: ["alice", "bob", "erin"]).map(\.available) == [2, 1])
        #expect(try world.audit().failed.isEmpty)
        try world.suspend("alice", because: .died)
        #expect(try margins() == [-1, -1])
        let audit = try world.audit()
        #expect(audit.failed == [.quorum])
        #expect(audit.findings(.quorum) == ["alice, carol, dave: suspended; the others cannot restore"])
        // What only one could not be reached for ends when they show themselves.
        let world = try World(policy: "2 of (alice, bob)")
        try world.suspend("alice", because: .unreachable, at: World.now.adding(seconds: -1))
        #expect(try world.audit().failed == [.quorum])
        try world.acknowledge("alice").file()
        #expect(try world.audit().failed.isEmpty)
    }

    @Test("only an officer suspends, under their own name and key, and only a custodian")
    func refused() throws {
        func suspension(_ name: Name, by officer: Name) -> [UInt8] {
            Suspension(of: name, because: .lost, by: officer, in: document, at: World.now).encoded()
        }
        let stranger = "signed by someone who is not an officer of this manifest"
        let cases: [(bytes: [UInt8], signer: Somebody?, error: (FilePath) -> EscrowError)] = [
            (suspension("alice", by: "olga"), nil, { .trust(.notSigned(path: $0.string, "olga")) }),
            (suspension("alice", by: "olga"), world.cast["omar"], { .trust(.notSigned(path: $0.string, "olga")) }),
            (
                suspension("alice", by: "bob"), world.cast["bob"],
                { .directory(.escrowIsDamaged(path: "\($0).bob.sig", finding: stranger)) }
            ),
            (
                suspension("frank", by: "olga"), world.cast["olga"],
                {
                    .document(
                        path: $0.string,
                        .wrongValue(field: "custodian", expected: "a custodian of this epoch")
                    )
                }
            ),
        ]
        for (bytes, signer, error) in cases {
            let path = try world.file(Suspension.self, bytes, signedBy: signer.map { [$0] } ?? [])
            #expect(throws: error(path)) { try Filed<Suspension>(at: path, in: document) }
            #expect(try evidence().suspended == [])
            let audit = try world.audit()
            #expect(audit.failed == [.records])
            #expect(audit.findings(.records) == [error(path).description])
            try world.folder.remove(world.epoch.appending("records"))
        }
    }

    @Test("a suspension goes on under other officers, and in a new set by key; a new card frees the name")
    func nextEpoch() throws {
        for name in ["alice", "bob"] as [Name] {
            try world.suspend(name, at: World.created)
        }
        #expect(try world.audit().failed == [.quorum])
        _ = try world.rotate(to: "2 of (olga, otto)", signedBy: ["olga", "omar", "otto"])
        let audit = try Audit(of: world.escrow, with: world.fullInput(officers: ["olga", "otto"]))
        #expect(audit.failed == [.quorum])
        let rotated = try world.directory().epoch(2)
        #expect(try Evidence(of: rotated, in: world.directory()).suspended == ["alice", "bob"])

        let other = try World()
        try other.suspend("alice", because: .stolen, at: World.created)
        try other.suspend("bob", because: .left, at: World.created)
        try other.next()
        let renewed = try other.directory().epoch(2)
        #expect(try Evidence(of: renewed, in: other.directory()).suspended == ["alice", "bob"])
        // The epoch counts, whoever was suspended; the audit says what was done.
        let later = try other.audit()
        #expect(later.subject?.document.digest == renewed.digest)
        #expect(
            later.outcome(.succession)
                == .notChecked(
                    "epoch 2 gave alice a share, who was suspended on 2026-11-23: stolen; "
                        + "epoch 2 gave bob a share, who was suspended on 2026-11-23: left"
                )
        )
        // Other keys of alice's are not suspended, and another card of bob's is.
        let line = try other.directory().chain().epochs
        let suspensions = try Suspensions(in: line, at: World.now)
        #expect(try suspensions.of(Person(Somebody("alice").card)).isEmpty)
        #expect(try suspensions.of(Person(Somebody("bob").card)).count == 1)
    }

    @Test("officers of the past suspend on only while they are officers still")
    func formerOfficers() throws {
        _ = try world.rotate(to: "2 of (olga, otto)", signedBy: ["olga", "omar", "otto"])
        let rotated = try world.directory().epoch(2)
        func suspended() throws -> [Name] { try Evidence(of: rotated, in: world.directory()).suspended }
        let after = rotated.manifest.created.adding(seconds: 1)
        let record = Suspension(of: "alice", because: .left, by: "omar", in: document, at: after)
        try document.file(record, signatures: [world.cast["omar"].sign(record.encoded(), .suspension)])
        #expect(try suspended() == [])
        let hers = Suspension(of: "bob", because: .left, by: "olga", in: document, at: after)
        try document.file(hers, signatures: [world.cast["olga"].sign(hers.encoded(), .suspension)])
        #expect(try suspended() == ["bob"])
    }
}
