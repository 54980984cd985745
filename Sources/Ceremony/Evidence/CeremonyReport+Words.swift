// SPDX-License-Identifier: Apache-2.0

import Audit
import Encoding
import Files

// What the report says in sentences.
extension CeremonyReport {
    /// How it ended, and what there is to read about it.
    var verdict: String {
        let exceptions = transcript.exceptions.count
        let count =
            switch exceptions {
            case 0: "without an exception"
            case 1: "with 1 exception, which was decided"
            default: "with \(exceptions) exceptions, which were decided"
            }
        let against = evidence.count.disagreed
        let voices = against == 0 ? "" : " \(against) of those who attested \(against == 1 ? "does" : "do") not agree."
        switch transcript.lines.last?.act {
        case .closed: return "CLOSED: the script was followed to its end, \(count).\(voices)"
        case .abandoned: return "ABANDONED at step \(title(of: transcript.lines.last?.step ?? "")), \(count).\(voices)"
        default: return "NOT CLOSED: its record has no end."
        }
    }

    /// A step as the sheet calls it.
    func title(of step: String) -> String { script.step(step).map { "\($0.number), \($0.title)" } ?? step }

    /// Somebody with their full name, whoever they are.
    func fullName(of name: Name) -> String { roll.participant(name)?.inFull ?? name.description }

    /// Who had signed the plan, as its signatures were verified in the ceremony.
    var approvers: String {
        guard let step = held.first(where: { $0.step.act == .planSignatures }), step.done != nil else {
            return "its signatures were not verified"
        }
        guard let line = step.met.last else {
            return "too few officers, as an exception says"
        }
        guard let signed = line.remark("result")?.rest(after: "signed by ") else {
            return "as many officers as it needs"
        }
        let names = signed.words(between: " ").map { $0.rest(before: ",") ?? $0 }
        return names.map { name in (try? Name(name)).map(fullName) ?? name }.joined(separator: ", ")
    }

    /// When it was to be held, and when it was.
    var times: String {
        let (first, last) = (transcript.lines.first?.time, transcript.lines.last?.time)
        let real = "held from \(first?.forPeople ?? "never") to \(last?.forPeople ?? "never")"
        return "planned for \(plan.date.forPeople), standby \(plan.standby.forPeople); \(real)"
    }

    /// One stop, and how it went on.
    struct Interruption {
        let step: String
        let stopped: Timestamp
        let resumed: Timestamp
        /// The program that went on, in words.
        let program: String
    }

    var stops: [Interruption] {
        zip(transcript.lines, transcript.lines.dropFirst()).compactMap { before, line in
            guard line.act == .resumed else {
                return nil
            }
            let named = line.files.first { $0.name.isEqual(bytesOf: ProgramUse.fileName) }?.sha256
            let program =
                switch named {
                case nil: "none was named"
                case plan.tool: "the plan's"
                case let other?: "another program, SHA-256 \(other.short)…"
                }
            return Interruption(
                step: title(of: line.step),
                stopped: before.time,
                resumed: line.time,
                program: program
            )
        }
    }

    /// The roles that somebody had at the end; those whom they were to stand in for, where they had none.
    func roles(of person: Plan.Participant) -> String {
        let roles = roll.roles(of: person.name)
        return roles.isEmpty ? person.inWords : roles.map(\.title).joined(separator: ", ")
    }

    /// Where somebody was, as lines say it in their order.
    func attendance(of person: Plan.Participant) -> String {
        var words: [String] = []
        for line in transcript.standing {
            switch line.act {
            case .absent(person.name): words.append("absent, step \(number(of: line.step))")
            case .arrived where line.actor == person.name: words.append("came, step \(number(of: line.step))")
            case .replaced(let replacement) where replacement.to == person.name:
                words.append("\(replacement.role.title) in the place of \(replacement.from)")
            default: break
            }
        }
        return words.isEmpty ? "present" : words.joined(separator: "; ")
    }

    private func number(of step: String) -> String { script.step(step).map { "\($0.number)" } ?? step }
}

extension Act.Decision {
    /// What came of it.
    var inWords: String {
        switch self {
        case .goOn: "the ceremony went on"
        case .again: "it was done again"
        case .abandon: "the ceremony was abandoned"
        }
    }
}
