// SPDX-License-Identifier: Apache-2.0

import Custody

// What went otherwise than expected, and what the administrator decides about it.
extension LiveCeremony {
    /// What is done about something that went otherwise than expected.
    enum Decision: String {
        case goOn = "go on"
        case again
        case abandon
    }

    /// Writes an exception down, with what the administrator decides.
    ///
    /// - Parameters:
    ///   - expected: Asked for when not known.
    ///   - attempt: What it settles: nothing when somebody raised it by hand.
    ///   - choices: In the order in which they are shown.
    /// - Throws: ``Abandonment`` when the ceremony ends with it.
    @discardableResult
    func raiseException(
        expected: String?,
        happened: String?,
        attempt: TranscriptLine.Note? = nil,
        choices: [Decision] = [.goOn, .abandon]
    ) throws -> Decision {
        screen.say("Exception \(transcript.exceptions.count + 1)")
        let expected = try expected ?? text("What was expected")
        let happened = try happened ?? text("What happened")
        for line in [("expected", expected), ("happened", happened)] {
            screen.say(line.1, first: "\(line.0): ", rest: "  ")
        }
        let decided = try text("What is decided, in words")
        let words = choices.map { "'\($0.rawValue)'" }
        let prompt = "\(words.dropLast().joined(separator: ", ")) or \(words.last ?? "")"
        var decision: Decision?
        while decision == nil {
            let answer = Decision(rawValue: try text("\(fullName(of: administrator)): \(prompt)"))
            decision = answer.flatMap { choices.contains($0) ? $0 : nil }
        }
        try record(
            .exception,
            by: administrator,
            notes: [
                .init("expected", cutting: expected), .init("happened", cutting: happened), .init("decided", decided),
                .init("decision", decision?.rawValue ?? ""),
            ] + [attempt].compactMap(\.self)
        )
        guard decision != .abandon else {
            throw try abandonment()
        }
        return decision ?? .goOn
    }

    /// Writes down that the ceremony ends here.
    func abandonment() throws -> Abandonment {
        try record(.abandoned, by: administrator)
        return Abandonment()
    }

    /// The step of a decision to end the ceremony, after which an interruption came before it was carried out.
    var decidedEnd: Step? {
        guard let last = transcript.lines.last(where: { $0.act != .resumed }), let decision = last.text("decision")
        else {
            return nil
        }
        return [Decision.abandon.rawValue, Self.noGo].contains(decision) ? script.step(last.step) : nil
    }

    /// What the administrator says to end the ceremony before its point of no return.
    static let noGo = "NO-GO"
}

/// The administrator has decided that the ceremony ends here.
struct Abandonment: Error {}
