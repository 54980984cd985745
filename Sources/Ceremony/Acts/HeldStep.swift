// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files

/// One step with the lines that were written in it.
struct HeldStep {
    let step: Step
    /// All but the opening's, which is of no step, as corrections leave them.
    let lines: [TranscriptLine]
    /// What was attempted, in the order of the first attempts.
    let attempts: [Attempt]

    init(_ step: Step, in transcript: Transcript) {
        self.step = step
        lines = transcript.standing.filter { $0.step == step.identifier && $0.act != .opened }
        attempts = Attempt.all(in: lines)
    }

    var began: Timestamp? { lines.first { $0.act == .began }?.time }

    /// When it was done, or the ceremony closed with it.
    var done: Timestamp? { lines.last { $0.act == .done || $0.act == .closed }?.time }

    /// Whole minutes that it took.
    var minutes: Int? {
        guard let began, let done else {
            return nil
        }
        return (done.secondsSinceEpoch - began.secondsSinceEpoch + 59) / 60
    }

    /// Files that any of its lines names.
    var files: [TranscriptLine.File] { lines.flatMap(\.files) }

    /// Something that the program attempted, and what came of it.
    struct Attempt {
        let expected: Expectation
        var standing: Standing
        /// The line that says so.
        var line: TranscriptLine

        enum Standing: Equatable {
            /// It came out as expected.
            case met
            /// It did not, and the administrator went on without.
            case excused
            /// It did not, and is to be done again.
            case again
            /// It did not, and nobody has decided what follows.
            case open(happened: String)
        }

        /// What lines about attempts come to.
        ///
        /// An exception counts behind a line that differs: one that somebody raises by hand settles nothing.
        static func all(in lines: [TranscriptLine]) -> [Attempt] {
            var found: [Attempt] = []
            for line in lines {
                let (expected, standing): (Expectation, Standing)
                switch line.act {
                case .compared(let what, _), .made(let what): (expected, standing) = (what, .met)
                case .differed(let what, let happened, _): (expected, standing) = (what, .open(happened: happened))
                case .exception(let raised) where raised.isOfAttempt:
                    guard case .open = found.first(where: { $0.expected == raised.expected })?.standing else {
                        continue
                    }
                    (expected, standing) = (raised.expected, raised.decision == .again ? .again : .excused)
                case .done, .closed:
                    // A step that was done after all has been carried out: no line of its own says so.
                    found.removeAll { $0.expected == .feasible && $0.standing == .again }
                    continue
                default: continue
                }
                if let index = found.firstIndex(where: { $0.expected == expected }) {
                    (found[index].standing, found[index].line) = (standing, line)
                } else {
                    found.append(Attempt(expected: expected, standing: standing, line: line))
                }
            }
            return found
        }
    }

    /// Where an attempt stands; `nil` when nothing was attempted.
    func standing(of expected: Expectation) -> Attempt.Standing? {
        attempts.first { $0.expected == expected }?.standing
    }

    /// Whether the administrator went on although the step could not be carried out.
    var isGivenUp: Bool { standing(of: .feasible) == .excused }

    /// What came out as expected.
    var met: [TranscriptLine] { attempts.filter { $0.standing == .met }.map(\.line) }

    /// Whether something did not come out as expected, and the ceremony went on.
    var isExcused: Bool { attempts.contains { $0.standing == .excused } }

    /// Who gave their initials in it, with them, in order.
    var initials: [(name: Name, initials: String)] {
        lines.compactMap { line in
            switch line.act {
            case .initialled(let initials), .arrived(let initials): (line.actor, initials)
            case .attested(let said): (line.actor, said.initials)
            default: nil
            }
        }
    }

    /// Something that was typed in it, and can be corrected.
    struct Entry {
        let line: TranscriptLine
        /// What it is of, in words.
        let of: String
        let text: String
    }

    /// What was typed that is not said again: numbers, fields, and initials at sign-in.
    var entries: [Entry] { Self.entries(in: lines, isSignIn: step.identifier == StepRow.signIn) }

    /// What a correction is of, in words.
    static func subject(of correction: Act.Correction, in transcript: Transcript) -> String {
        let line = transcript.lines.filter { $0.sequence == correction.line }
        return entries(in: line, isSignIn: true).first?.of ?? "a line of another kind"
    }

    /// What people typed in these lines.
    static func entries(in lines: [TranscriptLine], isSignIn: Bool = false) -> [Entry] {
        lines.compactMap { line in
            guard let text = line.act.entry else {
                return nil
            }
            switch line.act {
            case .bagged(let bag):
                let what = bag.direction == .out ? "opened bag of \(bag.medium)" : "bag of \(bag.medium)"
                return Entry(line: line, of: what, text: text)
            case .numbered(let serial): return Entry(line: line, of: "serial number of \(serial.medium)", text: text)
            case .entered(let field): return Entry(line: line, of: field.name, text: text)
            default:
                guard isSignIn else {
                    return nil
                }
                return Entry(line: line, of: "initials of \(line.actor)", text: text)
            }
        }
    }

    /// What was written into fields, in order.
    var fields: [Act.Field] {
        lines.compactMap { line in if case .entered(let field) = line.act { field } else { nil } }
    }

    /// What was written into a field.
    func field(_ name: String) -> String? {
        fields.last { $0.name.isEqual(bytesOf: name) }?.text
    }

    /// Whether somebody gave their initials.
    func isInitialled(by name: Name) -> Bool {
        lines.contains { line in
            if case .initialled = line.act { line.actor == name } else { false }
        }
    }
}

extension CeremonyScript {
    /// The digest that was compared last with one that was read aloud, whatever came of it.
    func compared(_ subject: Step.Subject, in transcript: Transcript) -> SHA256Digest? {
        let step = steps.first { $0.act == .compare(subject) }
        let lines = transcript.lines.filter {
            $0.step == step?.identifier && [.compared, .differed].contains($0.act.word)
        }
        return lines.flatMap(\.files).last { $0.name.isEqual(bytesOf: subject.rawValue) }?.sha256
    }
}
