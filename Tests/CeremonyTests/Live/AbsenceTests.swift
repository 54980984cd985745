// SPDX-License-Identifier: Apache-2.0

import Escrow
import Files
import Foundation
import SystemPackage
import Testing

@testable import Audit
@testable import Ceremony
@testable import Custody
@testable import Encoding

@Suite("People, media and slips in a room")
struct AbsenceTests {
    private func sound(_ room: Room) throws {
        for (name, outcome) in try room.results() {
            switch outcome {
            case .fail(let faults): Issue.record("\(name): \(faults)")
            default: break
            }
        }
    }

    @Test("a restore takes no share of somebody who is absent; a record that names them fails")
    func restore() throws {
        let room = try Room(SamplePlan(policy: "2 of all", custodians: ["alice", "bob", "carol", "dave"]))
        try room.hold()
        try room.holdNext("restore")
        room.answers = [
            ("Initials of alice", "absent"), ("Whose medium is in", "alice"), ("Whose medium is in", "stop"),
        ]
        #expect(throws: CeremonyError.interrupted(step: 12, title: "Restore the key")) { try room.hold() }
        #expect(room.reported == [])
        #expect(room.said.contains("'alice': absent"))
        #expect(room.questions.contains { $0.contains("2 more needed of (bob, carol, dave)") })
        let stopped = try room.transcript().lines
        #expect(!stopped.contains { $0.step == "restore" && $0.act.word == .differed })
        room.answers = [("Whose medium is in", "bob"), ("Whose medium is in", "carol")]
        try room.hold()
        try sound(room)
        #expect(room.said.contains { $0.hasPrefix("It goes on here: \(stopped.count) lines are written down") })
        try rewrite(room, without: "bob")
        let results = try room.results()
        #expect(results["acts"] == .pass)
        #expect(results["evidence"] == .pass)
        guard case .fail(let faults) = results["coverage"] else {
            Issue.record("somebody who was absent has restored the key")
            return
        }
        #expect(faults.count == 1 || faults.count == 2)
        #expect(faults[0].hasSuffix(": by bob, absent in step restore"))
    }

    /// Forges a record in which somebody was never there, signed by operator and witness.
    private func rewrite(_ room: Room, without name: Name) throws {
        let files = try PlanFiles(at: room.folder.appending("plan.json"), now: room.time)
        var forged = Transcript(of: files.digest)
        for line in try room.transcript().lines {
            switch line.act {
            case .initialled where line.actor == name:
                try forged.add(.absent(name), step: line.step, by: "mick", at: line.time)
            case .kept:
                let made = CeremonyEvidence(of: files.plan, forged).files
                let kept = line.files.filter { $0.name != "attestations/\(name).json" }
                    .map { file in
                        let bytes = made.first { $0.name == file.name }?.bytes
                        return TranscriptLine.File(
                            file.direction,
                            file.name,
                            bytes.map { SHA256Digest(of: $0) } ?? file.sha256
                        )
                    }
                try forged.add(.kept, step: line.step, by: line.actor, at: line.time, files: kept)
            case _ where line.actor == name: break
            default: try forged.add(line.act, step: line.step, by: line.actor, at: line.time, files: line.files)
            }
        }
        let evidence = CeremonyEvidence(of: files.plan, forged)
        let script = CeremonyScript(of: files.review, in: forged)
        let report = CeremonyReport(of: files.plan, files.digest, script, forged, files.certificate)
        func put(_ file: String, _ bytes: [UInt8]) throws {
            try Data(bytes).write(to: URL(filePath: "\(room.bundle.path)/\(file)"))
        }
        try FileManager.default.removeItem(atPath: "\(room.bundle.path)/attestations/\(name).json")
        for (file, bytes) in evidence.files { try put(file, bytes) }
        try put("report.json", report.json)
        try put("report.html", report.html)
        try put("transcript.jsonl", forged.encoded())
        for signer in ["oscar", "wanda"] as [Name] {
            let identity = try IdentityOnDisk(at: "\(room.folder)/\(signer).identity")
            let (_, signature) = try identity.sign(forged.encoded(), Transcript.format, attended: room)
            try put("transcript.jsonl.\(signer).sig", signature.armored)
        }
    }

