// SPDX-License-Identifier: Apache-2.0

package import Custody
import Files

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

        /// When ``bagOut`` was written down.
        package let timeOut: Timestamp?
        /// When ``bagIn`` was written down.
        package let timeIn: Timestamp?
        /// The plan's, or else what was read from the medium.
        package let serial: String?
        /// Whether it is where it was: its holder is absent, and has not brought it.
        let isAway: Bool

        /// What is expected of a medium that comes back, as an exception about it says.
        var expectation: Expectation { .bag(expected ?? "", of: medium.label) }

        /// Whether it came back in another bag than it was put into.
        package var hasChanged: Bool {
            if let expected, let bagOut { !expected.isEqual(bytesOf: bagOut) } else { false }
        }
    }

    let isRehearsal: Bool
    /// In the order of the plan.
    package let items: [Item]

    /// What the transcript says of the plan's media.
    package init(of plan: Plan, _ transcript: Transcript) {
        var opened: [String: (time: Timestamp, bag: Act.Bag)] = [:]
        var closed = opened
        let roll = RollCall(of: plan, transcript.standing)
        for line in transcript.standing {
            if case .bagged(let bag) = line.act {
                switch bag.direction {
                case .out: opened[bag.medium] = (line.time, bag)
                case .into: closed[bag.medium] = (line.time, bag)
                }
            }
        }
        isRehearsal = plan.isRehearsal
        items = plan.media.map { medium in
            let out = opened[medium.label]
            let back = closed[medium.label]
            return Item(
                medium: medium,
                expected: out?.bag.expected,
                bagOut: out?.bag.number,
                bagIn: back?.bag.number,
                timeOut: out?.time,
                timeIn: back?.time,
                serial: medium.serial ?? out?.bag.serial ?? back?.bag.serial,
                isAway: plan.kind != .backup && out == nil && !roll.isThere(medium.holder)
            )
        }
    }

    /// The medium that came out of a bag of this number, or went into it: a number is used once.
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

    /// Numbers of bags that were opened and that something went into afterwards, ordered: a seal holds once.
    package var reused: [String] { Set(items.compactMap(\.bagOut)).intersection(items.compactMap(\.bagIn)).sorted() }

    /// Media that came back in another bag.
    package var changed: [Item] { items.filter(\.hasChanged) }

    /// Those of which no exception says why, as the bags were opened: one medium's says nothing of another's.
    func unexplained(in transcript: Transcript) -> [Item] {
        let explained = transcript.exceptions.filter { $0.line.step == "open-bags" }.map(\.raised.expected)
        return changed.filter { !explained.contains($0.expectation) }
    }

    /// Media of which a bag was not written down.
    package var unknown: [Item] { items.filter { ($0.bagOut == nil || $0.bagIn == nil) && !$0.isAway } }

    /// The canonical bytes of `inventory.json`.
    package func encoded() -> [UInt8] {
        let items = items.map { item in
            var members: [String: JSONValue] = [
                "content": .string(item.medium.content.rawValue),
                "holder": .string(item.medium.holder.description),
                "medium": .string(item.medium.label),
                "site": .string(item.medium.site),
            ]
            members["serial"] = item.serial.map { .string($0) }
            members["expected"] = item.expected.map { .string($0) }
            members["bagOut"] = item.bagOut.map { .string($0) }
            members["bagIn"] = item.bagIn.map { .string($0) }
            members["timeOut"] = item.timeOut.map { .string($0.description) }
            members["timeIn"] = item.timeIn.map { .string($0.description) }
            return JSONValue.object(members)
        }
        var members: [String: JSONValue] = ["format": .string(Self.format.format)]
        if isRehearsal {
            members["rehearsal"] = .boolean(true)
        }
        if !items.isEmpty {
            members["items"] = .array(items)
        }
        return JSONValue.object(members).encoded()
    }
}
