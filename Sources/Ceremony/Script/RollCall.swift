// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files

/// Who is there and who has which role: what the plan says, until a line of the transcript says otherwise.
///
/// *docs/format-ceremony.md, section 4.25, "People".*
struct RollCall: Sendable {
    private let plan: Plan
    /// Those who stepped in and are nobody of the plan's people, in order.
    private(set) var guests: [Plan.Participant] = []
    private(set) var absent: Set<Name> = []
    /// Initials as they were given first: at sign-in, or by whoever came later.
    private(set) var initials: [Name: String] = [:]
    /// Who took a role over, in order.
    private(set) var replacements: [Act.Replacement] = []

    /// - Parameter lines: As corrections leave them.
    init(of plan: Plan, _ lines: some Sequence<TranscriptLine> = []) {
        self.plan = plan
        lines.forEach { take($0) }
    }

    /// Takes what a line says of people; a role that nobody can take so stays where it is, and ``ActCheck`` says why.
    mutating func take(_ line: TranscriptLine) {
        switch line.act {
        case .absent(let name): absent.insert(name)
        case .arrived(let initials):
            absent.remove(line.actor)
            self.initials[line.actor] = self.initials[line.actor] ?? initials
        case .initialled(let initials): self.initials[line.actor] = self.initials[line.actor] ?? initials
        case .replaced(let replacement) where fault(of: replacement) == nil:
            replacements.append(replacement)
            if let fullName = replacement.fullName, participant(replacement.to) == nil {
                guests.append(.guest(replacement.to, fullName, at: plan.place))
            }
        default: break
        }
    }

    /// The plan's people, and those who stepped in.
    var everybody: [Plan.Participant] { plan.people + guests }

    /// Those who have not been called absent, in the same order.
    var present: [Plan.Participant] { everybody.filter { !absent.contains($0.name) } }

    func participant(_ name: Name) -> Plan.Participant? { everybody.first { $0.name == name } }

    func isThere(_ name: Name) -> Bool { participant(name) != nil && !absent.contains(name) }

    /// The roles that somebody has now: those of the plan, without those that passed to others, and with those taken over.
    func roles(of name: Name) -> [Role] {
        var roles = plan.participant(name)?.roles ?? []
        for replacement in replacements {
            if replacement.from == name {
                roles.removeAll { $0 == replacement.role }
            } else if replacement.to == name {
                roles.append(replacement.role)
            }
        }
        return roles
    }

    /// Those who are there in a role.
    func holders(of role: Role) -> [Name] { present.map(\.name).filter { roles(of: $0).contains(role) } }

    /// Who has a role now, or had it and has left it to nobody yet.
    func holder(of role: Role) -> Name {
        let names = everybody.map(\.name).filter { roles(of: $0).contains(role) }
        guard let name = names.first(where: isThere) ?? names.first else {
            preconditionFailure("a role passes from one to another: a plan without it is none")
        }
        return name
    }

    /// Whether the plan names somebody as one who may take a role over.
    func isAlternate(_ name: Name, for role: Role) -> Bool {
        plan.participant(name)?.alternateFor.contains(role) == true
    }

    /// Why somebody cannot take a role over, or nothing.
    func fault(of replacement: Act.Replacement) -> String? {
        let (role, to) = (replacement.role, replacement.to)
        if !Role.leading.contains(role) {
            return "\(role.title): not a role that passes to somebody else"
        }
        if !roles(of: replacement.from).contains(role) || isThere(replacement.from) {
            return "\(replacement.from): not an absent \(role.title)"
        }
        if (participant(to) == nil) != (replacement.fullName != nil) {
            return "\(to): a full name is needed of somebody who is in no plan, and of nobody else"
        }
        if absent.contains(to) {
            return "\(to): absent"
        }
        if let other = roles(of: to).first(where: Role.leading.contains) {
            return "\(to): \(other.title) already"
        }
        return nil
    }

    /// Replacements by somebody whom the plan does not name for it, of which no exception says why.
    ///
    /// Where the ceremony was abandoned in the very step, nobody was asked for it any more.
    func unexplained(in transcript: Transcript) -> [Act.Replacement] {
        let explained = transcript.exceptions.map(\.raised.expected)
        let last = transcript.lines.last.flatMap { $0.act == .abandoned ? $0.step : nil }
        let cutOff = transcript.lines.filter { $0.step == last }.map(\.act)
        return replacements.filter { replacement in
            !isAlternate(replacement.to, for: replacement.role) && !explained.contains(replacement.expectation)
                && !cutOff.contains(.replaced(replacement))
        }
    }
}

extension Role {
    /// Roles without which nothing goes on, each another person's.
    static let leading: [Role] = [.administrator, .operator, .witness]
}

extension Plan.Participant {
    /// Somebody who stepped in and is in no plan.
    fileprivate static func guest(_ name: Name, _ fullName: String, at site: String) -> Self {
        Self(
            name: name,
            fullName: fullName,
            roles: [],
            alternateFor: [],
            card: nil,
            sha256: nil,
            identity: nil,
            site: site,
            organisation: nil,
            line: nil,
            note: nil
        )
    }
}

/// What initials are: of few letters, and no word that means something else where they are asked for.
enum Initials {
    static func allows(_ text: String) -> Bool {
        let letters = text.unicodeScalars
        return (1...4).contains(letters.count)
            && letters.allSatisfy { alphabets.contains($0.properties.generalCategory) }
            && !commands.contains(bytesOf: text.lowercasedASCII)
    }

    private static let alphabets: [Unicode.GeneralCategory] = [
        .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
    ]

    /// Words that are answers or commands.
    static let commands = ["x", "back", "no", "stop", "yes"]
}
