// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow

// What people type, and what they may always type instead.
extension LiveCeremony {
    /// An answer at the terminal; `x` raises an exception first, `stop` interrupts the ceremony.
    ///
    /// - Throws: ``CeremonyError/interrupted(step:title:)``
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
            screen.say("initials are 2 to 6 letters")
        }
    }

    /// A line of text without blanks around it, or nothing for Enter alone; `stop` and the end of input interrupt.
    ///
    /// - Throws: ``CeremonyError/interrupted(step:title:)``
    func line(_ prompt: String) throws -> String? {
        while true {
            let typed: String?
            do throws(Absence) {
                typed = try screen.line(prompt)
            } catch {
                throw interruption
            }
            guard let answer = typed?.trimmed, !answer.isEmpty else {
                return nil
            }
            guard answer != "stop" else {
                throw interruption
            }
            if TextRule.allows(answer) {
                return answer
            }
            screen.say("1 to 500 characters, no control or invisible ones")
        }
    }

    /// Somebody stopped the ceremony, or there is no more input.
    var interruption: CeremonyError { .interrupted(step: step.number, title: step.title) }

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
    package var trimmed: String {
        let blanks = Array(" \t\r".utf8)
        let bytes = utf8.drop(while: blanks.contains).reversed().drop(while: blanks.contains).reversed()
        return String(decoding: Array(bytes), as: UTF8.self)
    }
}
