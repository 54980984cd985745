// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files

/// A plan that is being made: its members as they will stand in the file, with whatever an earlier one has besides.
///
/// A member is called as `ceremony check` calls it: `title`, `escrow.policy`, `bob.site`, `USB-01.serial`.
struct PlanDraft {
    private var members: [String: JSONValue]
    private(set) var people: [[String: JSONValue]]
    private(set) var media: [[String: JSONValue]]

    init() {
        (members, people, media) = (["format": .string(Plan.format.format)], [], [])
    }

    /// - Parameter plan: A plan, or a draft of one.
    init(_ plan: JSONValue) {
        members = plan.members
        people = members.removeValue(forKey: "people")?.items.map(\.members) ?? []
        media = members.removeValue(forKey: "media")?.items.map(\.members) ?? []
    }

    /// As the draft is kept.
    var json: JSONValue {
        let lists = ["people": people, "media": media].mapValues { JSONValue.array($0.map(JSONValue.object)) }
        return .object(members.merging(lists) { $1 })
    }

    /// As the plan is written: what was said to be left out is.
    var plan: [UInt8] { Array(PlanLayout.text(of: json.withoutEmptyTexts).utf8) }

    /// What a member is that somebody left out: nobody is asked for it again.
    static let leftOut = JSONValue.string("")

    /// The objects of a plan that are one each.
    static let parts = ["ca": Plan.Authority.memberNames, "escrow": Plan.EscrowTerms.memberNames, "tool": ["sha256"]]

    /// The names of the people, in order.
    var names: [String] { people.compactMap { $0["name"]?.text } }

    /// The labels of the media, in order.
    var labels: [String] { media.compactMap { $0["label"]?.text } }

    /// A person's or a medium's members, or those of a part.
    private enum Place {
        case plan(String)
        case part(String, String)
        case person(Int, String)
        case medium(Int, String)
    }

    private func place(of member: String) -> Place? {
        let words = member.parts(between: ".")
        guard words.count > 1, let key = words.last else {
            return .plan(member)
        }
        let head = words.dropLast().joined(separator: ".")
        if Self.parts[head] != nil {
            return .part(head, key)
        }
        if let index = people.firstIndex(where: { $0["name"]?.text == head }) {
            return .person(index, key)
        }
        return media.firstIndex { $0["label"]?.text == head }.map { .medium($0, key) }
    }

    /// Where a member is in the plan, as a fault of it says: `people[2].site`.
    func path(of member: String) -> String {
        switch place(of: member) {
        case .person(let index, let key)?: "people[\(index)].\(key)"
        case .medium(let index, let key)?: "media[\(index)].\(key)"
        case .plan, .part, nil: member
        }
    }

    subscript(member: String) -> JSONValue? {
        get {
            switch place(of: member) {
            case .plan(let key)?: members[key]
            case .part(let part, let key)?: members[part]?.members[key]
            case .person(let index, let key)?: people[index][key]
            case .medium(let index, let key)?: media[index][key]
            case nil: nil
            }
        }
        set {
            switch place(of: member) {
            case .plan(let key)?: members[key] = newValue
            case .part(let part, let key)?:
                var inside = members[part]?.members ?? [:]
                inside[key] = newValue
                members[part] = .object(inside)
            case .person(let index, let key)?: people[index][key] = newValue
            case .medium(let index, let key)?: media[index][key] = newValue
            case nil: preconditionFailure("nobody sets a member of what is not there: \(member)")
            }
        }
    }

    mutating func addPerson(_ name: String) { people.append(["name": .string(name)]) }

    mutating func removePerson(_ name: String) {
        people.removeAll { $0["name"]?.text == name }
        media.removeAll { $0["holder"]?.text == name }
    }

    mutating func removeMedia(where isToGo: ([String: JSONValue]) -> Bool) { media.removeAll(where: isToGo) }

    /// Somebody else's place: media that lay where they were go with them.
    mutating func moveMedia(of holder: String, from old: JSONValue?, to site: JSONValue?) {
        for index in media.indices where media[index]["holder"]?.text == holder && media[index]["site"] == old {
            media[index]["site"] = site
        }
    }

    mutating func add(_ medium: [String: String]) { media.append(medium.mapValues(JSONValue.string)) }

    /// Those with a role, in order.
    func people(with role: Role) -> [String] {
        people.filter { $0["roles"]?.items.contains(.string(role.rawValue)) == true }.compactMap { $0["name"]?.text }
    }
}

extension JSONValue {
    fileprivate var withoutEmptyTexts: JSONValue {
        switch self {
        case .object(let members):
            .object(members.filter { $0.value != PlanDraft.leftOut }.mapValues(\.withoutEmptyTexts))
        case .array(let items): .array(items.map(\.withoutEmptyTexts))
        default: self
        }
    }
}
