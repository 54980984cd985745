// SPDX-License-Identifier: Apache-2.0

package import Encoding
import Escrow
import Files

/// A plan as far as it can be read, and all that is wrong with it.
///
/// JSON in any layout, to the last member. What is wrong with one member keeps no other from being looked at.
struct PlanReading {
    /// The whole plan; nothing when something is wrong with it.
    private(set) var plan: Plan?
    /// Those who can be read.
    private(set) var people: [(person: Plan.Participant, place: String, subject: String)] = []
    private(set) var authority: Plan.Authority?
    private(set) var inventory: String?
    /// The names of everybody, also of those who cannot be read.
    private var names: [String] = []
    let faults: PlanFaults

    /// - Throws: ``PlanError/syntax(_:)``: nothing can be said about the rest.
    init(json bytes: [UInt8]) throws(PlanError) {
        let value: JSONValue
        let places: JSONPlaces
        do throws(JSONSyntaxError) {
            (value, places) = try JSONValue.withPlaces(bytes)
        } catch {
            throw .syntax(error)
        }
        faults = PlanFaults(in: places)
        names = value.members["people"]?.items.map { $0.members["name"]?.text ?? "" } ?? []
        if case .object(let members) = value, members["format"] == nil, members["people"] != nil, members.count <= 2 {
            readPeopleAlone(value)
        } else {
            read(value)
        }
    }

    /// - Throws: ``PlanError/faults(_:)`` unless nothing is wrong.
    func check() throws(PlanError) {
        guard faults.isEmpty else {
            throw .faults(faults.inOrder)
        }
    }

    /// A finding with the line of what it is about, and people in words of the plan.
    func located(_ finding: PlanFinding) -> PlanFinding {
        let text: String
        switch finding.place {
        case .person(let name):
            guard let (_, place, subject) = people.first(where: { $0.person.name == name }) else {
                return finding
            }
            let rest = finding.text.rest(after: "\(name)") ?? ": \(finding.text)"
            text = "line \(faults.line(of: place)): \(subject)\(rest)"
        case .member(let path): text = "line \(faults.line(of: path)): \(finding.text)"
        case nil: return finding
        }
        return PlanFinding(severity: finding.severity, code: finding.code, text: text)
    }

    private mutating func read(_ value: JSONValue) {
        guard var members = PlanMembers(value, Plan.memberNames, at: "", as: Plan.format, faults) else {
            return
        }
        let kind = members.take("kind", Form<Plan.Kind>.word)
        let title = members.take("title", .text)
        let isRehearsal = members.optional("rehearsal", .boolean) ?? false
        let date = members.take("date", .timestamp)
        let standby = members.take("standby", .timestamp)
        let place = members.take("place", .text)
        authority = Self.authority(&members)
        let escrow = Self.escrow(&members)
        let tool = Self.tool(&members)
        people = Self.people(&members)
        inventory = members.optional("inventory", .text)
        let media = Self.media(&members)
        let note = members.noteText
        if let date, let standby, date >= standby {
            faults.note(.standbyNotLater, at: "standby")
        }
        if inventory != nil, kind == .backup {
            faults.note(.inventory(.backup), at: "inventory")
        }
        if let kind, let escrow {
            check(escrow, kind, isRehearsal)
        }
        checkRoles()
        check(media)
        // A policy of people of whom some cannot be read would be of others than meant.
        if let escrow, faults.isEmpty {
            for (field, reason) in PlanPolicies(escrow, among: people.map(\.person)).faults {
                faults.note(reason, at: field)
            }
        }
        guard faults.isEmpty, let kind, let title, let date, let standby, let place, let authority, let escrow, let tool
        else {
            return
        }
        plan = Plan(
            kind: kind,
            title: title,
            isRehearsal: isRehearsal,
            date: date,
            standby: standby,
            place: place,
            authority: authority,
            escrow: escrow,
            tool: tool.digest,
            toolNote: tool.note,
            people: people.map(\.person),
            inventory: inventory,
            media: media.map(\.medium),
            note: note
        )
    }

    /// A file that holds nothing but `people`.
    private mutating func readPeopleAlone(_ value: JSONValue) {
        if var members = PlanMembers(value, ["people"], at: "", faults) {
            people = Self.people(&members)
        }
    }

    // MARK: What holds between the parts, before any card is looked at

    private func check(_ escrow: Plan.EscrowTerms, _ kind: Plan.Kind, _ isRehearsal: Bool) {
        // A rehearsal may make a CA of its own.
        let mayLackStore = kind == .drill || (kind == .backup && isRehearsal)
        if escrow.store == nil ? !mayLackStore : kind == .drill {
            faults.note(.store(kind, isGiven: escrow.store != nil), at: "escrow.store")
        }
        if escrow.occasion != nil, kind != .backup || escrow.store == nil {
            faults.note(.occasion, at: "escrow.occasion")
        }
    }

    private func checkRoles() {
        // Whoever cannot be read may have the role.
        guard people.count == names.count, !names.isEmpty else {
            return
        }
        for role in [Role.administrator, .operator, .witness] {
            let found = people.map(\.person).filter { $0.roles.contains(role) }
            if found.isEmpty {
                faults.note(.nobody(role: role), at: "people")
            } else if found.count > 1, role.isOnePersons {
                faults.note(.several(role: role, found.map(\.name)), at: "people")
            }
        }
    }

    private func check(_ media: [(medium: Plan.Medium, place: String, subject: String)]) {
        for (medium, place, subject) in media where !names.contains(medium.holder.description) {
            let error = DocumentError.wrongValue(field: "holder", expected: "one of the people")
            faults.note(.document(error), at: "\(place).holder", of: subject)
        }
    }
}

extension Plan {
    /// What kind of file it is: its member `format`, and the namespace of signatures over it.
    package static let format = DocumentFormat.plan

    /// How many bytes of a plan are read.
    package static let byteLimit = 256 << 10

    /// How many people, and how many media, a plan may have.
    package static let memberLimit = 1000

    /// Reads a plan from the bytes of a file.
    ///
    /// - Throws: ``PlanError``
    package init(json bytes: [UInt8]) throws(PlanError) {
        let reading = try PlanReading(json: bytes)
        try reading.check()
        guard let plan = reading.plan else {
            throw .faults([PlanFault(.document(.missing(field: "format")))])
        }
        self = plan
    }

    /// The people of a file that holds nothing but `people`, or those of a whole plan.
    ///
    /// - Throws: ``PlanError``
    package static func people(json bytes: [UInt8]) throws(PlanError) -> [Participant] {
        let reading = try PlanReading(json: bytes)
        try reading.check()
        return reading.people.map(\.person)
    }
}
