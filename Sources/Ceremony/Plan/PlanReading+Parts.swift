// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Files

// The names that members have, in the order in which they are written; and the parts of a plan.
extension Plan {
    static let memberNames = [
        "format", "kind", "title", "rehearsal", "date", "standby", "place", "inventory", "ca", "escrow", "tool",
        "people",
        "media",
    ]
}

extension Plan.Authority {
    static let memberNames = ["certificate", "sha256"]
}

extension Plan.EscrowTerms {
    static let memberNames = ["path", "store", "occasion", "policy", "officers", "pkcs12", "purpose"]
}

extension Plan.Participant {
    static let memberNames = [
        "name", "fullName", "roles", "alternateFor", "card", "sha256", "identity", "site", "organisation", "line",
    ]
}

extension Plan.Medium {
    static let memberNames = ["label", "content", "holder", "site", "serial"]
}

extension PlanReading {
    static func authority(_ plan: inout PlanMembers) -> Plan.Authority? {
        guard var members = plan.object("ca", Plan.Authority.memberNames) else {
            return nil
        }
        let certificate = members.take("certificate", .text)
        let sha256 = members.take("sha256", .partedDigest)
        guard let certificate, let sha256 else {
            return nil
        }
        return Plan.Authority(certificate: certificate, sha256: sha256, note: members.noteText)
    }

    static func tool(_ plan: inout PlanMembers) -> (digest: SHA256Digest, note: String?)? {
        guard var members = plan.object("tool", ["sha256"]), let digest = members.take("sha256", .partedDigest) else {
            return nil
        }
        return (digest, members.noteText)
    }

    static func escrow(_ plan: inout PlanMembers) -> Plan.EscrowTerms? {
        guard var members = plan.object("escrow", Plan.EscrowTerms.memberNames) else {
            return nil
        }
        let path = members.take("path", .text)
        let store = members.optional("store", .text)
        let occasion = members.optional("occasion", .word(among: Backup.givenOccasions.map(\.rawValue)))
        let policy = members.policy("policy", PolicyText.init(_:))
        let officers = members.policy("officers", PolicyText.init(approval:))
        let pkcs12 = members.optional("pkcs12", .text)
        let purpose = members.optional("purpose", .text)
        guard let path, let policy, let officers else {
            return nil
        }
        return Plan.EscrowTerms(
            path: path,
            store: store,
            occasion: occasion.flatMap(Occasion.init),
            policy: policy,
            officers: officers,
            pkcs12: pkcs12,
            purpose: purpose,
            note: members.noteText
        )
    }

    // MARK: People

    static func people(_ plan: inout PlanMembers) -> [(person: Plan.Participant, place: String, subject: String)] {
        let (items, faults) = (plan.list("people"), plan.faults)
        check(items, each: "name", in: "people", faults)
        return items.enumerated().compactMap { index, item in
            let (place, subject) = ("people[\(index)]", subject(of: index, in: items))
            guard var members = PlanMembers(item, Plan.Participant.memberNames, at: place, of: subject, faults) else {
                return nil
            }
            return person(&members).map { ($0, place, subject) }
        }
    }

    private static func person(_ members: inout PlanMembers) -> Plan.Participant? {
        let name = members.take("name", .name)
        let fullName = members.take("fullName", .text)
        let hasRoles = members.has("roles")
        let roles = members.roles("roles", among: Role.allCases)
        let alternateFor = members.has("alternateFor") ? members.roles("alternateFor", among: Role.leading) : []
        if let roles, let alternateFor, hasRoles, (roles + alternateFor).isEmpty {
            members.refuse("roles", needed: "at least one role, here or in alternateFor")
        }
        let isOfCard = members.has("card")
        let card = members.optional("card", .text)
        let sha256 = members.optional("sha256", .partedDigest)
        if !isOfCard, sha256 != nil {
            members.refuse("sha256", needed: "a card that it is of")
        }
        let identity = members.optional("identity", .text)
        let site = members.take("site", .text)
        let organisation = members.optional("organisation", .text)
        let line = members.optional("line", .text)
        guard let name, let fullName, let roles, let alternateFor, let site else {
            return nil
        }
        return Plan.Participant(
            name: name,
            fullName: fullName,
            roles: roles,
            alternateFor: alternateFor,
            card: card,
            sha256: sha256,
            identity: identity,
            site: site,
            organisation: organisation,
            line: line,
            note: members.noteText
        )
    }

