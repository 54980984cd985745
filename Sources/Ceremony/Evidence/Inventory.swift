// SPDX-License-Identifier: Apache-2.0

package import Custody

/// Where every medium of a ceremony is: what the bags said when they were opened and closed.
package struct Inventory: Sendable {
    package static let format = DocumentFormat("inventory")

    package struct Item: Sendable {
        package let medium: Plan.Medium
        /// The number of the bag that it came out of.
        package let bagOut: String?
        /// The number of the bag that it went into.
        package let bagIn: String?
    }

    /// In the order of the plan.
    package let items: [Item]

    /// What the transcript says of the plan's media.
    package init(of plan: Plan, _ transcript: Transcript) {
        items = plan.media.map { medium in
            Item(
                medium: medium,
                bagOut: Self.bag(of: medium.label, "out", transcript),
                bagIn: Self.bag(of: medium.label, "in", transcript)
            )
        }
    }

    /// The medium in a bag of this number.
    package func medium(inBag number: String, _ direction: String) -> String? {
        items.first { (direction == "out" ? $0.bagOut : $0.bagIn) == number }?.medium.label
    }

    private static func bag(of label: String, _ direction: String, _ transcript: Transcript) -> String? {
        let notes = transcript.lines.filter { $0.act == .noted }.map { line in
            Dictionary(line.notes.map { ($0.name, $0.text) }) { first, _ in first }
        }
        return notes.last { $0["medium"] == label && $0["direction"] == direction }?["bag"]
    }

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
            members["bagOut"] = item.bagOut.map { .string($0) }
            members["bagIn"] = item.bagIn.map { .string($0) }
            return JSONValue.object(members)
        }
        return JSONValue.object(["format": .string(Self.format.format), "items": .array(items)]).encoded()
    }
}
