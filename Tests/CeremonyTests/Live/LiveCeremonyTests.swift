// SPDX-License-Identifier: Apache-2.0

import Escrow
import Files
import SystemPackage
import Testing

@testable import Ceremony
@testable import Custody

@Suite("A ceremony that is held")
struct LiveCeremonyTests {
    private func epoch(_ room: Room) throws -> EpochDocument {
        let chain = try EscrowDirectory(at: room.escrow).chain()
        return try chain.nextDrafts.last?.document ?? chain.approval(selected: nil).document
    }

    /// What a bundle's verification finds, where that matters here.
    private func checkSound(_ room: Room, _ location: SourceLocation = #_sourceLocation) throws {
        let results = try room.results()
        for name in ["acts", "people", "signatures", "inventory", "coverage", "evidence"] {
            #expect(results[name] == .pass, "\(name)", sourceLocation: location)
        }
    }

    @Test("a backup: work has the time of its Enter; a signature that is there already is taken as made")
    func backup() throws {
        let room = try Room(.few)
        var entered = room.time
        room.happenings = [
            (
                "This is done now",
                {
                    room.time = room.time.adding(seconds: 3600)
                    entered = room.time
                }
            ),
            (
                "This is done now",
                {
                    let (epoch, olga) = (try epoch(room), try IdentityOnDisk(at: "\(room.folder)/olga.identity"))
                    let (_, signature) = try olga.sign(epoch.bytes, .manifest, attended: room)
                    let path = FiledSignature.path(of: epoch.manifestPath, by: "olga")
                    try Files.create(path, signature.armored, permissions: .publicFile)
                    throw Absence("the power is cut")
                }
            ),
        ]
        #expect(throws: CeremonyError.interrupted(step: 13, title: "olga signs the manifest")) { try room.hold() }
        #expect(try epoch(room).manifest.created > entered)
        try room.hold()
        #expect(room.said.count { $0.hasPrefix("ca-escrow sign") } == 2)
        let lines = try room.transcript().lines
        let signed = try #require(lines.last { $0.step == "sign-olga" && $0.act.word == .noted })
        #expect(String(decoding: signed.bytes, as: UTF8.self).contains("done before the interruption"))
        #expect(signed.files.map(\.direction) == [.output])
        try checkSound(room)
    }

    @Test("a backup without its operator; a custodian comes late; a bag's number is a slip of the keyboard")
    func people() throws {
        var sample = SamplePlan.withAlternates
        (sample.policy, sample.custodians) = ("2 of all", ["alice", "bob", "carol"])
        let room = try Room(sample)
        room.answers = [
            ("Initials of oscar", "absent"), ("No operator is there", "otto"), ("Initials of carol", "absent"),
            ("Initials of anna", "no"), ("Initials of olga", "ABCDE"), ("Enter when", ""),
            ("Enter when", "1"), ("right is", "B-2"), ("Enter when", "1"), ("right is", "B-900"),
            ("Initials of wanda Martin, witness [", "WX"), ("GO or NO-GO", "people"), ("Who comes, or leaves", "carol"),
        ]
        try room.hold()
        try checkSound(room)
        let transcript = try room.transcript()
        #expect(transcript.lines.first { $0.act == .absent("oscar") }?.actor == "mick")
        #expect(transcript.corrections.map(\.made.new) == ["B-900"])
        #expect(room.said.contains("bag 'B-2' has USB-kurt already, or had it"))
        #expect(room.said.contains("not the initials that wanda Martin gave before"))
        #expect(transcript.lines.contains { $0.actor == "carol" && $0.act == .arrived("CM") })
        let attested = transcript.lines.filter { if case .attested = $0.act { true } else { false } }.map(\.actor)
        #expect(!attested.contains("oscar") && attested.contains("otto") && attested.contains("carol"))
        // Both trials have whom they cover, and carol accepts her share.
        #expect(transcript.isDone("drill-2") && transcript.isDone("acknowledge-carol"))
        // One question each for whoever has nothing to add.
        #expect(room.questions.count { $0.contains("if it went as the sheet says") } == attested.count)
    }

    @Test("too few custodians: nobody says GO, and the record is whole")
    func tooFew() throws {
        let room = try Room(.few)
        room.answers = [("Initials of alice", "absent"), ("Initials of bob", "absent")]
        #expect(throws: CeremonyError.abandoned(step: 10)) { try room.hold() }
        let acts = try room.transcript().lines.map(\.act)
        #expect(acts.contains(.differed(.quorum, happened: "too few custodians for 2 of (alice, bob, carol)")))
        #expect(!acts.contains(.decided(.go)) && acts.last == .abandoned)
        #expect(try room.results()["acts"] == .pass)
    }

    @Test("what an act has made is looked for: that it ended well shows nothing")
    func nothingMade() throws {
        let room = try Room(.few)
        let outcome = try room.ceremony().once("receipt of bob", isMade: { false }) {
            LiveCeremony.Doing(["drill"]) { _ in }
        }
        #expect(outcome.fault == "no receipt of bob was made")
    }

    @Test("nobody's identity is another's, wherever the plan has it")
    func others() throws {
        let room = try Room(.few)
        let others = try Files.read(room.folder.appending("bob.identity"), limit: 10_000)
        try room.move("alice.identity", to: "alice.medium")
        try Files.create(room.folder.appending("alice.identity"), others, permissions: [.ownerReadWrite])
        room.answers = Array(repeating: ("alice Martin: put", "\(room.folder)/alice.medium"), count: 3)
        try room.hold()
        let fault = "\(room.folder)/alice.identity: not the identity of alice"
        #expect(room.reported == Array(repeating: fault, count: 3))
        try checkSound(room)
    }
}
