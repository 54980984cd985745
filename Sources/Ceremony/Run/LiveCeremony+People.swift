// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files

// Who is there, who comes and goes, and who takes over a role that nothing goes on without.
extension LiveCeremony {
    /// Somebody came or left: the step begins again with those who are there now.
    struct PeopleChanged: Error {}

    /// Everybody of the plan gives initials or is absent; the roles that must be filled come first.
    func signIn(_ names: [Name]) throws {
        for role in Role.leading {
            for person in plan.people(with: role) {
                try call(person.name)
            }
            try fill(role)
        }
        for name in names {
            try call(name)
        }
        try reviewEntries()
        try explainReplacements()
    }

    private func call(_ name: Name) throws {
        guard roll.isThere(name), roll.initials[name] == nil else {
            return
        }
        let roles = plan.participant(name)?.inWords ?? ""
        while true {
            if let initials = try askInitials(of: name, as: roles, or: "absent") {
                return try record(.initialled(initials), by: name)
            }
            if try text("\(fullName(of: name)) is not here: yes or no") == "yes" {
                return try writeAbsence(of: name)
            }
        }
    }

    /// The administrator writes down who is absent; who the administrator is themselves, the operator does.
    private func writeAbsence(of name: Name) throws {
        let isAdministrator = roll.holder(of: .administrator) == name
        let roles = roll.roles(of: name)
        try record(.absent(name), by: isAdministrator ? operatorName : administrator)
        // Where others have the role as well, the ceremony goes on without, or with an alternate.
        for role in Role.leading where roles.contains(role) && !roll.holders(of: role).isEmpty {
            try offer(role, of: name)
        }
    }

    /// Has an alternate take over from somebody who is not the only one with a role, if there is one who does.
    private func offer(_ role: Role, of name: Name) throws {
        let alternates = alternates(for: role)
        while !alternates.isEmpty {
            let prompt = "Who takes over as \(role.title) (\(alternates.listed); Enter: nobody) [stop]"
            guard let typed = try line(prompt) else {
                return
            }
            if let to = alternates.first(where: { $0.description.isEqual(bytesOf: typed) }) {
                let replacement = Act.Replacement(role: role, from: name, to: to, fullName: nil)
                return try record(.replaced(replacement), by: try decider(of: replacement))
            }
        }
    }

    /// Those who are there and may take a role over, by the plan.
    private func alternates(for role: Role) -> [Name] {
        plan.people.map(\.name).filter { name in
            roll.isAlternate(name, for: role) && roll.isThere(name)
                && !roll.roles(of: name).contains(where: Role.leading.contains)
        }
    }

    /// Somebody comes later, or leaves.
    ///
    /// - Throws: ``PeopleChanged`` when it is so.
    func changePeople() throws {
        let typed = try text("Who comes, or leaves: the short name")
        guard let name = try? Name(typed), roll.participant(name) != nil else {
            return screen.say("\(typed.quoted): nobody of the plan's people is called so")
        }
        if roll.absent.contains(name) {
            guard let initials = try askInitials(of: name, as: "who comes", or: "absent") else {
                return
            }
            try record(.arrived(initials), by: name)
        } else {
            guard try text("\(fullName(of: name)) leaves: yes or no") == "yes" else {
                return
            }
            try writeAbsence(of: name)
            try fillRoles()
        }
        throw PeopleChanged()
    }

    /// Has somebody take over every leading role whose holder is absent.
    func fillRoles() throws {
        for role in Role.leading {
            try fill(role)
        }
        try explainReplacements()
    }

    private func fill(_ role: Role) throws {
        while roll.holders(of: role).isEmpty {
            let from = roll.holder(of: role)
            let names = alternates(for: role)
            let alternates = names.isEmpty ? "none is there" : names.listed
            let typed = try text(
                "No \(role.title) is there. Who takes over (alternates: \(alternates)): the short name"
            )
            guard let to = try? Name(typed) else {
                screen.say("\(typed.quoted): no short name")
                continue
            }
            let fullName =
                roll.participant(to) == nil ? try text("Full name of \(to), who is in no plan ('back': another)") : nil
            let replacement = Act.Replacement(role: role, from: from, to: to, fullName: fullName)
            if fullName == "back" {
                continue
            }
            if let fault = roll.fault(of: replacement) {
                screen.say(fault)
                continue
            }
            // One slip of the keyboard makes nobody a witness.
            let person = fullName ?? self.fullName(of: to)
            let words = "\(person) is no alternate of the plan and takes over as \(role.title): yes or no"
            guard try names.contains(to) || text(words) == "yes" else {
                continue
            }
            try record(.replaced(replacement), by: try decider(of: replacement))
        }
        for name in roll.holders(of: role) where roll.initials[name] == nil && isTaken(role, by: name) {
            try record(.initialled(try askInitials(of: name, as: role.title)), by: name)
        }
    }