    /// Who somebody is, in words of the plan: `custodian 9, bob` is the ninth custodian.
    private static func subject(of index: Int, in people: [JSONValue]) -> String {
        let words = people[index].members["name"]?.text.flatMap { try? Name($0).description }
        let role = people[index].firstRole
        let number = people[...index].count { role == nil || $0.firstRole == role }
        return "\(role?.rawValue ?? "person") \(number)" + (words.map { ", \($0)" } ?? "")
    }

    // MARK: Media

    static func media(_ plan: inout PlanMembers) -> [(medium: Plan.Medium, place: String, subject: String)] {
        let (items, faults) = (plan.list("media"), plan.faults)
        check(items, each: "label", in: "media", faults)
        return items.enumerated().compactMap { index, item in
            let label =
                item.members["label"]?.text.flatMap { labelLengths.contains($0.utf8.count) ? ", \($0)" : nil } ?? ""
            let (place, subject) = ("media[\(index)]", "medium \(index + 1)\(label)".cutToText)
            guard var members = PlanMembers(item, Plan.Medium.memberNames, at: place, of: subject, faults) else {
                return nil
            }
            return medium(&members).map { ($0, place, subject) }
        }
    }

    /// How many characters a label has: it stands in texts of the transcript, and on the bag.
    private static let labelLengths = 1...60

    private static func medium(_ members: inout PlanMembers) -> Plan.Medium? {
        let label = members.take("label", .string)
        if let label, !labelLengths.contains(label.utf8.count) {
            members.refuse("label", needed: "1 to 60 characters")
        }
        let content = members.take("content", Form<Plan.Medium.Content>.word)
        let holder = members.take("holder", .name)
        let site = members.take("site", .text)
        let serial = members.optional("serial", .text)
        guard let label, let content, let holder, let site else {
            return nil
        }
        return Plan.Medium(
            label: label,
            content: content,
            holder: holder,
            site: site,
            serial: serial,
            note: members.noteText
        )
    }

    /// No more than anybody reviews, and none by the name of another.
    private static func check(_ items: [JSONValue], each key: String, in field: String, _ faults: PlanFaults) {
        if items.count > Plan.memberLimit {
            faults.note(.tooMany(field: field, count: items.count, limit: Plan.memberLimit), at: field)
        }
        var seen: Set<String> = []
        for (index, item) in items.enumerated() {
            if let word = item.members[key]?.text, !seen.insert(word).inserted {
                faults.note(.twice(field: field, word), at: "\(field)[\(index)].\(key)")
            }
        }
    }
}

extension PlanMembers {
    /// Roles, each once.
    fileprivate mutating func roles(_ key: String, among roles: [Role]) -> [Role]? {
        let found = list(key, .word(among: roles.map(\.rawValue)))?.compactMap(Role.init)
        if let found, Set(found).count != found.count {
            refuse(key, needed: "each role once")
        }
        return found
    }
}

extension String {
    /// A text of a plan between quotation marks: as it is, but for what is not seen.
    var inQuotes: String {
        let shown = unicodeScalars.map { scalar in
            scalar.isHidden ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
        }
        return "'\(shown.joined())'"
    }
}

extension JSONValue {
    /// The first of somebody's roles, or of those that they take over.
    fileprivate var firstRole: Role? {
        ["roles", "alternateFor"].lazy.compactMap { members[$0]?.items.first?.text.flatMap(Role.init) }.first
    }
}
