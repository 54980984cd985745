// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Escrow
import Files
import SystemPackage

// Who takes part: those with a card or a key first, each named by its digest.
extension DraftPlan {
    func drawPeople() throws {
        try meetPeople()
        try addOthers()
        for name in draft.names {
            try draw(name)
        }
    }

    /// Has everything said of somebody that is not known yet.
    func draw(_ name: String) throws {
        try pin(name)
        try ask(name, people.card(of: try Name(name)))
    }

    /// Everybody with a card or key takes part; whose they are is asked for when nothing says where these lie.
    func meetPeople() throws {
        while let console, people.officers.isEmpty, draft.names.isEmpty,
            let typed = try line("Directory of the people's cards [none]")
        {
            do throws(EscrowError) {
                people = try PeopleGiven(at: [FilePath(typed)])
                if people.officers.isEmpty {
                    console.say("\(typed): no NAME.card, no NAME.pub")
                }
            } catch {
                console.report(error)
            }
        }
        for name in people.officers.map(\.name) where !draft.names.contains(name.description) {
            draft.addPerson(name.description)
        }
        if !people.officers.isEmpty, draft["escrow.officers"] == nil, given["escrow.officers"] == nil {
            console?.say("Cards and keys: \(people.officers.map(\.name.description).joined(separator: ", "))")
        }
    }

    /// Those without a card, such as a keeper: whose full name is given beforehand, or who are named now.
    private func addOthers() throws {
        for name in given.keys.compactMap({ $0.rest(before: ".fullName") }).sortedByBytes() + namedByPolicies {
            try add(name)
        }
        guard draft.names.allSatisfy({ draft["\($0).fullName"] == nil }), console != nil else {
            return
        }
        while let typed = try line("Others, without a card: their short names, with blanks between [none]") {
            do {
                return try typed.words(between: " ").filter { !$0.isEmpty }.forEach(add)
            } catch let error as DraftError {
                console?.report(error)
            }
        }
    }

    /// Adds somebody, unless they take part already.
    func add(_ name: String) throws {
        do throws(NameError) {
            _ = try Name(name)
        } catch {
            throw DraftError.wrong(member: name, needed: "must be a short name, such as bob: \(error)")
        }
        if !draft.names.contains(name) {
            draft.addPerson(name)
            try keep()
        }
    }

    /// Names somebody's file by its digest; one that is another than last time is compared first.
    private func pin(_ name: String) throws {
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

    private func ask(_ name: String, _ card: Card?) throws {
        for entry in PlanQuestion.ofPerson {
            let question = entry.question(of: name, proposal(of: entry.member, of: name, card))
            if entry.isAsked || given[question.member] != nil {
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
        return found.map { .known($0) } ?? .none
    }
}
