// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Escrow
import Testing

@testable import Ceremony

/// Transcripts that are whole, numbered and chained as they should be, and are not those of a ceremony.
@Suite("Acts that a step demands")
struct ActCheckTests {
    private let held: HeldCeremony
    private let lines: [TranscriptLine]

    init() throws {
        held = try HeldCeremony(exceptions: ["clock"])
        lines = held.transcript.lines
    }

    /// What is wrong with these lines, numbered and chained anew.
    private func faults(_ lines: [TranscriptLine], in held: HeldCeremony? = nil) throws -> [String] {
        let held = held ?? self.held
        var transcript = Transcript(of: held.digest)
        for line in lines where !transcript.isEnded {
            try transcript.add(line)
        }
        return ActCheck(of: transcript, held.plan, held.digest, against: held.script).faults
    }

    /// A line with something else in it.
    private func line(
        _ line: TranscriptLine,
        _ act: Act? = nil,
        by actor: Name? = nil,
        files: [TranscriptLine.File]? = nil,
        step: String? = nil
    ) throws -> TranscriptLine {
        try TranscriptLine(
            sequence: line.sequence,
            time: line.time,
            step: step ?? line.step,
            actor: actor ?? line.actor,
            act: act ?? line.act,
            files: files ?? line.files,
            previous: line.previous
        )
    }

    private func index(_ step: String, _ word: Act.Word) throws -> Int {
        try #require(lines.firstIndex { $0.step == step && $0.act.word == word })
    }

    private func without(_ isOut: (TranscriptLine) -> Bool) -> [TranscriptLine] { lines.filter { !isOut($0) } }

    /// The lines with one replaced by others.
    private func replacing(_ index: Int, by others: [TranscriptLine]) -> [TranscriptLine] {
        Array(lines[..<index]) + others + Array(lines[(index + 1)...])
    }

    @Test("those of a ceremony have no fault, of whatever kind it is", arguments: ["backup", "restore", "drill"])
    func whole(kind: String) throws {
        let held = try HeldCeremony(SamplePlan(kind: kind))
        #expect(try faults(held.transcript.lines, in: held) == [])
        // One that goes on where it was interrupted has none either.
        for count in stride(from: 1, to: held.transcript.lines.count, by: 7) {
            #expect(try faults(Array(held.transcript.lines.prefix(count)), in: held) == [])
        }
    }

    @Test("one 'done' a step and nothing else is no ceremony")
    func skeleton() throws {
        let bare = without { line in
            if case .bagged = line.act { false } else { ![.opened, .done, .closed].contains(line.act) }
        }
        let found = try faults(bare)
        #expect(found.contains("line 2: before the step was begun"))
        let people = held.plan.people.map(\.name.description).joined(separator: ", ")
        for words in [
            "sign-in: no initials of \(people)", "key: no initials of the operator", "clock: no clock was compared",
            "self-check: nothing is written down as 'image'", "self-check: nothing is written down as 'lsblk'",
            "write-media: USB-vera was not read back", "envelopes: nothing is written down as 'envelopes'",
            "key: nothing shows that the PKCS#12 file is off this machine",
            "self-check: no line names the program", "plan-digest: nothing was compared", "cards: no card was verified",
            "cards: nothing shows that erin can unseal", "certificate: nothing was compared", "go: nobody has said GO",
            "backup: no manifest", "manifest-digest: nothing was compared", "sign-olga: no signature of olga",
            "audit: nothing was verified", "drill-2: no drill receipt", "acknowledge-dave: no receipt from dave",
            "exceptions: no initials of a witness", "attest: no attestation of wanda, or more than one",
            "close: no line names what the ceremony leaves",
        ] {
            #expect(found.contains("step \(words)"), "\(words)")
        }
    }

    @Test("the line 'opened' is the first, and once")
    func opening() throws {
        #expect(try faults(without { $0.act == .opened })[0] == "line 1: a transcript begins with 'opened'")
        #expect(try faults([lines[0]] + lines) == ["line 2: 'opened' a second time"])
    }

