// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Files

/// A member of a plan that somebody is asked for, or gives beforehand.
struct PlanQuestion {
    /// What is taken when only Enter is pressed.
    enum Proposal {
        case none
        /// What was found out: nobody is asked.
        case known(String)
        /// What a rule says: taken where nobody can be asked.
        case rule(String)
        /// What is often so, and only somebody can say.
        case usual(String)

        /// What is taken without a question.
        func taken(isAnybodyThere: Bool) -> String? {
            switch self {
            case .known(let text): text
            case .rule(let text): isAnybodyThere ? nil : text
            case .none, .usual: nil
            }
        }

        var text: String? {
            switch self {
            case .none: nil
            case .known(let text), .rule(let text), .usual(let text): text
            }
        }
    }

    /// What is typed for a member that is left out.
    static let nothing = "-"

    /// As `ceremony check` calls it.
    let member: String
    let words: String
    /// Without an answer the plan has no such member.
    var isOptional = false
    var form = Form.text
    var proposal = Proposal.none

    /// How what people type becomes a value.
    enum Form {
        case text
        case word([String])
        case moment
        case flag
        /// A file or a directory: typed from where one is, written from where the plan is.
        case path
        case policy
        /// Who approves: a name alone is one officer.
        case officers
        case name
        /// Roles with commas between, `alternate operator` among them.
        case roles
    }

    /// - Parameter relative: Turns a path that was typed into one from the plan's folder.
    /// - Throws: ``DraftError/wrong(member:needed:)``
    func value(of text: String, relative: (String) throws -> String) throws -> JSONValue {
        func wrong(_ needed: String) -> DraftError { .wrong(member: member, needed: needed) }
        switch form {
        case .text: break
        case .word(let words):
            guard words.contains(text) else {
                throw wrong("must be one of \(words.joined(separator: ", "))")
            }
        case .moment:
            guard let moment = Timestamp(text) ?? Self.moment(text) else {
                throw wrong("must be a time such as 2027-03-01 09:00, in UTC")
            }
            return .string("\(moment)")
        case .flag:
            guard ["true", "false"].contains(text) else {
                throw wrong("must be true or false")
            }
            return .boolean(text == "true")
        case .path: return .string(try relative(text))
        case .policy:
            do throws(PolicyTextError) {
                _ = try PolicyText(text)
            } catch {
                throw wrong("\(error): it is written '3 of all', or '2 of (alice, bob)'")
            }
        case .officers:
            do {
                let (threshold, names) = try PolicyText(approval: text).approvers()
                return .string("\(threshold) of (\(names.listed))")
            } catch let error as ApprovalError {
                throw DraftError.fault(PlanFault(.approval(error)))
            } catch {
                throw wrong("\(error): it is written '2 of (olga, omar)'")
            }
        case .name:
            do throws(NameError) {
                _ = try Name(text)
            } catch {
                throw wrong("must be a short name, such as bob: \(error)")
            }
        case .roles:
            guard PlanRoles(text) != nil else {
                let words = Role.allCases.map(\.rawValue).joined(separator: ", ")
                throw wrong("must be of \(words), or 'alternate operator', with commas between")
            }
        }
        guard TextRule.allows(text) else {
            throw wrong("must have 1 to 500 characters, none invisible and no control character")
        }
        return .string(text)
    }

    /// A draft with the answer.
    func put(_ value: JSONValue, into draft: PlanDraft) -> PlanDraft {
        var draft = draft
        guard case .roles = form, let roles = value.text.flatMap(PlanRoles.init) else {
            draft[member] = value
            return draft
        }
        let others = roles.alternateFor.map { JSONValue.string($0.rawValue) }
        draft[member] = .array(roles.roles.map { .string($0.rawValue) })
        draft[member.replacing(bytesOf: ".roles", with: ".alternateFor")] = others.isEmpty ? nil : .array(others)
        return draft
    }

    /// `2027-03-01 09:00`, in UTC.
    private static func moment(_ text: String) -> Timestamp? {
        let parts = text.words(between: " ")
        return parts.count == 2 ? Timestamp("\(parts[0])T\(parts[1]):00Z") : nil
    }
}

/// Somebody's roles as people type them: `custodian, alternate witness`.
struct PlanRoles {
    var roles: [Role] = []
    var alternateFor: [Role] = []

    init?(_ text: String) {
        for part in text.words(between: ",") {
            let words = part.words(between: " ").filter { !$0.isEmpty }
            if words.count == 1, let role = Role(rawValue: words[0]), !roles.contains(role) {
                roles.append(role)
            } else if words.count == 2, words[0] == "alternate", let role = Role(rawValue: words[1]),
                Role.leading.contains(role), !alternateFor.contains(role)
            {
                alternateFor.append(role)
            } else {
                return nil
            }
        }
        guard !(roles + alternateFor).isEmpty else {
            return nil
        }
    }
}
