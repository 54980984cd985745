// SPDX-License-Identifier: Apache-2.0

import Ceremony
import Custody
import Escrow
import SecretMemory

// What people type, and what they may always type instead.
extension LiveCeremony {
    /// An answer at the terminal; `x` raises an exception first, `stop` interrupts the ceremony.
    ///
    /// - Throws: ``Diagnostic`` with status 1 when it is interrupted.
    func ask(_ prompt: String) throws -> String {
        while true {
            switch try line("\(prompt) [x: exception, stop]") {
            case nil: continue
            case "x": try raiseException(expected: nil, happened: nil)
            case let answer?: return answer
            }
        }
    }

    /// Waits for Enter, before a command asks by itself.
    func waitForEnter(_ prompt: String) throws {
        while let answer = try line("\(prompt): Enter [x: exception, stop]") {
            if answer == "x" {
                try raiseException(expected: nil, happened: nil)
            }
        }
    }

    /// Somebody's initials: two to six letters.
    func askInitials(of name: Name, as what: String) throws -> String {
        while true {
            let answer = try ask("Initials of \(fullName(of: name)), \(what)")
            let letters = answer.unicodeScalars
            if (2...6).contains(letters.count), letters.allSatisfy({ $0.properties.isAlphabetic }) {
                return answer
            }
            CeremonyScreen.say("initials are 2 to 6 letters")
        }
    }

    /// A line of text without blanks around it, or nothing for Enter alone; `stop` and the end of input interrupt.
    ///
    /// - Throws: ``Diagnostic`` with status 1 when it is interrupted.
    func line(_ prompt: String) throws -> String? {
        var lines = CeremonyScreen.wrapped(prompt, first: "", rest: "")
        let last = lines.popLast() ?? ""
        while true {
            lines.forEach(CeremonyScreen.say)
            guard let answer = try answer(last)?.trimmed, !answer.isEmpty else {
                return nil
            }
            guard answer != "stop" else {
                throw interruption
            }
            if TextRule.allows(answer) {
                return answer
            }
            CeremonyScreen.say("1 to 500 characters, no control or invisible ones")
        }
    }

    private func answer(_ prompt: String) throws -> String? {
        do {
            return try Question.text(prompt, for: "the ceremony", else: "a terminal")
        } catch let error as Diagnostic where error == Diagnostic(.endOfInput, asking: "the ceremony", else: "") {
            throw interruption
        } catch let error as Diagnostic where error.status == .usage {
            error.report()  // a line that is too long: asked for again
            return nil
        }
    }

    private var interruption: Diagnostic {
        Diagnostic(
            "step \(step.number), '\(step.title)': interrupted; what is done is written down",
            hint: "go on with: \(command)",
            .notYet
        )
    }

    func fullName(of name: Name) -> String { plan.participant(name)?.fullName ?? name.description }

    // MARK: Exceptions

    /// What is done about something that went otherwise than expected.
    enum Decision: String {
        case goOn = "go on"
        case again
        case abandon
    }

    /// Writes an exception down, with what the administrator decides.
    ///
    /// - Parameter expected: Asked for when not known: then nothing is there to be done again.
    /// - Throws: ``Abandonment`` when the ceremony ends with it.
    @discardableResult
    func raiseException(expected: String?, happened: String?) throws -> Decision {
        CeremonyScreen.say("Exception \(transcript.exceptions.count + 1)")
        let canRepeat = expected != nil
        let expected = try expected ?? text("What was expected")
        let happened = try happened ?? text("What happened")
        for line in [("expected", expected), ("happened", happened)] {
            CeremonyScreen.wrapped(line.1, first: "\(line.0): ", rest: "  ").forEach(CeremonyScreen.say)
        }
        let decided = try text("What is decided, in words")
        let choices = canRepeat ? "'go on', 'again' or 'abandon'" : "'go on' or 'abandon'"
        var decision: Decision?
        while decision == nil || (decision == .again && !canRepeat) {
            decision = Decision(rawValue: try text("\(fullName(of: administrator)): \(choices)"))
        }
        try record(
            .exception,
            by: administrator,
            notes: [
                .init("expected", cutting: expected), .init("happened", cutting: happened), .init("decided", decided),
                .init("decision", decision?.rawValue ?? ""),
            ]
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

    private func text(_ prompt: String) throws -> String {
        while true {
            if let answer = try line("\(prompt) [stop]") {
                return answer
            }
        }
    }
}

extension String {
    /// Without blanks at its ends.
    var trimmed: String {
        let blanks: Set<Character> = [" ", "\t", "\r"]
        return String(String(drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }).reversed())
    }
}
