// SPDX-License-Identifier: Apache-2.0

import Ceremony
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
    /// What came of it is written down before anybody decides: an interruption in between changes nothing.
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
        let note = TranscriptLine.Note("expected", cutting: expected)
        while true {
            switch standing(of: note) {
            case .settled: return
            case .undecided(let happened):
                let decision = try raiseException(expected: note.text, happened: happened)
                if decision == .again {
                    showStep()
                }
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

    private enum Standing {
        case open
        case undecided(happened: String)
        case settled
    }

    /// Where it stands, by what is written down of it in this step.
    private func standing(of expected: TranscriptLine.Note) -> Standing {
        guard let last = acts.last(where: { $0.notes.contains(expected) }) else {
            return .open
        }
        let notes = Dictionary(last.notes.map { ($0.name, $0.text) }) { first, _ in first }
        switch last.act {
        case .differed: return .undecided(happened: notes["happened"] ?? "")
        case .exception: return notes["decision"] == Decision.again.rawValue ? .open : .settled
        default: return .settled
        }
    }
}
