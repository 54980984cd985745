// SPDX-License-Identifier: Apache-2.0

import Encoding

// What must be as expected before a step is done, or the administrator goes on without.
extension LiveCeremony {
    /// What came of an attempt.
    struct Outcome {
        /// Why it is not as expected.
        var fault: String?
        var files: [TranscriptLine.File] = []
        var clocks: Clocks?
        var remarks: [Remark] = []
    }

    /// Attempts something until it comes out as expected, or the administrator goes on without.
    ///
    /// What came of it is written down before anybody decides: an interruption in between changes nothing. Nobody goes on
    /// without a step that cannot be excused.
    ///
    /// - Parameters:
    ///   - isMaking: Whether something is done, and not compared.
    func ensure(
        _ expected: Expectation,
        by actor: Name? = nil,
        isMaking: Bool = false,
        _ attempt: () throws -> Outcome
    ) throws {
        while try isOpen(expected) {
            let outcome = try attempt()
            let act: Act =
                if let fault = outcome.fault {
                    .differed(expected, happened: fault.cutToText, outcome.clocks)
                } else {
                    isMaking ? .made(expected) : .compared(expected, outcome.clocks)
                }
            try record(act, by: actor, files: outcome.files, remarks: outcome.remarks)
        }
    }

    /// Does what the step asks for; what stops it, such as a file that cannot be read, needs an exception.
    ///
    /// - Parameter isFresh: Whether it was not begun before an interruption.
    func carryOut(isFresh: Bool) throws {
        while try isOpen(.feasible) {
            do {
                return try perform(isFresh: isFresh)
            } catch is PeopleChanged {
                // It begins again with those who are there now.
                showStep()
                return try carryOut(isFresh: false)
            } catch  where !isEnd(error) {
                try record(.differed(.feasible, happened: "\(error)".cutToText))
            }
        }
        try initialBoth()
    }

    /// Whether an error ends the run: somebody stopped it, or decided so.
    private func isEnd(_ error: any Error) -> Bool { error is Abandonment || error as? CeremonyError == interruption }

    /// Whether something is still to be attempted, by what is written down in this step; what differs is decided about.
    private func isOpen(_ expected: Expectation) throws -> Bool {
        while case .open(let happened) = held.standing(of: expected) {
            let decision = try raiseException(
                expected: expected,
                happened: happened,
                isOfAttempt: true,
                choices: step.canBeExcused ? [.goOn, .again, .abandon] : [.again, .abandon]
            )
            if decision == .again {
                showStep()
            }
        }
        return [nil, .again].contains(held.standing(of: expected))
    }
}
