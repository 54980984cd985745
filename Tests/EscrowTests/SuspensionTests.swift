// SPDX-License-Identifier: Apache-2.0

import Custody
import SecretSharing
import SystemPackage
import Testing

@testable import Escrow

/// Custodians who are not to be counted on, and what is left without them.
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
        "whoever is suspended is not counted, until they acknowledge their share later",
        arguments: Suspension.Cause.allCases
    )
    func lifted(because: Suspension.Cause) throws {
        try world.acknowledge("carol", at: World.now.adding(seconds: -1)).file()
        let path = try world.suspend("carol", because: because)
        #expect(try evidence().suspended == ["carol"])
        #expect(try evidence().suspension(of: "carol")?.path == path)
        #expect(try evidence().suspension(of: "carol")?.document.because == because)
        // At the same second is not later.
        try world.acknowledge("carol").file()
        #expect(try evidence().suspended == ["carol"])
        try world.acknowledge("carol", at: later).file()
        #expect(try evidence().suspended == [])
        try world.suspend("carol", because: .stolen, at: "2026-12-03T12:00:00Z")
        #expect(try evidence().suspension(of: "carol")?.document.because == .stolen)
        #expect(try world.audit(time: "2026-12-20T12:00:00Z").failed.isEmpty)
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
        #expect(audit.findings(.quorum) == ["suspended are alice, carol, dave: the others cannot restore"])
        try world.acknowledge("dave", at: later).file()
        #expect(try margins() == [0, 0])
        #expect(try world.audit(time: later).failed.isEmpty)
    }

    @Test("only an officer suspends, under their own name and key, and only a custodian")
    func refused() throws {
        func suspension(_ name: Name, by officer: Name) -> [UInt8] {
            Suspension(of: name, because: .lost, by: officer, in: document, at: World.now).encoded()
        }
        let stranger = "signed by someone who is no officer of this manifest"
        let cases: [(bytes: [UInt8], signer: Somebody?, error: (FilePath) -> EscrowError)] = [
            (suspension("alice", by: "olga"), nil, { .notSigned(path: $0.string, "olga") }),
            (suspension("alice", by: "olga"), world.cast["omar"], { .notSigned(path: $0.string, "olga") }),
            (
                suspension("alice", by: "bob"), world.cast["bob"],
                { .escrowIsDamaged(path: "\($0).bob.sig", finding: stranger) }
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

    @Test("a suspension goes on while the secret stays, and ends with a new one")
    func nextEpoch() throws {
        for name in ["alice", "bob"] as [Name] {
            try world.suspend(name)
        }
        #expect(try world.audit().failed == [.quorum])
        _ = try world.rotate(to: "2 of (olga, otto)", signedBy: ["olga", "omar", "otto"])
        let audit = try Audit(of: world.escrow, with: world.fullInput(officers: ["olga", "otto"]))
        #expect(audit.failed == [.quorum])
        let rotated = try world.directory().epoch(2)
        #expect(try Evidence(of: rotated, in: world.directory()).suspended == ["alice", "bob"])

        let other = try World()
        for name in ["alice", "bob"] as [Name] {
            try other.suspend(name)
        }
        try other.next()
        let renewed = try other.directory().epoch(2)
        #expect(try Evidence(of: renewed, in: other.directory()).suspended == [])
    }
}
