// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Files

// What people type, and what they may always type instead.
extension LiveCeremony {
    /// An answer at the terminal; `x` raises an exception first, `people` says who comes or leaves, `stop` interrupts.
    ///
    /// - Throws: ``CeremonyError/interrupted(step:title:)``, ``PeopleChanged``
    func ask(_ prompt: String) throws -> String {
        while true {
            if let answer = try askOrEnter(prompt) {
                return answer
            }
        }
    }

    /// Waits for Enter, before something is done that asks by itself.
    func waitForEnter(_ prompt: String) throws {
        while try askOrEnter("\(prompt): Enter") != nil {}
    }

    /// Asks, and takes Enter alone for no answer, where ``ask(_:)`` asks again.
    func askOrEnter(_ prompt: String) throws -> String? {
        let prompt = takingMediumOut(prompt)
        while true {
            switch try line("\(prompt) [x: exception, people, stop]") {
            case "x": try raiseByHand()
            case "people": try changePeople()
            case let answer: return answer
            }
        }
    }

    /// Somebody's initials: those that they gave at sign-in.
    func askInitials(of name: Name, as what: String) throws -> String {
        while true {
            let answer = try ask("Initials of \(fullName(of: name)), \(what)")
            if isFit(answer, as: name) {
                return answer
            }
        }
    }

    /// Operator and witness give their initials, in one line, to what was typed in the step.
    ///
    /// The number of an entry corrects it instead. Whoever has given them in this step is not asked again.
    func initialBoth() throws {
        let both = [(operatorName, Role.operator.title), (witness, Role.witness.title)]
        let left = both.filter { !held.isInitialled(by: $0.0) }
        let prompt = left.map { "\(fullName(of: $0.0)), \($0.1)" }.joined(separator: ", and of ")
        while !left.isEmpty {
            let entries = show(held.entries)
            let isLast = step.identifier == StepRow.exceptions
            let choice =
                isLast
                ? " ('correct': a number that was typed wrong in a step before)"
                : entries.isEmpty ? "" : ", or the number of what is wrong"
            let answer = try ask("Initials of \(prompt)\(choice)")
            if isLast, answer == "correct" {
                try correctEarlier()
                continue
            }
            if let number = Int(answer), entries.indices.contains(number - 1) {
                try correct(entries[number - 1], among: entries)
                continue
            }
            let typed = answer.words(between: " ")
            guard typed.count == left.count else {
                screen.say(
                    left.count == 1
                        ? "the initials of one person are needed"
                        : "the initials of \(left.count) people are needed, with a blank between them"
                )
                continue
            }
            if zip(typed, left).allSatisfy({ isFit($0, as: $1.0) }) {
                for (initials, (name, _)) in zip(typed, left) {
                    try record(.initialled(initials), by: name)
                }
                return
            }
        }
    }

    /// Somebody's initials, or nothing where a word is typed instead.
    ///
    /// - Parameter meaning: When the word is typed.
    func askInitials(
        of name: Name,
        as what: String,
        or word: String,
        _ meaning: String = "if they are not here"
    ) throws -> String? {
        while true {
            let answer = try ask("Initials of \(fullName(of: name)), \(what) ('\(word)' \(meaning))")
            if answer == word {
                return nil
            }
            if isFit(answer, as: name) {
                return answer
            }
        }
    }

    func isFit(_ answer: String, as name: Name) -> Bool {
        guard Initials.allows(answer) else {
            screen.say("initials are 1 to 4 letters, and none of \(Initials.commands.joined(separator: ", "))")
            return false
        }
        guard let given = roll.initials[name] else {
            if let other = roll.initials.first(where: { $0.value.isEqual(bytesOf: answer) })?.key {
                screen.say("\(fullName(of: other)) has the same initials: the record tells them apart by their names")
            }
            return true
        }
        guard given.isEqual(bytesOf: answer) else {
            screen.say("\(fullName(of: name)) gave the initials \(given) before")
            return false
        }
        return true
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

    func fullName(of name: Name) -> String { roll.participant(name)?.fullName ?? name.description }

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
