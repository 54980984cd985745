// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// What happened, as a line of a transcript says it.
///
/// *docs/format-ceremony.md, section 4.25, "What a line says".*
package indirect enum Act: Hashable, Sendable {
    /// The ceremony was opened; the first line.
    case opened
    /// It goes on after an interruption.
    case resumed
    /// A step was begun.
    case began
    /// Somebody gave their initials.
    case initialled(String)
    /// Somebody is not there, or has left.
    case absent(Name)
    /// Somebody who was absent has come, with their initials.
    case arrived(String)
    /// Somebody took over a role whose holder is absent.
    case replaced(Replacement)
    /// What was typed in a line is put right.
    case corrected(Correction)
    /// The program and its libraries were looked at.
    case checked
    /// Something is as expected, such as two digests that are one.
    case compared(Expectation, Clocks? = nil)
    /// Something was done, and came out as expected.
    case made(Expectation)
    /// Something is not as expected, or could not be done.
    case differed(Expectation, happened: String, Clocks? = nil)
    /// The administrator has let the ceremony go on to its point of no return, or not.
    case decided(Verdict)
    /// The number of a bag was written down.
    case bagged(Bag)
    /// The serial number of a medium was written down.
    case numbered(Serial)
    /// A field of the run sheet was filled in.
    case entered(Field)
    /// Somebody said how the ceremony went.
    case attested(Statement)
    /// Files of the bundle are named: what the ceremony leaves.
    case kept
    /// What was expected did not happen, and something was decided about it.
    case exception(Exception)
    /// The step is done.
    case done
    /// The ceremony ends here, before its end.
    case abandoned
    /// The last line.
    case closed
    /// Notes that no act of this word has: it counts as nothing.
    case unfit(Word)

    /// What the administrator says before the point of no return.
    package enum Verdict: String, Sendable {
        case go = "GO"
        case noGo = "NO-GO"
    }

    /// The bag that a medium came out of, or went into.
    package struct Bag: Hashable, Sendable {
        package enum Direction: String, Sendable {
            case out
            case into = "in"
        }

        let medium: String
        var number: String
        let direction: Direction
        /// The number that an earlier inventory has.
        var expected: String?
    }

    /// What stands on a medium itself.
    package struct Serial: Hashable, Sendable {
        let medium: String
        var number: String

        /// What is written down where nothing stands on it.
        static let none = EarlierInventory.noSerial
    }

    /// What was found at a step that no paper or digest says.
    package struct Field: Hashable, Sendable {
        /// As the table of steps calls it.
        let name: String
        var text: String
    }

    /// A role that passed from one to another.
    package struct Replacement: Hashable, Sendable {
        let role: Role
        let from: Name
        let to: Name
        /// Of somebody who is in no plan.
        var fullName: String?

        /// What the plan has, as an exception about it says.
        var expectation: Expectation { .holder(from, of: role) }
    }

    /// One value in the place of another.
    package struct Correction: Hashable, Sendable {
        /// The number of the line that says the old one.
        let line: Int
        let old: String
        let new: String
    }

    /// What somebody said at the end.
    package struct Statement: Hashable, Sendable {
        /// Whether it went as the sheet says; not to agree is an answer.
        let agrees: Bool
        /// What they added.
        let exceptions: String?
        let initials: String
    }

    /// Something that went otherwise than expected, with what the administrator decided about it.
    package struct Exception: Hashable, Sendable {
        let expected: Expectation
        let happened: String
        /// In words.
        let decided: String
        let decision: Decision
        /// Whether it is about something that the program attempted: one that was raised by hand settles nothing.
        var isOfAttempt = false
    }

    /// What is done about something that went otherwise than expected.
    package enum Decision: String, Sendable {
        case goOn = "go on"
        case again
        case abandon
    }

    /// What of it was typed and can be corrected, or nothing.
    var entry: String? {
        switch self {
        case .initialled(let initials), .arrived(let initials): initials
        case .bagged(let bag): bag.number
        case .numbered(let serial): serial.number
        case .entered(let field): field.text
        default: nil
        }
    }

    /// The act with another text in the place of the one that was typed.
    func corrected(to text: String) -> Act {
        switch self {
        case .initialled: return .initialled(text)
        case .arrived: return .arrived(text)
        case .bagged(var bag):
            bag.number = text
            return .bagged(bag)
        case .numbered(var serial):
            serial.number = text
            return .numbered(serial)
        case .entered(var field):
            field.text = text
            return .entered(field)
        default: return self
        }
    }

    /// Whether the ceremony ends with it: only that it was abandoned can follow.
    var isEnd: Bool {
        switch self {
        case .decided(let verdict): verdict == .noGo
        case .exception(let exception): exception.decision == .abandon
        default: false
        }
    }
}

/// The machine's clock, and another one that it was held against.
package struct Clocks: Hashable, Sendable {
    let machine: Timestamp
    /// Hours and minutes in UTC, such as `09:14`.
    let wall: String
    /// The time on the wall, in minutes of the day.
    private let wallMinutes: Int

    /// - Returns: `nil` when the other clock shows no time of a day.
    init?(machine: Timestamp, wall: String) {
        guard let moment = Timestamp("2000-01-01T\(wall):00Z") else {
            return nil
        }
        (self.machine, self.wall, wallMinutes) = (machine, wall, moment.minuteOfDay)
    }

    /// How far they are apart: around midnight 23:59 and 00:01 are two minutes.
    var minutesApart: Int {
        let apart = abs(machine.minuteOfDay - wallMinutes)
        return min(apart, 1440 - apart)
    }

    /// How far they may be apart, in minutes.
    static let tolerance = 5
}

extension Timestamp {
    fileprivate var minuteOfDay: Int { secondsSinceEpoch % 86400 / 60 }
}
