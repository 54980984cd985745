// SPDX-License-Identifier: Apache-2.0

import Audit
import Escrow
import Files
import SystemPackage
import Testing

@testable import Ceremony
@testable import Custody
@testable import Encoding

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
                "olga Martin: put your medium in",
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
        #expect(room.said.count { $0.hasPrefix("ca-escrow sign") } == 1)
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
            ("witness, or the number", "1"), ("what is right", "B-1"), ("witness, or the number", "1"),
            ("what is right", "B-900"), ("All of them", "yes"),
            ("witness, or the number", "OM WX"), ("GO or NO-GO", "people"), ("Who comes, or leaves", "carol"),
        ]
        try room.hold()
        try checkSound(room)
        let transcript = try room.transcript()
        #expect(transcript.lines.first { $0.act == .absent("oscar") }?.actor == "mick")
        // One pack, one correction for each medium that came out of it.
        let media = try room.sample.plan().media
        #expect(transcript.corrections.map(\.made.new) == media.map { _ in "B-900" })
        #expect(room.said.contains { $0.hasSuffix(": says 'B-1'") })
        #expect(room.said.contains("wanda Martin gave the initials WM before"))
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
        let outcome = try room.ceremony().once("receipt from bob", isMade: { false }) {
            LiveCeremony.Doing(command: ["drill"]) { _ in }
        }
        #expect(outcome.fault == "no receipt from bob was made")
    }

    @Test("a clean backup with five custodians asks at most 90 questions, the acts' own among them")
    func questions() throws {
        var sample = SamplePlan()
        sample.hasShareMedia = false
        let room = try Room(sample)
        try room.hold()
        try checkSound(room)
        // What is red on the machine of the tests, and who was not enrolled, is decided about and read besides.
        let besides = ["What is decided", "'go on'", " was read"]
        let asked = room.questions.filter { question in !besides.contains { question.contains($0) } }
        #expect(asked.count <= 90)
        #expect(room.keystrokes <= 650)
        #expect(room.questions.count { $0.contains("medium in") } == 2 + 6 + 5 + 2)
        // Whoever's medium was in last takes it out before another one comes.
        #expect(room.questions.count { $0.hasPrefix("Take alice's medium out. bob Martin: put your medium in") } == 2)
        #expect(room.questions.contains { $0.hasPrefix("Take omar's medium out. This is done now") })
        #expect(try room.alarms == room.transcript().exceptions.count)
    }

    @Test("a digest is compared row by row; a slip is typed again, another copy is an exception")
    func rows() throws {
        let room = try Room(.few)
        let plan = SHA256Digest(of: try Files.read(room.folder.appending("plan.json"), limit: Plan.byteLimit))
        let words = ComparisonCode(of: plan).allWords
        let other = words[0] == "aardvark" ? "absurd" : "aardvark"
        let hex = Array("\(plan)")
        room.answers = [
            ("Row 1", "\(other) \(words[1]) \(words[2]) \(words[3])"), ("Row 1 of 8", "xyz"),
            ("Row 1", words[..<8].joined(separator: " ")), ("Row 3", String(hex[16..<31])),
            ("Row 3", String(hex[16...])),
            // The certificate's other copy is another one, whatever is typed.
            ("Row 1", String(repeating: "0", count: 64)), ("'differs' when", "differs"),
        ]
        room.decisions["Compare the certificate"] = "again"
        try room.hold()
        try checkSound(room)
        #expect(room.said.contains("NOT THE SAME: row 1, word 1: \(other), where this screen has \(words[0])"))
        #expect(room.said.contains("word 1, 'xyz': not in the list of words"))
        let lines = try room.transcript().lines
        let compared = try #require(lines.first { $0.step == "plan-digest" && $0.act.word == .compared })
        #expect(String(decoding: compared.bytes, as: UTF8.self).contains("row 1, word 1: \(other), where"))
        let differed = lines.filter { $0.step == "certificate" }.compactMap { line -> String? in
            if case .differed(_, let happened, _) = line.act { happened } else { nil }
        }
        #expect(differed.count == 1 && differed[0].hasPrefix("another digest was read: row 1, word "))
        #expect(try room.alarms == room.transcript().exceptions.count + 4)
    }

    @Test("on another day than the plan's the administrator decides, before anybody signs in")
    func anotherDay() throws {
        let room = try Room(.few)
        room.time = room.time.adding(seconds: 3 * 86400)
        try room.hold()
        try checkSound(room)
        let raised = try room.transcript().exceptions.filter { !["self-check", "cards"].contains($0.line.step) }
        #expect(raised.map(\.line.step) == ["machine"] && raised[0].raised.expected == .onTime)
        #expect(raised[0].raised.happened.hasPrefix("it was opened on 2027-03-04"))
    }

    @Test("an abandoned ceremony is held again on the standby date, in a bundle of its own")
    func standby() throws {
        let room = try Room(.few)
        room.answers = [("GO or NO-GO", "NO-GO")]
        #expect(throws: CeremonyError.abandoned(step: 10)) { try room.hold() }
        #expect(try room.placed() == room.bundle.path)
        room.time = try #require(Timestamp("2027-03-08T09:00:00Z"))
        let standby = room.folder.appending("plan.standby.ceremony")
        #expect(try room.placed() == standby)
        try room.ceremony(in: standby).run()
        #expect(try room.results(of: standby)["end"] == .pass)
        #expect(try room.results()["end"] == .notApplicable("abandoned at step go"))
        // A day later it is still that one which has ended.
        room.time = room.time.adding(seconds: 86400)
        #expect(try room.placed() == standby)
    }

    @Test("another bag, and another medium, alarm before the bag is opened: again, or an exception")
    func bags() throws {
        let room = try Room(.few)
        try room.hold()
        let before = try room.transcript()
        try room.holdNext(after: #""inventory": "plan.ceremony.before/inventory.json""#)
        let bags = before.lines.compactMap { line -> Act.Bag? in
            if case .bagged(let bag) = line.act, bag.direction == .into { bag } else { nil }
        }
        func bag(_ label: String) throws -> String { try #require(bags.first { $0.medium == label }).number }
        // Media of one holder share a bag.
        #expect(try bag("USB-alice") == bag("USB-alice-2") && bag("USB-alice") != bag("USB-bob"))
        room.bagNumbers = try ["USB-vera", "USB-alice", "USB-bob", "USB-carol"].map(bag)
        room.bagNumbers.insert(contentsOf: ["B-77", try bag("USB-kurt")], at: 1)
        room.decisions["Open the bags"] = "again"
        room.serials["USB-kurt"] = "S-other"
        room.happenings = [("Serial number of USB-kurt", { room.decisions["Open the bags"] = "go on" })]
        try room.hold()
        try checkSound(room)
        let transcript = try room.transcript()
        let raised = transcript.exceptions.filter { $0.line.step == "open-bags" }.map(\.raised)
        #expect(
            raised.map(\.expected) == [
                .bag(try bag("USB-kurt"), of: "USB-kurt"), .serial("S-USB-kurt", of: "USB-kurt"),
            ]
        )
        #expect(raised.map(\.happened) == ["bag B-77", "number S-other"])
        #expect(Inventory(of: try room.sample.plan(), transcript).items[1].serial == "S-other")
    }

    @Test("nobody's identity is another's, wherever the plan has it")
    func others() throws {
        let room = try Room(.few)
        let others = try Files.read(room.folder.appending("bob.identity"), limit: 10_000)
        try room.move("alice.identity", to: "alice.medium")
        try Files.create(room.folder.appending("alice.identity"), others, permissions: [.ownerReadWrite])
        room.answers = Array(repeating: ("alice Martin: your identity", "\(room.folder)/alice.medium"), count: 3)
        try room.hold()
        let fault = "\(room.folder)/alice.identity: not the identity of alice"
        #expect(room.reported == Array(repeating: fault, count: 3))
        try checkSound(room)
    }
}
