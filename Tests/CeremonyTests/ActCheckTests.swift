// SPDX-License-Identifier: Apache-2.0

import Custody
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
    private func faults(_ lines: [TranscriptLine], in held: HeldCeremony? = nil) -> [String] {
        let held = held ?? self.held
        var transcript = Transcript(of: held.digest)
        for line in lines where !transcript.isEnded {
            transcript.add(line)
        }
        return ActCheck(of: transcript, held.plan, held.digest, against: held.script).faults
    }

    /// A line with something else in it.
    private func line(
        _ line: TranscriptLine,
        _ act: TranscriptLine.Act? = nil,
        by actor: Name? = nil,
        files: [TranscriptLine.File]? = nil,
        notes: [(String, String)]? = nil,
        step: String? = nil
    ) -> TranscriptLine {
        TranscriptLine(
            sequence: line.sequence,
            time: line.time,
            step: step ?? line.step,
            actor: actor ?? line.actor,
            act: act ?? line.act,
            files: files ?? line.files,
            notes: notes?.map { .init($0.0, $0.1) } ?? line.notes,
            previous: line.previous
        )
    }

    private func index(_ step: String, _ act: TranscriptLine.Act) throws -> Int {
        try #require(lines.firstIndex { $0.step == step && $0.act == act })
    }

    private func without(_ isOut: (TranscriptLine) -> Bool) -> [TranscriptLine] { lines.filter { !isOut($0) } }

    /// The lines with one replaced by others.
    private func replacing(_ index: Int, by others: [TranscriptLine]) -> [TranscriptLine] {
        Array(lines[..<index]) + others + Array(lines[(index + 1)...])
    }

    @Test("those of a ceremony have no fault, of whatever kind it is", arguments: ["backup", "restore", "drill"])
    func whole(kind: String) throws {
        let held = try HeldCeremony(SamplePlan(kind: kind))
        #expect(faults(held.transcript.lines, in: held) == [])
        // One that goes on where it was interrupted has none either.
        for count in stride(from: 1, to: held.transcript.lines.count, by: 7) {
            #expect(faults(Array(held.transcript.lines.prefix(count)), in: held) == [])
        }
    }

    @Test("one 'done' a step and nothing else is no ceremony")
    func skeleton() {
        let bare = without { ![.opened, .done, .closed].contains($0.act) && $0.texts["bag"] == nil }
        let found = faults(bare)
        #expect(found.contains("line 2: before the step was begun"))
        let people = held.plan.people.map(\.name.description).joined(separator: ", ")
        for words in [
            "sign-in: no initials of \(people)", "machine: no initials of the operator", "clock: no clock was compared",
            "self-check: no line names the program", "plan-digest: nothing was compared", "cards: no card was verified",
            "cards: nothing shows that erin can unseal", "certificate: nothing was compared", "go: nobody has said GO",
            "backup: no manifest", "manifest-digest: nothing was compared", "sign-olga: no signature of olga",
            "audit: nothing was verified", "drill-2: no drill receipt", "acknowledge-dave: no receipt of dave",
            "exceptions: no initials of a witness", "attest: no attestation of wanda, or more than one",
            "close: no line names what the ceremony leaves",
        ] {
            #expect(found.contains("step \(words)"), "\(words)")
        }
    }

    @Test("the line 'opened' is the first, and once")
    func opening() {
        #expect(faults(without { $0.act == .opened })[0] == "line 1: a transcript begins with 'opened'")
        #expect(faults([lines[0]] + lines) == ["line 2: 'opened' a second time"])
    }

    @Test("a step begins once, and nothing is done before")
    func beginning() throws {
        let began = try index("go", .began)
        let missing = lines.enumerated().filter { $0.offset != began }.map(\.element)
        #expect(faults(missing).first == "line \(began + 1): before the step was begun")
        #expect(
            faults(replacing(began, by: [lines[began], lines[began]])) == ["line \(began + 2): 'began' a second time"]
        )
    }

    @Test("after NO-GO or 'abandon' the ceremony only ends, and it ends in no other way")
    func endings() throws {
        let go = try index("go", .noted)
        let refused = replacing(go, by: [line(lines[go], notes: [("decision", "NO-GO")])])
        #expect(faults(refused).first == "line \(go + 2): 'done' after the end that was decided in line \(go + 1)")
        let end = line(lines[go], .abandoned, notes: [])
        #expect(faults(Array(refused[...go]) + [end]) == [])
        let exception = try index("clock", .exception)
        let notes = [("expected", "a"), ("happened", "b"), ("decided", "c"), ("decision", "abandon")]
        let abandoned = replacing(exception, by: [line(lines[exception], notes: notes)])
        #expect(
            faults(abandoned).first
                == "line \(exception + 2): 'done' after the end that was decided in line \(exception + 1)"
        )
        let early = Array(lines[...exception]) + [line(lines[exception], .abandoned, notes: [])]
        #expect(faults(early) == ["line \(exception + 2): abandoned, and nobody has decided so"])
    }

    @Test("'closed' ends the last step alone")
    func closing() throws {
        let done = try index("sign-in", .done)
        let closed = Array(lines[..<done]) + [line(lines[done], .closed)]
        #expect(faults(closed) == ["line \(done + 1): 'closed' does not end the step 'sign-in'"])
    }

    @Test("whoever acts is one of the plan's people, in the right role, in the step that is under way")
    func actors() throws {
        let begin = try index("go", .began)
        let number = begin + 1
        #expect(
            faults(replacing(begin, by: [line(lines[begin], by: "mallory")])) == [
                "line \(number): mallory: nobody of the plan's people",
                "line \(number): 'began' by mallory, who is not the operator",
            ]
        )
        let go = try index("go", .noted)
        #expect(
            faults(replacing(go, by: [line(lines[go], by: "oscar")])) == [
                "line \(go + 1): 'noted' by oscar, who is not the ceremony administrator"
            ]
        )
        let exception = try index("clock", .exception)
        #expect(
            faults(replacing(exception, by: [line(lines[exception], step: "go")])) == [
                "line \(exception + 1): step 'go', while 'clock' is under way"
            ]
        )
    }

    @Test("a digest that was compared is the plan's and the certificate's own")
    func digests() throws {
        for (step, subject) in [("plan-digest", "plan"), ("certificate", "certificate")] {
            let index = try index(step, .compared)
            let zero = try #require(SHA256Digest(hex: String(repeating: "0", count: 64)))
            let touched = line(lines[index], files: [.init(.input, subject, zero)])
            let found = faults(replacing(index, by: [touched]))
            #expect(found.count == 1)
            #expect(found[0].hasPrefix("line \(index + 1): compared with 00000000…, where the \(subject) has "))
            #expect(
                faults(replacing(index, by: [line(lines[index], files: [])])) == [
                    "line \(index + 1): no comparison of the \(subject)"
                ]
            )
        }
    }

    @Test("what differed has an exception of its own; one that was raised by hand settles nothing")
    func differences() throws {
        let index = try index("certificate", .compared)
        let attempt = ("attempt", "the certificate")
        let differed = line(lines[index], .differed)
        #expect(
            faults(replacing(index, by: [differed])) == [
                "line \(index + 1): not as expected, and no exception says what was decided"
            ]
        )
        func exception(_ decision: String, _ notes: [(String, String)]) -> TranscriptLine {
            let all = [("expected", "the certificate"), ("happened", "b"), ("decided", "c"), ("decision", decision)]
            return line(lines[index], .exception, by: "mick", files: [], notes: all + notes)
        }
        #expect(faults(replacing(index, by: [differed, exception("go on", [attempt])])) == [])
        #expect(
            faults(replacing(index, by: [differed, exception("again", [attempt])])) == [
                "line \(index + 2): to be done again, and was not"
            ]
        )
        #expect(faults(replacing(index, by: [differed, exception("again", [attempt]), lines[index]])) == [])
        #expect(faults(replacing(index, by: [exception("go on", [])])) == ["step certificate: nothing was compared"])
        #expect(
            faults(replacing(index, by: [exception("go on", [attempt])])) == ["step certificate: nothing was compared"]
        )
    }

    @Test("nothing goes on without the shares, nor a restore without the key")
    func irreversible() throws {
        for (kind, step, missing) in [("backup", "backup", "manifest"), ("restore", "restore", "record of a restore")] {
            let held = try HeldCeremony(SamplePlan(kind: kind))
            var lines = held.transcript.lines
            let index = try #require(lines.firstIndex { $0.step == step && $0.act == .noted })
            let attempt = ("attempt", lines[index].texts["attempt"] ?? "")
            let notes = [("expected", "a"), ("happened", "b"), ("decided", "c"), ("decision", "go on"), attempt]
            let exception = line(lines[index], .exception, by: "mick", files: [], notes: notes)
            lines.replaceSubrange(index...index, with: [line(lines[index], .differed, files: []), exception])
            let expected = ["line \(index + 2): nothing goes on without '\(step)'", "step \(step): no \(missing)"]
            #expect(faults(lines, in: held) == expected)
        }
    }

    /// The lines of a step with something that was tried in it and given up by an exception.
    private func givenUp(_ step: Step, in held: HeldCeremony) throws -> [TranscriptLine] {
        let lines = held.transcript.lines
        let began = try #require(lines.first { $0.step == step.identifier && $0.act == .began })
        let end = try #require(lines.last { $0.step == step.identifier })
        let attempt = ("attempt", HeldStep.feasibility)
        let words = [("expected", HeldStep.feasibility), ("happened", "b"), ("decided", "c"), ("decision", "go on")]
        let initials = (["oscar", "wanda"] as [Name]).map {
            line(began, .initialled, by: $0, files: [], notes: [("initials", "XY")])
        }
        let inside = [
            line(end, .differed, by: "oscar", files: [], notes: [attempt, ("happened", "b")]),
            line(end, .exception, by: "mick", files: [], notes: words + [attempt]),
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
            let found = faults(given, in: held)
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
        let notes = [("medium", "USB-vera"), ("bag", "B-1"), ("direction", "in")]
        #expect(
            faults(replacing(index, by: [line(lines[index], notes: notes)])) == [
                "line \(index + 1): not the bag of a medium of the plan"
            ]
        )
        #expect(faults(replacing(index, by: [])) == ["step open-bags: not one bag each of USB-vera"])
        #expect(
            faults(replacing(index, by: [line(lines[index], by: "oscar")])) == [
                "line \(index + 1): a bag that no witness wrote down"
            ]
        )
    }

    @Test("clocks that are far apart are not one")
    func clocks() throws {
        let index = try index("clock", .compared)
        let notes = [("attempt", "a clock"), ("machine", "2027-03-01T23:58:00Z"), ("wall", "00:05")]
        #expect(
            faults(replacing(index, by: [line(lines[index], notes: notes)])) == [
                "line \(index + 1): clocks that are 7 minutes apart"
            ]
        )
    }

    @Test("a step that was done in the end has been carried out, whatever stopped it before")
    func carriedOut() throws {
        let attempt = ("attempt", HeldStep.feasibility)
        let notes = [("expected", HeldStep.feasibility), ("happened", "a full disk"), ("decided", "a larger one")]
        func stopped(_ step: String, _ decision: String?) throws -> [TranscriptLine] {
            let index = try index(step, step == "close" ? .closed : .done)
            let exception = line(
                lines[index],
                .exception,
                by: "mick",
                notes: notes + [("decision", decision ?? ""), attempt]
            )
            let differed = line(lines[index], .differed, notes: [attempt, notes[1]])
            return replacing(index, by: [differed] + (decision == nil ? [] : [exception]) + [lines[index]])
        }
        for step in ["clock", "audit", "close"] {
            #expect(try faults(stopped(step, "again")) == [], "\(step)")
            #expect(try faults(stopped(step, nil)).count == 1, "\(step)")
        }
    }

    @Test("the self-check names the program, or the exception is the program's own")
    func programNamed() throws {
        let index = try index("self-check", .compared)
        let unnamed = line(lines[index], files: [])
        let fault = ["step self-check: no line names the program"]
        #expect(faults(replacing(index, by: [unnamed])) == fault)
        for (expected, found) in [("ptrace scope", fault), ("\(ProgramUse.expectation), 0123…", [])] {
            let attempt = [("attempt", expected)]
            let words = [("expected", expected), ("happened", "b"), ("decided", "c"), ("decision", "go on")]
            let excused = [
                line(unnamed, .differed, notes: attempt), line(unnamed, .exception, by: "mick", notes: words + attempt),
            ]
            #expect(faults(replacing(index, by: [unnamed] + excused)) == found, "\(expected)")
        }
    }

    @Test("after an interruption a program is named, or an exception says why not")
    func programAfterInterruption() throws {
        var transcript = Transcript(of: held.digest)
        transcript.add(.opened, step: "sign-in", by: "oscar", at: lines[0].time)
        transcript.add(.resumed, step: "sign-in", by: "oscar", at: lines[0].time)
        #expect(
            ProgramUse.faults(in: transcript, of: held.plan) == [
                "line 2: went on with no program named, and no exception says why"
            ]
        )
        transcript.add(
            .exception,
            step: "sign-in",
            by: "mick",
            at: lines[0].time,
            notes: [.init("expected", "\(ProgramUse.expectation), …"), .init("happened", ProgramUse.unreadable)]
        )
        #expect(ProgramUse.faults(in: transcript, of: held.plan) == [])
    }

    @Test("another program than the plan's needs an exception that names it")
    func program() throws {
        let other = SHA256Digest(of: Array("other".utf8))
        var transcript = Transcript(of: held.digest)
        transcript.add(.opened, step: "sign-in", by: "oscar", at: lines[0].time)
        transcript.add(
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
        for happened in ["SHA-256 \(SamplePlan.digest)", "SHA-256 \(other)"] {
            transcript.add(
                .exception,
                step: "sign-in",
                by: "mick",
                at: lines[0].time,
                notes: [.init("expected", "the program is the plan's, …"), .init("happened", happened)]
            )
            let isExcused = ProgramUse.faults(in: transcript, of: held.plan).isEmpty
            #expect(isExcused == happened.hasSuffix(other.description))
        }
    }
}
