// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files

// Who may be absent, come, take over a role, and put right what was typed.
extension ActCheck {
    /// What a line says of people cannot be so, or is not for whoever wrote it to say.
    ///
    /// - Parameter roll: As it was before the line.
    mutating func checkPeople(of line: TranscriptLine, _ roll: RollCall, in transcript: Transcript) {
        let actor = line.actor
        if roll.participant(actor) == nil, !line.act.brings(actor) {
            note(line, "\(actor): nobody of the plan's people")
        } else if roll.absent.contains(actor), !line.act.mayBeOfAbsent {
            note(line, "'\(line.act.word)' by \(actor), who is absent")
        }
        switch line.act {
        case .absent(let name):
            if !roll.isThere(name) {
                note(line, "\(name): absent already, or nobody of the plan's people")
            }
            let role: Role = roll.holder(of: .administrator) == name ? .operator : .administrator
            demand(role, of: line, roll)
        case .arrived(let initials):
            if !roll.absent.contains(actor) {
                note(line, "\(actor) has come, and was not absent")
            }
            checkInitials(initials, of: line, roll)
        case .initialled(let initials): checkInitials(initials, of: line, roll)
        case .attested(let said): checkInitials(said.initials, of: line, roll)
        case .replaced(let replacement):
            if let fault = roll.fault(of: replacement) {
                note(line, fault)
            }
            if replacement.role != .administrator {
                demand(.administrator, of: line, roll)
            } else if !(roll.isAlternate(actor, for: .administrator) && actor == replacement.to) {
                demand(.officer, of: line, roll)
            }
        case .corrected(let correction):
            if let fault = Self.fault(
                of: correction,
                in: transcript.cut(before: line.sequence),
                of: plan,
                step: line.step
            ) {
                note(line, fault)
            }
            demand(.administrator, of: line, roll)
        default: break
        }
    }

    /// Initials are those that somebody gave first.
    private mutating func checkInitials(_ initials: String, of line: TranscriptLine, _ roll: RollCall) {
        if let known = roll.initials[line.actor] {
            if !known.isEqual(bytesOf: initials) {
                note(line, "initials \(initials.quoted), where \(line.actor) gave \(known.quoted) before")
            }
        } else if !Initials.allows(initials) {
            note(line, "\(initials.quoted): no initials")
        }
    }

    /// Notes a line by somebody who has not the role for it.
    mutating func demand(_ role: Role, of line: TranscriptLine, _ roll: RollCall) {
        if !roll.roles(of: line.actor).contains(role) {
            note(line, "'\(line.act.word)' by \(line.actor), who is not the \(role.title)")
        }
    }

    /// Replacements that the plan does not name have an exception, and no step is done while a leading role is nobody's.
    mutating func checkRoles(_ roll: RollCall, at line: TranscriptLine) {
        for role in Role.leading where roll.holders(of: role).isEmpty {
            note(line, "done, and no \(role.title) is there")
        }
    }

    /// Why something cannot be corrected so, or nothing.
    ///
    /// - Parameters:
    ///   - transcript: Up to the correction.
    ///   - step: The one that is under way.
    static func fault(
        of correction: Act.Correction,
        in transcript: Transcript,
        of plan: Plan,
        step: String
    ) -> String? {
        let standing = transcript.standing
        guard let line = standing.first(where: { $0.sequence == correction.line }), let entry = line.act.entry,
            line.step.isEqual(bytesOf: step) || (step.isEqual(bytesOf: StepRow.exceptions) && !line.act.isInitials)
        else {
            return "line \(correction.line): nothing that can be corrected in this step"
        }
        guard entry.isEqual(bytesOf: correction.old), !correction.new.isEqual(bytesOf: correction.old) else {
            return "line \(correction.line): says \(entry.quoted)"
        }
        switch line.act {
        case .bagged where !Act.Bag.allows(correction.new): return Act.Bag.rule
        case .bagged(let bag):
            if !line.step.isEqual(bytesOf: step), bag.direction == .out, let expected = bag.expected,
                !expected.isEqual(bytesOf: correction.new)
            {
                return "\(bag.medium): another bag than \(expected) is decided about as the bags are opened"
            }
            let medium = plan.media.first { $0.label.isEqual(bytesOf: bag.medium) }
            return medium.flatMap {
                Inventory(of: plan, transcript).fault(ofBag: correction.new, with: $0, bag.direction)
            }
        case .entered(let field):
            return Act.Field.allows(correction.new, in: field.name) ? nil : Act.Field.rule(of: field.name)
        case .numbered: return nil
        default:
            // Later ones are those of the first line.
            let isFirst = !standing.contains {
                $0.sequence < line.sequence && $0.actor == line.actor && $0.act.isInitials
            }
            return !isFirst
                ? "line \(correction.line): initials that were given before"
                : Initials.allows(correction.new) ? nil : "\(correction.new.quoted): no initials"
        }
    }
}

extension Act {
    /// Whether somebody's initials stand in it.
    var isInitials: Bool {
        switch self {
        case .initialled, .arrived: true
        default: false
        }
    }

    /// Whether it says who is there: also before a step that an interruption cut off begins again.
    var isOfPeople: Bool {
        switch self {
        case .initialled, .absent, .arrived, .replaced: true
        default: false
        }
    }

    /// Whether somebody who is in no plan may write it as their first line.
    fileprivate func brings(_ name: Name) -> Bool {
        if case .replaced(let replacement) = self { replacement.to == name } else { false }
    }

    /// Whether it can be the line of somebody who is absent.
    fileprivate var mayBeOfAbsent: Bool {
        switch self {
        case .arrived, .opened, .resumed: true
        default: false
        }
    }
}
