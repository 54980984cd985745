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

    /// Somebody stopped the ceremony, or there is no more input.
    var interruption: Diagnostic {
        Diagnostic(
            "step \(step.number), '\(step.title)': interrupted; what is done is written down",
            hint: "go on with: \(command)",
            .notYet
        )
    }

    func fullName(of name: Name) -> String { plan.participant(name)?.fullName ?? name.description }

    /// A line of text, asked for until there is one.
    func text(_ prompt: String) throws -> String {
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
        let blanks = Array(" \t\r".utf8)
        let bytes = utf8.drop(while: blanks.contains).reversed().drop(while: blanks.contains).reversed()
        return String(decoding: Array(bytes), as: UTF8.self)
    }
}
