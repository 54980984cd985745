// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow
import Files
import SecretSharing
import SystemPackage

// Who takes part: those with a card or a key first, each named by its digest.
extension DraftPlan {
    func drawPeople() throws {
        let people = try peopleGiven()
        let known = Set(draft.names)
        for name in Set(people.cardNames + people.openSSHSigners).sorted() where !known.contains(name.description) {
            draft.addPerson(name.description)
        }
        try addOthers()
        for name in draft.names {
            try pin(name, by: people)
            try ask(name, people.card(of: try Name(name)), isNew: !known.contains(name))
        }
    }

    /// The cards of the directories, or else those of the plan before.
    private func peopleGiven() throws -> PeopleGiven {
        if cards.isEmpty, draft.names.isEmpty, console != nil, let typed = try line("Directory of the people's cards") {
            return try PeopleGiven(at: [FilePath(typed)])
        }
        let old = draft.names.compactMap { draft["\($0).card"]?.text }.map { folder.pushing(FilePath($0)) }
        return try PeopleGiven(at: cards.isEmpty ? old : cards)
    }

    /// Those without a card, such as a keeper: whose full name is given beforehand, or who are named now.
    private func addOthers() throws {
        var names = given.keys.compactMap { $0.rest(before: ".fullName") }
            .sortedByBytes()
        if draft.names.allSatisfy({ draft["\($0).fullName"] == nil }), console != nil {
            let typed = try line("Others, without a card: their short names, with blanks between [none]")
            names += typed?.words(between: " ") ?? []
        }
        for name in names where !draft.names.contains(name) {
            guard (try? Name(name)) != nil else {
                throw DraftError.wrong(member: name, needed: "a short name, such as bob")
            }
            draft.addPerson(name)
        }
    }

    /// Names somebody's file by its digest; one that is another than last time is compared first.
    private func pin(_ name: String, by people: PeopleGiven) throws {
        let person = try Name(name)
        let isKey = people.openSSHSigners.contains(person)
        guard let digest = people.digest(of: person, isPublicKey: isKey) else {
            return
        }
        let member = "\(name).sha256"
        let confirmed = given.removeValue(forKey: member).flatMap { SHA256Digest(parted: $0) }
        if let old = draft[member]?.text, old != "\(digest)", confirmed != digest {
            guard console != nil else {
                throw DraftError.anotherCard(name: name, was: old, is: digest)
            }
            console?.say("\(name)'s card is another one than last time; its SHA-256 is now")
            digest.hexRows.forEach { console?.say("    \($0)") }
            guard try line("Type 'yes' when \(name) has read it to you over a second channel") == "yes" else {
                throw DraftError.stopped
            }
        }
        let path = isKey ? people.publicKeyFile(of: person) ?? "" : people.path(of: person)
        draft["\(name).card"] = .string(try relative(path))
        draft[member] = .string("\(digest)")
    }

    /// - Parameter isNew: Whether the plan before had nobody of that name: else what it left out is left out.
    private func ask(_ name: String, _ card: Card?, isNew: Bool) throws {
        for entry in PlanQuestion.ofPerson {
            let question = entry.question(of: name, proposal(of: entry.member, of: name, card))
            if entry.isAsked && (isNew || !entry.isOptional) || given[question.member] != nil {
                try ask(question)
            } else if case .known(let text) = question.proposal, draft[question.member] == nil {
                draft[question.member] = .string(text)
            }
        }
    }

    private func proposal(of member: String, of name: String, _ card: Card?) -> PlanQuestion.Proposal {
        let found: String? =
            switch member {
            case "fullName": card?.fullName
            case "site": card?.site
            case "organisation": card?.organisation
            case "roles": roleByPolicy(name)
            default: nil
            }
        if let found {
            return .known(found)
        }
        switch member {
        // Those with a card whom nothing names are mostly custodians, where the policy is of all.
        case "roles" where card != nil: return .usual(Role.custodian.rawValue)
        case "site": return lastSite.map { .usual($0) } ?? .none
        default: return .none
        }
    }

    private var lastSite: String? { draft.people.last { $0["site"] != nil }?["site"]?.text }

    /// The role that policy or officers name somebody for.
    private func roleByPolicy(_ name: String) -> String? {
        let roles = [("escrow.policy", Role.custodian), ("escrow.officers", .officer)].filter { member, _ in
            let text = draft[member]?.text.flatMap { try? PolicyText($0) }
            return text?.names.contains { $0.description == name } ?? false
        }
        return roles.isEmpty ? nil : roles.map(\.1.rawValue).joined(separator: ", ")
    }
}

extension PolicyText {
    /// Everybody whom it names.
    fileprivate var names: [Name] {
        switch self {
        case .custodian(let name): [name]
        case .all: []
        case .gate(_, let members): members.flatMap(\.names)
        }
    }
}
