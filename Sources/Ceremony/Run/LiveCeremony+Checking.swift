// SPDX-License-Identifier: Apache-2.0

import Custody

// What must be as expected before a step is done, or the administrator goes on without.
extension LiveCeremony {
    /// What came of an attempt.
    enum Outcome {
        case asExpected(files: [TranscriptLine.File] = [], notes: [TranscriptLine.Note] = [])
        case otherwise(String, files: [TranscriptLine.File] = [], notes: [TranscriptLine.Note] = [])
    }

    /// Attempts something until it comes out as expected, or the administrator goes on without.
    ///
    /// What came of it is written down before anybody decides: an interruption in between changes nothing. Nobody goes on
    /// without a step that cannot be excused.
    ///
    /// - Parameters:
    ///   - expected: In words; once in a step.
    ///   - act: What is written down when it is as expected.
    func ensure(
        _ expected: String,
        by actor: Name? = nil,
        as act: TranscriptLine.Act = .compared,
        _ attempt: () throws -> Outcome
    ) throws {
        let note = TranscriptLine.Note(Self.attemptNote, cutting: expected)
        while true {
            switch standing(of: note) {
            case .settled: return
            case .undecided(let happened): try decide(about: note, happened, canGoOn: step.canBeExcused)
            case .open:
                switch try attempt() {
                case .asExpected(let files, let notes):
                    try record(act, by: actor, files: files, notes: [note] + notes)
                case .otherwise(let happened, let files, let notes):
                    let found = TranscriptLine.Note("happened", cutting: happened)
                    try record(.differed, by: actor, files: files, notes: [note, found] + notes)
                }
            }
        }
    }

    /// Does what the step asks for; what stops it, such as a file that cannot be read, needs an exception.
    ///
    /// - Parameter isFresh: Whether it was not begun before an interruption.
    func carryOut(isFresh: Bool) throws {
        let note = TranscriptLine.Note(Self.attemptNote, HeldStep.feasibility)
        while true {
            switch standing(of: note) {
            case .settled: return try initialBoth()
            case .undecided(let happened): try decide(about: note, happened, canGoOn: step.canBeExcused)
            case .open:
                do {
                    return try perform(isFresh: isFresh)
                } catch  where !isEnd(error) {
                    let happened = "\(error)"
                    try record(.differed, notes: [note, .init("happened", cutting: happened)])
                }
            }
        }
    }

    /// Whether an error ends the run: somebody stopped it, or decided so.
    private func isEnd(_ error: any Error) -> Bool { error is Abandonment || error as? CeremonyError == interruption }

    private func decide(about attempt: TranscriptLine.Note, _ happened: String, canGoOn: Bool) throws {
        let decision = try raiseException(
            expected: attempt.text,
            happened: happened,
            attempt: attempt,
            choices: canGoOn ? [.goOn, .again, .abandon] : [.again, .abandon]
        )
        if decision == .again {
            showStep()
        }
    }

    private enum Standing {
        case open
        case undecided(happened: String)
        case settled
    }

    /// The note of lines that an attempt has made, and of the exception about it: nobody types one.
    private static let attemptNote = "attempt"

    /// Where an attempt stands, by what is written down of it in this step.
    private func standing(of note: TranscriptLine.Note) -> Standing {
        guard let last = acts.last(where: { $0.notes.contains(note) }) else {
            return .open
        }
        switch last.act {
        case .differed: return .undecided(happened: last.text("happened") ?? "")
        case .exception: return last.text("decision") == Decision.again.rawValue ? .open : .settled
        default: return .settled
        }
    }
}

extension TranscriptLine {
    /// The text of the first note of a name.
    func text(_ name: String) -> String? { notes.first { $0.name == name }?.text }
}