    @Test("a step begins once, and nothing is done before")
    func beginning() throws {
        let began = try index("go", .began)
        let missing = lines.enumerated().filter { $0.offset != began }.map(\.element)
        #expect(try faults(missing).first == "line \(began + 1): before the step was begun")
        #expect(
            try faults(replacing(began, by: [lines[began], lines[began]])) == [
                "line \(began + 2): 'began' a second time"
            ]
        )
    }

    @Test("after NO-GO or 'abandon' the ceremony only ends, and it ends in no other way")
    func endings() throws {
        let go = try index("go", .noted)
        let refused = try replacing(go, by: [line(lines[go], .decided(.noGo))])
        #expect(try faults(refused).first == "line \(go + 2): 'done' after the end that was decided in line \(go + 1)")
        let end = try line(lines[go], .abandoned)
        #expect(try faults(Array(refused[...go]) + [end]) == [])
        let exception = try index("clock", .exception)
        let abandoned = try replacing(exception, by: [line(lines[exception], .exception(.decided(.abandon)))])
        #expect(
            try faults(abandoned).first
                == "line \(exception + 2): 'done' after the end that was decided in line \(exception + 1)"
        )
        let early = Array(lines[...exception]) + [try line(lines[exception], .abandoned)]
        #expect(try faults(early) == ["line \(exception + 2): abandoned, and nobody has decided so"])
    }

    @Test("'closed' ends the last step alone")
    func closing() throws {
        let done = try index("sign-in", .done)
        let closed = Array(lines[..<done]) + [try line(lines[done], .closed)]
        #expect(try faults(closed) == ["line \(done + 1): 'closed' does not end the step 'sign-in'"])
    }

    @Test("whoever acts is one of the plan's people, in the right role, in the step that is under way")
    func actors() throws {
        let begin = try index("go", .began)
        let number = begin + 1
        #expect(
            try faults(replacing(begin, by: [line(lines[begin], by: "mallory")])) == [
                "line \(number): mallory: nobody of the plan's people",
                "line \(number): 'began' by mallory, who is not the operator",
            ]
        )
        let go = try index("go", .noted)
        #expect(
            try faults(replacing(go, by: [line(lines[go], by: "oscar")])) == [
                "line \(go + 1): 'noted' by oscar, who is not the ceremony administrator"
            ]
        )
        let exception = try index("clock", .exception)
        #expect(
            try faults(replacing(exception, by: [line(lines[exception], step: "go")])) == [
                "line \(exception + 1): step 'go', while 'clock' is under way"
            ]
        )
    }

    @Test("a digest that was compared is the plan's and the certificate's own")
    func digests() throws {
        for (step, subject) in [("plan-digest", "plan"), ("certificate", "certificate")] {
            let index = try index(step, .compared)
            let zero = try #require(SHA256Digest(hex: String(repeating: "0", count: 64)))
            let touched = try line(lines[index], files: [.init(.input, subject, zero)])
            let found = try faults(replacing(index, by: [touched]))
            #expect(found.count == 1)
            #expect(found[0].hasPrefix("line \(index + 1): compared with 00000000…, where the \(subject) has "))
            #expect(
                try faults(replacing(index, by: [line(lines[index], files: [])])) == [
                    "line \(index + 1): no comparison of the \(subject)"
                ]
            )
        }
    }

    @Test("what differed has an exception of its own; one that was raised by hand settles nothing")
    func differences() throws {
        let index = try index("certificate", .compared)
        let differed = try line(lines[index], .differed("the certificate", happened: "b"))
        #expect(
            try faults(replacing(index, by: [differed])) == [
                "line \(index + 1): not as expected, and no exception says what was decided"
            ]
        )
        func exception(_ decision: Act.Decision, isOfAttempt: Bool = true) throws -> TranscriptLine {
            let raised = Act.Exception.decided(decision, expected: "the certificate", isOfAttempt: isOfAttempt)
            return try line(lines[index], .exception(raised), by: "mick", files: [])
        }
        #expect(try faults(replacing(index, by: [differed, exception(.goOn)])) == [])
        #expect(
            try faults(replacing(index, by: [differed, exception(.again)])) == [
                "line \(index + 2): to be done again, and was not"
            ]
        )
        #expect(try faults(replacing(index, by: [differed, exception(.again), lines[index]])) == [])
        #expect(
            try faults(replacing(index, by: [exception(.goOn, isOfAttempt: false)])) == [
                "step certificate: nothing was compared"
            ]
        )
        #expect(
            try faults(replacing(index, by: [exception(.goOn)])) == ["step certificate: nothing was compared"]
        )
    }

    @Test("nothing goes on without the shares, nor a restore without the key")
    func irreversible() throws {
        for (kind, step, missing) in [("backup", "backup", "manifest"), ("restore", "restore", "record of a restore")] {
            let held = try HeldCeremony(SamplePlan(kind: kind))
            var lines = held.transcript.lines
            let index = try #require(lines.firstIndex { $0.step == step && $0.act.word == .noted })
            guard case .made(let expected) = lines[index].act else {
                Issue.record("nothing was made")
                return
            }
            let raised = Act.Exception.decided(.goOn, expected: expected, isOfAttempt: true)
            let exception = try line(lines[index], .exception(raised), by: "mick", files: [])
            let differed = try line(lines[index], .differed(expected, happened: "b"), files: [])
            lines.replaceSubrange(index...index, with: [differed, exception])
            // Without shares nothing belongs on a medium either.
            #expect(
                try Array(faults(lines, in: held).prefix(2)) == [
                    "line \(index + 2): nothing goes on without '\(step)'", "step \(step): no \(missing)",
                ]
            )
        }
    }

    /// The lines of a step with something that was tried in it and given up by an exception.
    private func givenUp(_ step: Step, in held: HeldCeremony) throws -> [TranscriptLine] {
        let lines = held.transcript.lines
        let began = try #require(lines.first { $0.step == step.identifier && $0.act == .began })
        let end = try #require(lines.last { $0.step == step.identifier })
        let raised = Act.Exception.decided(.goOn, expected: .feasible, isOfAttempt: true)
        let initials = try (["oscar", "wanda"] as [Name]).map {
            try line(began, .initialled("XY"), by: $0, files: [])
        }
        let inside = [
            try line(end, .differed(.feasible, happened: "b"), by: "oscar", files: []),
            try line(end, .exception(raised), by: "mick", files: []),
        ]
        let opened = lines.filter { $0.step == step.identifier && $0.act == .opened }
        return opened + [began] + inside + initials + [end]
    }

    @Test("a ceremony whose steps were given up", arguments: ["backup", "restore", "drill"])
    func stepsGivenUp(kind: String) throws {
        let held = try HeldCeremony(SamplePlan(kind: kind))
        let lines = held.transcript.lines
        var never: Set<String> = []
        for step in held.script.steps {
            let others = try givenUp(step, in: held)
            let first = try #require(lines.firstIndex { $0.step == step.identifier })
            let last = try #require(lines.lastIndex { $0.step == step.identifier })
            let given = Array(lines[..<first]) + others + Array(lines[(last + 1)...])
            let found = try faults(given, in: held)
            if step.canBeExcused {
                #expect(found == [], "\(step.identifier)")
            } else {
                never.insert(step.identifier)
                let exception = first + others.count - 3
                #expect(found.contains("line \(exception): nothing goes on without '\(step.identifier)'"))
                // What the step demands is looked for all the same.
                #expect(found.contains { $0.hasPrefix("step \(step.identifier): ") }, "\(step.identifier)")
            }
        }
        let key: Set<String> = kind == "drill" ? [] : [kind]
        #expect(never == key.union(["sign-in", "go", "attest", "close"]))
    }

    @Test("bags: one for each medium, in the right direction, written down by a witness")
    func bags() throws {
        let index = try index("open-bags", .noted)
        for act in [Act.bagged(.init(medium: "USB-vera", number: "B-1", direction: .into)), .kept] {
            let found = try faults(replacing(index, by: [line(lines[index], act)]))
            #expect(found[0] == "line \(index + 1): not the bag of a medium of the plan")
            #expect((found.count == 1) == (act != .kept))
        }
        #expect(try faults(replacing(index, by: [])) == ["step open-bags: not one bag each of USB-vera"])
        #expect(
            try faults(replacing(index + 1, by: [])) == ["step open-bags: not one serial number each of USB-vera"]
        )
        #expect(
            try faults(replacing(index, by: [line(lines[index], by: "oscar")])) == [
                "line \(index + 1): a bag that no witness wrote down"
            ]
        )
    }

    @Test("a ceremony on another day than the plan's has an exception")
    func days() throws {
        for (opened, isFault) in [
            ("2027-02-28T21:00:00Z", false), ("2027-02-28T20:59:00Z", true), ("2027-03-01T20:59:00Z", false),
            ("2027-03-01T21:01:00Z", true), ("2027-03-08T12:00:00Z", false),
        ] {
            let time = try #require(Timestamp(opened)).adding(seconds: -20)  // a line before the first
            let held = try HeldCeremony(opened: time)
            let fault = "step machine: opened on \(time.adding(seconds: 20)), and no exception says why"
            #expect(try faults(held.transcript.lines, in: held) == (isFault ? [fault] : []), "\(opened)")
            let began = try #require(held.transcript.lines.firstIndex { $0.step == "machine" && $0.act == .began })
            let raised = Act.Exception.decided(.goOn, expected: .onTime, isOfAttempt: true)
            let lines = held.transcript.lines
            let excused = try [
                line(lines[began], .differed(.onTime, happened: "b")),
                line(lines[began], .exception(raised), by: "mick"),
            ]
            #expect(try faults(Array(lines[...began] + excused + lines[(began + 1)...]), in: held) == [], "\(opened)")
        }
    }

    @Test("every medium was read back, and held what was dealt")
    func media() throws {
        let index = try index("write-media", .compared)
        let other = try line(lines[index], files: [.init(.input, "USB-vera", SamplePlan.digest)])
        #expect(
            try faults(replacing(index, by: [other])) == [
                "line \(index + 1): USB-vera: \(SamplePlan.digest.short)… was not dealt"
            ]
        )
        let unnamed = try line(lines[index], files: [.init(.input, "USB-kurt", HeldCeremony.manifest)])
        #expect(
            try faults(replacing(index, by: [unnamed])) == ["line \(index + 1): not what a medium of the plan holds"]
        )
        #expect(try faults(replacing(index, by: [])) == ["step write-media: USB-vera was not read back"])
    }

    @Test("a line whose notes are those of no act is found, and counts as nothing")
    func unfit() throws {
        let initials = try index("key", .initialled)
        for (line, fault) in [
            (try line(lines[initials], .unfit(.initialled)), "not what a line 'initialled' says"),
            (
                try line(lines[initials], .unfit(.exception), by: "mick"),
                "an exception without what was expected, what happened, or what was decided"
            ),
        ] {
            #expect(
                try faults(replacing(initials, by: [line])) == [
                    "line \(initials + 1): \(fault)", "step key: no initials of the operator",
                ]
            )
        }
    }

    @Test("clocks that are far apart are not one")
    func clocks() throws {
        let index = try index("clock", .compared)
        let clocks = Clocks(machine: try #require(Timestamp("2027-03-01T23:58:59Z")), wall: "00:05")
        for (clocks, fault) in [
            (clocks, "clocks that are 7 minutes apart"), (nil, "a comparison without both clocks"),
        ] {
            #expect(
                try faults(replacing(index, by: [line(lines[index], .compared("a clock", clocks))]))
                    == ["line \(index + 1): \(fault)"]
            )
        }
    }

    @Test("a step that was done in the end has been carried out, whatever stopped it before")
    func carriedOut() throws {
        let raised = Act.Exception.decided(.again, expected: .feasible, isOfAttempt: true)
        func stopped(_ step: String, isDecided: Bool) throws -> [TranscriptLine] {
            let index = try index(step, step == "close" ? .closed : .done)
            let exception = try line(lines[index], .exception(raised), by: "mick")
            let differed = try line(lines[index], .differed(.feasible, happened: "a full disk"))
            return replacing(index, by: [differed] + (isDecided ? [exception] : []) + [lines[index]])
        }
        for step in ["clock", "audit", "close"] {
            #expect(try faults(stopped(step, isDecided: true)) == [], "\(step)")
            #expect(try faults(stopped(step, isDecided: false)).count == 1, "\(step)")
        }
    }

    @Test("the self-check names the program, or the exception is the program's own")
    func programNamed() throws {
        let index = try index("self-check", .compared)
        let unnamed = try line(lines[index], files: [])
        let fault = ["step self-check: no line names the program"]
        #expect(try faults(replacing(index, by: [unnamed])) == fault)
        for (expected, found) in [
            ("ptrace scope", fault), (.program(SamplePlan.digest), []), (.program(held.digest), fault),
        ] as [(Ceremony::Expectation, [String])] {
            let raised = Act.Exception.decided(.goOn, expected: expected, isOfAttempt: true)
            let excused = [
                try line(unnamed, .differed(expected, happened: "b")),
                try line(unnamed, .exception(raised), by: "mick"),
            ]
            #expect(try faults(replacing(index, by: [unnamed] + excused)) == found, "\(expected)")
        }
    }

    @Test("after an interruption a program is named, or an exception says why not")
    func programAfterInterruption() throws {
        var transcript = Transcript(of: held.digest)
        try transcript.add(.opened, step: "sign-in", by: "oscar", at: lines[0].time)
        try transcript.add(.resumed, step: "sign-in", by: "oscar", at: lines[0].time)
        #expect(
            ProgramUse.faults(in: transcript, of: held.plan) == [
                "line 2: went on with no program named, and no exception says why"
            ]
        )
        let raised = Act.Exception.decided(
            .goOn,
            expected: .program(held.plan.tool),
            happened: ProgramUse.found(nil)
        )
        try transcript.add(.exception(raised), step: "sign-in", by: "mick", at: lines[0].time)
        #expect(ProgramUse.faults(in: transcript, of: held.plan) == [])
    }

    @Test("another program than the plan's needs an exception that names it")
    func program() throws {
        let other = SHA256Digest(of: Array("other".utf8))
        var transcript = Transcript(of: held.digest)
        try transcript.add(.opened, step: "sign-in", by: "oscar", at: lines[0].time)
        try transcript.add(
            .resumed,
            step: "sign-in",
            by: "oscar",
            at: lines[0].time,
            files: [.init(.input, "ca-escrow", other)]
        )
        #expect(
            ProgramUse.faults(in: transcript, of: held.plan) == [
                "line 2: another program, \(other.short)…, where the plan has \(held.plan.tool.short)…, "
                    + "and no exception says why"
            ]
        )
        for digest in [SamplePlan.digest, other] {
            let raised = Act.Exception.decided(
                .goOn,
                expected: .program(held.plan.tool),
                happened: "SHA-256 \(digest)"
            )
            try transcript.add(.exception(raised), step: "sign-in", by: "mick", at: lines[0].time)
            #expect(ProgramUse.faults(in: transcript, of: held.plan).isEmpty == (digest == other))
        }
    }
}