    @Test("what an absent holder has stays where it was, and the ceremony after that expects it there")
    func untouched() throws {
        let room = try Room(.few)
        try room.hold()
        let before = Inventory(of: try room.sample.plan(), try room.transcript())
        let last = try #require(before.items.first { $0.medium.holder == "alice" })
        try room.holdNext("drill", after: #""inventory": "plan.ceremony.before/inventory.json""#)
        room.answers = [("Initials of alice", "absent")]
        room.bagNumbers = before.items.filter { $0.medium.holder != "alice" }.compactMap(\.bagIn)
            .reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
        try room.hold()
        try sound(room)
        let path = room.bundle.path.appending("inventory.json")
        let after = try EarlierInventory(at: path)
        #expect(after.bags[last.medium.label] == last.bagIn)
        #expect(after.serials[last.medium.label] == "S-\(last.medium.label)")
        let report = String(
            decoding: try Files.read(room.bundle.path.appending("report.html"), limit: 1 << 20),
            as: UTF8.self
        )
        #expect(report.contains("not opened: in \(try #require(last.bagIn))"))
    }

    @Test(
        "slips: a raised exception is taken back, an absence asked again, a field and a bag's number held to their rules"
    )
    func slips() throws {
        let room = try Room(.few)
        room.answers = [
            ("Initials of anna", "absent"), ("is not here", "no"), ("Pack number", "OM WX"), ("Pack number", "-,-"),
            ("Serial number of", "S-1, S-1, S-2, S-3, S-4, S-5, S-6, S-7, S-8, S-9, S-10, S-11"),
            ("image that was started", "OM WX"), ("How many were printed", "none"),
            ("hours and minutes", "x"), ("What was expected ('back'", "back"),
            ("GO or NO-GO", "x"), ("What was expected ('back'", "quiet"), ("'go on' or", "abandon"),
            ("for good", "no"),
            ("'correct'", "correct"), ("The number of what is wrong", "99"), ("'correct'", "correct"),
            ("The number of what is wrong", "1"), ("what is right", "B-900"), ("All of them", "no"),
        ]
        try room.hold()
        try sound(room)
        let transcript = try room.transcript()
        #expect(room.said.count { $0 == Act.Bag.rule } == 2)
        #expect(room.said.contains("64 hexadecimal digits in lower case, or '-'"))
        #expect(room.said.contains("a number of at most 4 digits"))
        #expect(!transcript.lines.contains { $0.act.word == .absent })
        #expect(transcript.exceptions.count { $0.line.step == "clock" } == 0)
        #expect(transcript.exceptions.count { $0.line.step == "go" } == 1)
        #expect(transcript.corrections.map(\.line.step) == ["exceptions"])
        #expect(transcript.corrections.map(\.made.new) == ["B-900"])
    }

    @Test("somebody of the plan who is no alternate steps in: asked twice, an exception, and their signature counts")
    func stranger() throws {
        let room = try Room(.few)
        room.answers = [
            ("Initials of wanda", "absent"), ("No witness is there", "anna"), ("is no alternate of the plan", "no"),
            ("No witness is there", "zoe"), ("Full name of zoe", "back"), ("No witness is there", "anna"),
            ("is no alternate of the plan", "yes"),
        ]
        try room.hold()
        try sound(room)
        #expect(try room.results()["signatures"] == .pass)
        #expect(try room.transcript().exceptions.contains { "\($0.raised.expected)" == "wanda is the witness" })
        // Without her it is the operator's word alone.
        let signature = FiledSignature.path(of: room.bundle.transcript, by: "anna")
        try FileManager.default.removeItem(atPath: signature.string)
        let alone = AuditOutcome.fail(["not signed by anna: the operator and a witness must have"])
        #expect(try room.results()["signatures"] == alone)
    }

    @Test("whoever steps in and the ceremony is abandoned at once: its record is whole")
    func abandoned() throws {
        let room = try Room(.few)
        room.answers = [
            ("Initials of wanda", "absent"), ("No witness is there", "anna"), ("is no alternate of the plan", "yes"),
            ("Initials of anna", "x"), ("What was expected", "quiet"), ("'go on' or", "abandon"), ("for good", "yes"),
        ]
        #expect(throws: CeremonyError.abandoned(step: 2)) { try room.hold() }
        try sound(room)
    }

    @Test("of two witnesses one is absent: an alternate who is there may take over, or nobody")
    func oneOfTwo() throws {
        var sample = SamplePlan.few
        (sample.witnesses, sample.alternates) = (["walt"], [("wim", "witness")])
        let room = try Room(sample)
        room.answers = [
            ("Initials of walt", "absent"), ("Who takes over as witness (wim; Enter: nobody)", "bob"),
            ("Who takes over as witness (wim; Enter: nobody)", "wim"),
        ]
        try room.hold()
        try sound(room)
        let replaced = try room.transcript().lines.filter { $0.act.word == .replaced }
        #expect(
            replaced.map(\.act) == [.replaced(Act.Replacement(role: .witness, from: "walt", to: "wim", fullName: nil))]
        )
        #expect(try room.results()["signatures"] == .pass)
    }

    @Test("a remark that was a slip is said again before it is initialled")
    func remark() throws {
        let room = try Room(.few)
        room.answers = [
            ("if it went as the sheet says", "disagree"), ("What went otherwise", "nothing"),
            ("does not agree", "back"),
        ]
        try room.hold()
        #expect(Attestation.all(in: try room.transcript(), of: try room.sample.plan()).allSatisfy(\.agrees))
    }

    @Test("without the key file the check warns, and nobody comes to GO")
    func keyFile() throws {
        let room = try Room(.few)
        try room.hold()
        try room.holdNext("drill")
        let names = try Files.names(in: room.folder).filter { $0.hasSuffix(".p12") }
        for name in names {
            try FileManager.default.removeItem(atPath: room.folder.appending(name).string)
        }
        let plan = try PlanFiles(at: room.folder.appending("plan.json"), now: room.time)
        let path = room.folder.appending(try #require(names.first))
        #expect(
            plan.findings.contains(
                .warning(PlanFinding.keyFileCode, "\(path): the key file is not there: a medium has it")
            )
        )
        #expect(throws: CeremonyError.abandoned(step: 11)) { try room.hold() }
        #expect(
            try room.transcript().exceptions.map(\.raised.happened).suffix(2) == [
                "the key file is not there: copy it from its medium to where it is looked for",
                "\(path): the key file is not there: a medium has it",
            ]
        )
        #expect(!(try room.transcript().lines.contains { $0.act == .decided(.go) }))
        // With another file in its place no ceremony is begun, and one that has begun goes on.
        try Files.create(path, [1], permissions: .publicFile)
        let other = try PlanFiles(at: room.folder.appending("plan.json"), now: room.time)
        #expect(other.findings.contains { $0.severity == .error && $0.code == PlanFinding.keyFileCode })
        #expect(try other.mayBeHeld(in: room.bundle))
        #expect(!(try other.mayBeHeld(in: Bundle(at: room.folder.appending("none")))))
    }
}
