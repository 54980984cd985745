// SPDX-License-Identifier: Apache-2.0

// What went otherwise than expected, and what the administrator decides about it.
extension LiveCeremony {
    /// An exception that somebody raises, unless they take it back.
    func raiseByHand() throws {
        let expected = try text("What was expected ('back': no exception)")
        guard expected != "back" else {
            return
        }
        try raiseException(expected: Expectation(expected), happened: nil)
    }

    /// Writes an exception down, with what the administrator decides.
    ///
    /// - Parameters:
    ///   - isOfAttempt: Whether the program attempted it; nothing is settled when somebody raised it by hand.
    ///   - choices: In the order in which they are shown.
    /// - Throws: ``Abandonment`` when the ceremony ends with it.
    @discardableResult
    func raiseException(
        expected: Expectation,
        happened: String?,
        isOfAttempt: Bool = false,
        choices: [Act.Decision] = [.goOn, .abandon]
    ) throws -> Act.Decision {
        screen.alarm()
        screen.say("Exception \(transcript.exceptions.count + 1)")
        let happened = try happened ?? text("What happened")
        for line in [("expected", "\(expected)"), ("happened", happened)] {
            screen.say(line.1, first: "\(line.0): ", rest: "  ")
        }
        let decided = try text("What is decided, in words")
        let words = choices.map { "'\($0.rawValue)'" }
        let prompt = "\(words.dropLast().joined(separator: ", ")) or \(words.last ?? "")"
        while true {
            let answer = Act.Decision(rawValue: try text("\(fullName(of: administrator)): \(prompt)"))
            guard let decision = answer, choices.contains(decision),
                try decision != .abandon || text("The ceremony ends here, for good: yes or no") == "yes"
            else {
                continue
            }
            let raised = Act.Exception(
                expected: expected,
                happened: happened.cutToText,
                decided: decided,
                decision: decision,
                isOfAttempt: isOfAttempt
            )
            try record(.exception(raised), by: administrator)
            guard decision != .abandon else {
                throw try abandonment()
            }
            return decision
        }
    }

    /// Writes down that the ceremony ends here.
    func abandonment() throws -> Abandonment {
        try record(.abandoned, by: administrator)
        return Abandonment()
    }

    /// The step of a decision to end the ceremony, after which an interruption came before it was carried out.
    var decidedEnd: Step? {
        transcript.lines.last { $0.act != .resumed }.flatMap { $0.act.isEnd ? script.step($0.step) : nil }
    }
}

/// The administrator has decided that the ceremony ends here.
struct Abandonment: Error {}