    private func isTaken(_ role: Role, by name: Name) -> Bool {
        roll.replacements.contains { $0.role == role && $0.to == name }
    }

    /// Who decides on a replacement: the administrator; on the administrator's own the plan, or else an officer.
    private func decider(of replacement: Act.Replacement) throws -> Name {
        guard replacement.role == .administrator else {
            return administrator
        }
        guard !roll.isAlternate(replacement.to, for: .administrator) else {
            return replacement.to
        }
        while true {
            let typed = try text("The plan does not say so. The officer who decides it: the short name")
            if let name = try? Name(typed), roll.isThere(name), roll.roles(of: name).contains(.officer) {
                return name
            }
            screen.say("\(typed.quoted): no officer who is there")
        }
    }

    private func explainReplacements() throws {
        for replacement in roll.unexplained(in: transcript) {
            let fullName = roll.participant(replacement.to)?.fullName ?? ""
            try raiseException(
                expected: replacement.expectation,
                happened: "\(replacement.to) (\(fullName)) takes the role, and is no alternate of the plan"
            )
        }
    }

    // MARK: Corrections

    /// Shows what was typed in this step, and has it corrected until it is right.
    func reviewEntries() throws {
        while true {
            let entries = show(held.entries)
            guard !entries.isEmpty else {
                return
            }
            let answer = try line("Enter when all of it is right, or the number of what is not [people, stop]")
            guard let answer else {
                return
            }
            if answer == "people" {
                try changePeople()
            } else if let number = Int(answer), entries.indices.contains(number - 1) {
                try correct(entries[number - 1], among: entries)
            } else {
                screen.say("\(answer.quoted): Enter, or a number from 1 to \(entries.count)")
            }
        }
    }

    /// Shows what was typed, numbered from 1.
    func show(_ entries: [HeldStep.Entry]) -> [HeldStep.Entry] {
        for (number, entry) in entries.enumerated() {
            screen.say("\(number + 1)  \(entry.of): \(entry.text)")
        }
        return entries
    }

    /// Puts right what was typed; of a number that several media of one bag have, for all of them where that is wanted.
    ///
    /// - Parameter entries: Among which it was found.
    func correct(_ entry: HeldStep.Entry, among entries: [HeldStep.Entry]) throws {
        let right = try text("\(entry.of): what is right (\(fullName(of: administrator)) decides)")
        if let fault = fault(of: entry, as: right) {
            return screen.say(fault)
        }
        let same = entries.filter { $0.line.act.isOfSameBag(as: entry.line.act) }
        let isOfAll =
            try same.count > 1 && text("\(same.count) media are in bag \(entry.text). All of them: yes or no") == "yes"
        for each in isOfAll ? same : [entry] {
            if let fault = fault(of: each, as: right) {
                return screen.say(fault)
            }
            let correction = Act.Correction(line: each.line.sequence, old: each.text, new: right)
            try record(.corrected(correction), by: administrator)
        }
    }

    private func fault(of entry: HeldStep.Entry, as text: String) -> String? {
        let correction = Act.Correction(line: entry.line.sequence, old: entry.text, new: text)
        return ActCheck.fault(of: correction, in: transcript, of: plan, step: step.identifier)
            ?? strangeness(of: entry, as: text)
    }

    /// Why another serial number than the one that is expected is no correction: that is decided about as it is read.
    private func strangeness(of entry: HeldStep.Entry, as number: String) -> String? {
        guard case .numbered(let serial) = entry.line.act,
            let expected = plan.media.first(where: { $0.label.isEqual(bytesOf: serial.medium) })?.serial
                ?? files.earlier?.serials[serial.medium], !expected.isEqual(bytesOf: number)
        else {
            return nil
        }
        return "\(serial.medium): another serial number than \(expected) is decided about as it is read"
    }

    /// Puts right what was typed in steps before, at the end.
    func correctEarlier() throws {
        let entries = show(HeldStep.entries(in: transcript.standing).filter { !$0.line.act.isInitials })
        guard let answer = try line("The number of what is wrong (Enter: nothing) [stop]") else {
            return
        }
        guard let number = Int(answer), entries.indices.contains(number - 1) else {
            return screen.say("\(answer.quoted): Enter, or a number from 1 to \(entries.count)")
        }
        try correct(entries[number - 1], among: entries.filter { $0.line.step == entries[number - 1].line.step })
    }
}
