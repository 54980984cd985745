// SPDX-License-Identifier: Apache-2.0

package import Custody

/// Where every medium of a ceremony is: what the bags said when they were opened and closed.
package struct Inventory: Sendable {
    package static let format = DocumentFormat("inventory")

    package struct Item: Sendable {
        package let medium: Plan.Medium
        /// The number of the bag that the ceremony before put it into, as the transcript says.
        package let expected: String?
        /// The number of the bag that it came out of.
        package let bagOut: String?
        /// The number of the bag that it went into.
        package let bagIn: String?

        /// Whether it came back in another bag than it was put into.
        package var hasChanged: Bool { expected != nil && bagOut != nil && expected != bagOut }
    }

    /// In the order of the plan.
    package let items: [Item]

    /// What the transcript says of the plan's media.
    package init(of plan: Plan, _ transcript: Transcript) {
        var bags: [Key: [String: String]] = [:]
        for notes in transcript.lines.lazy.filter({ $0.act == .noted }).map(\.texts) {
            if let medium = notes["medium"], let direction = notes["direction"], notes["bag"] != nil {
                bags[Key(medium: medium, direction: direction)] = notes
            }
        }
        items = plan.media.map { medium in
            let out = bags[Key(medium: medium.label, direction: "out")]
            return Item(
                medium: medium,
                expected: out?["expected"],
                bagOut: out?["bag"],
                bagIn: bags[Key(medium: medium.label, direction: "in")]?["bag"]
            )
        }
    }

    private struct Key: Hashable {
        let medium: String
        let direction: String
    }

    /// The medium that came out of a bag of this number, or went into it: a bag is used once.
    package func medium(inBag number: String) -> String? {
        items.first { $0.bagOut == number || $0.bagIn == number }?.medium.label
    }

    /// Bag numbers that two media have in one direction, each with the labels: nobody can tell which is in it.
    package var duplicates: [(bag: String, media: [String])] {
        [items.map { ($0.bagOut, $0.medium.label) }, items.map { ($0.bagIn, $0.medium.label) }].flatMap { side in
            let labels = Dictionary(grouping: side.filter { $0.0 != nil }) { $0.0 ?? "" }
            return labels.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
                .map { (bag: $0.key, media: $0.value.map(\.1)) }
        }
    }

    /// Media that came back in another bag.
    package var changed: [Item] { items.filter(\.hasChanged) }

    /// Media of which a bag was not written down.
    package var unknown: [Item] { items.filter { $0.bagOut == nil || $0.bagIn == nil } }

    /// The canonical bytes of `inventory.json`.
    package func encoded() -> [UInt8] {
        let items = items.map { item in
            var members: [String: JSONValue] = [
                "content": .string(item.medium.content.rawValue),
                "holder": .string(item.medium.holder.description),
                "medium": .string(item.medium.label),
                "site": .string(item.medium.site),
            ]
            members["serial"] = item.medium.serial.map { .string($0) }
            members["expected"] = item.expected.map { .string($0) }
            members["bagOut"] = item.bagOut.map { .string($0) }
            members["bagIn"] = item.bagIn.map { .string($0) }
            return JSONValue.object(members)
        }
        var members: [String: JSONValue] = ["format": .string(Self.format.format)]
        if !items.isEmpty {
            members["items"] = .array(items)
        }
        return JSONValue.object(members).encoded()
    }
}
