// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files

// The words and notes by which a line says what happened: the only place that knows them.
extension Act {
    /// The member `act` of a line.
    package enum Word: String, CaseIterable, Sendable {
        case opened, resumed, began, initialled, absent, arrived, replaced, corrected, compared, differed, noted,
            exception, done, abandoned, closed
    }

    /// The names of notes that mean something; a line may have others, for people.
    enum Key: String {
        case attempt, happened, expected, decided, decision, initials, medium, bag, direction, serial, machine, wall
        case attestation, exceptions, name, role, from, to, fullname, line, old, new
        case field, text
    }

    package var word: Word {
        switch self {
        case .opened: .opened
        case .resumed: .resumed
        case .began: .began
        case .initialled: .initialled
        case .absent: .absent
        case .arrived: .arrived
        case .replaced: .replaced
        case .corrected: .corrected
        case .checked, .compared: .compared
        case .differed: .differed
        case .made, .decided, .bagged, .numbered, .entered, .attested, .kept: .noted
        case .exception: .exception
        case .done: .done
        case .abandoned: .abandoned
        case .closed: .closed
        case .unfit(let word): word
        }
    }

    /// Its notes that mean something, in the order in which they are written.
    var notes: [(key: Key, text: String)] {
        let all: [(Key, String?)] =
            switch self {
            case .initialled(let initials), .arrived(let initials): [(.initials, initials)]
            case .absent(let name): [(.name, name.description)]
            case .replaced(let replacement):
                [
                    (.role, replacement.role.rawValue), (.from, replacement.from.description),
                    (.to, replacement.to.description), (.fullname, replacement.fullName),
                ]
            case .corrected(let correction):
                [(.line, "\(correction.line)"), (.old, correction.old), (.new, correction.new)]
            case .compared(let expected, let clocks): [(.attempt, "\(expected)")] + Self.notes(of: clocks)
            case .made(let expected): [(.attempt, "\(expected)")]
            case .differed(let expected, let happened, let clocks):
                [(.attempt, "\(expected)"), (.happened, happened)] + Self.notes(of: clocks)
            case .decided(let verdict): [(.decision, verdict.rawValue)]
            case .bagged(let bag):
                [
                    (.medium, bag.medium), (.bag, bag.number), (.direction, bag.direction.rawValue),
                    (.expected, bag.expected),
                ]
            case .numbered(let serial): [(.medium, serial.medium), (.serial, serial.number)]
            case .entered(let field): [(.field, field.name), (.text, field.text)]
            case .attested(let said):
                [
                    (.attestation, said.agrees ? "agree" : "disagree"), (.exceptions, said.exceptions),
                    (.initials, said.initials),
                ]
            case .exception(let raised):
                [
                    (.expected, "\(raised.expected)"), (.happened, raised.happened), (.decided, raised.decided),
                    (.decision, raised.decision.rawValue),
                    (.attempt, raised.isOfAttempt ? "\(raised.expected)" : nil),
                ]
            case .opened, .resumed, .began, .checked, .kept, .done, .abandoned, .closed, .unfit: []
            }
        return all.compactMap { key, text in text.map { (key, $0) } }
    }

    private static func notes(of clocks: Clocks?) -> [(Key, String?)] {
        [(.machine, clocks?.machine.description), (.wall, clocks?.wall)]
    }

    /// What a word and notes say: an act that has these notes and no others, each once, in whatever order.
    init(_ word: Word, _ notes: [(name: String, text: String)]) {
        let known = notes.compactMap { note in Key(rawValue: note.name).map { ($0, note.text) } }
        let said = Dictionary(known) { first, _ in first }
        let act = Self.reading(word, said)
        let isSaid = act.notes.allSatisfy { said[$0.key]?.isEqual(bytesOf: $0.text) == true }
        self = isSaid && act.notes.count == known.count ? act : .unfit(word)
    }

    /// The act that comes next to a word and notes: what they lack it has, and they do not say the same.
    private static func reading(_ word: Word, _ said: [Key: String]) -> Act {
        func text(_ key: Key) -> String { said[key] ?? "" }
        let attempt = Expectation(text(.attempt))
        let clocks = Timestamp(text(.machine)).flatMap { Clocks(machine: $0, wall: text(.wall)) }
        return switch word {
        case .opened: .opened
        case .resumed: .resumed
        case .began: .began
        case .initialled: .initialled(text(.initials))
        case .absent: (try? Name(text(.name))).map { .absent($0) } ?? .unfit(word)
        case .arrived: .arrived(text(.initials))
        case .replaced: replacement(said).map { .replaced($0) } ?? .unfit(word)
        case .corrected: correction(said).map { .corrected($0) } ?? .unfit(word)
        case .compared: said[.attempt] == nil ? .checked : .compared(attempt, clocks)
        case .differed: .differed(attempt, happened: text(.happened), clocks)
        case .noted where said[.attempt] != nil: .made(attempt)
        case .noted where said[.decision] != nil: .decided(Verdict(rawValue: text(.decision)) ?? .noGo)
        case .noted where said[.serial] != nil: .numbered(Serial(medium: text(.medium), number: text(.serial)))
        case .noted where said[.field] != nil:
            Field.allows(text(.text), in: text(.field))
                ? .entered(Field(name: text(.field), text: text(.text))) : .unfit(word)
        case .noted where said[.medium] != nil && !Bag.allows(text(.bag)): .unfit(word)
        case .noted where said[.medium] != nil:
            .bagged(
                Bag(
                    medium: text(.medium),
                    number: text(.bag),
                    direction: Bag.Direction(rawValue: text(.direction)) ?? .out,
                    expected: said[.expected]
                )
            )
        case .noted where said[.attestation] != nil:
            .attested(
                Statement(
                    agrees: text(.attestation) == "agree",
                    exceptions: said[.exceptions],
                    initials: text(.initials)
                )
            )
        case .noted: .kept
        case .exception:
            .exception(
                Exception(
                    expected: Expectation(text(.expected)),
                    happened: text(.happened),
                    decided: text(.decided),
                    decision: Decision(rawValue: text(.decision)) ?? .abandon,
                    isOfAttempt: said[.attempt] != nil
                )
            )
        case .done: .done
        case .abandoned: .abandoned
        case .closed: .closed
        }
    }

    private static func correction(_ said: [Key: String]) -> Correction? {
        guard let line = Int(said[.line] ?? ""), line > 0 else {
            return nil
        }
        return Correction(line: line, old: said[.old] ?? "", new: said[.new] ?? "")
    }

    private static func replacement(_ said: [Key: String]) -> Replacement? {
        guard let role = Role(rawValue: said[.role] ?? ""), let from = try? Name(said[.from] ?? ""),
            let to = try? Name(said[.to] ?? "")
        else {
            return nil
        }
        return Replacement(role: role, from: from, to: to, fullName: said[.fullname])
    }
}
