// SPDX-License-Identifier: Apache-2.0

import Audit
package import Encoding
import Files

/// Where every medium of a ceremony is: what the bags said when they were opened and closed.
package struct Inventory: Sendable {
    package static let format = EarlierInventory.format

    package struct Item: Sendable {
        package let medium: Plan.Medium
        /// The number of the bag that the ceremony before put it into: as the transcript says, or, of a medium that nobody
        /// has touched, as that ceremony's inventory says.
        package let expected: String?
        /// The number of the bag that it came out of.
        package let bagOut: String?
        /// The number of the bag that it went into.
        package let bagIn: String?

        /// When ``bagOut`` was written down.
        package let timeOut: Timestamp?
        /// When ``bagIn`` was written down.
        package let timeIn: Timestamp?
        /// What was read from the medium, or else the plan's, or that of the inventory before.
        package let serial: String?
        /// What was read from the medium, also that nothing stands on it.
        let serialRead: String?
        /// Whether it is where it was: its holder is absent, and has not brought it.
        let isAway: Bool

        /// The serial number as people are told.
        var serialInWords: String {
            guard let serial else {
                return "not known"
            }
            let words = serial.isEqual(bytesOf: Act.Serial.none) ? "none on it" : serial
            return serialRead == nil ? "\(words) (not read)" : words
        }

        /// Of a medium that nobody touched, where it is.
        var whereItStayed: String? { bagOut == nil && bagIn == nil ? expected.map { "not opened: in \($0)" } : nil }

        /// What is expected of a medium that comes back, as an exception about it says.
        var expectation: Expectation { .bag(expected ?? "", of: medium.label) }

        /// Whether it came back in another bag than it was put into.
        package var hasChanged: Bool {
            if let expected, let bagOut { !expected.isEqual(bytesOf: bagOut) } else { false }
        }
    }

    let isRehearsal: Bool
    /// Whether media come out of sealed packs, which belong to nobody.
    private let isOfPacks: Bool
    /// In the order of the plan.
    package let items: [Item]

    /// What the transcript says of the plan's media.
    ///
    /// - Parameter earlier: Where they were before, which says it still of those that nobody has touched.
    package init(of plan: Plan, _ transcript: Transcript, after earlier: EarlierInventory? = nil) {
        var opened: [String: (time: Timestamp, bag: Act.Bag)] = [:]
        var closed = opened
        var serials: [String: String] = [:]
        let roll = RollCall(of: plan, transcript.standing)
        for line in transcript.standing {
            if case .bagged(let bag) = line.act {
                switch bag.direction {
                case .out: opened[bag.medium] = (line.time, bag)
                case .into: closed[bag.medium] = (line.time, bag)
                }
            } else if case .numbered(let serial) = line.act {
                serials[serial.medium] = serial.number
            }
        }
        isRehearsal = plan.isRehearsal
        isOfPacks = plan.kind == .backup
        items = plan.media.map { medium in
            let out = opened[medium.label]
            let back = closed[medium.label]
            let serial = serials[medium.label]
            return Item(
                medium: medium,
                expected: out == nil ? earlier?.bags[medium.label] : out?.bag.expected,
                bagOut: out?.bag.number,
                bagIn: back?.bag.number,
                timeOut: out?.time,
                timeIn: back?.time,
                serial: serial ?? medium.serial ?? earlier?.serials[medium.label],
                serialRead: serial,
                isAway: plan.kind != .backup && out == nil && !roll.isThere(medium.holder)
            )
        }
    }

    /// Why a medium cannot come out of a bag of this number, or go into it, or nothing.
    ///
    /// A seal holds once: no bag that was opened is closed again. A bag may hold several media of one holder; a sealed
    /// pack, which a backup opens, anybody's.
    package func fault(ofBag number: String, with medium: Plan.Medium, _ direction: Act.Bag.Direction) -> String? {
        for item in items {
            let (same, other) = direction == .out ? (item.bagOut, item.bagIn) : (item.bagIn, item.bagOut)
            if other?.isEqual(bytesOf: number) == true {
                return "bag \(number.quoted): \(item.medium.label) went \(direction == .out ? "into" : "out of") it"
            }
            let isShared = item.medium.holder == medium.holder || (isOfPacks && direction == .out)
            if same?.isEqual(bytesOf: number) == true, !isShared {
                return "bag \(number.quoted): has \(item.medium.label) of \(item.medium.holder)"
            }
        }
        return nil
    }

    /// What is wrong with numbers of bags that were written down, ordered as the media.
    package var faults: [String] {
        items.flatMap { item in
            [(item.bagOut, Act.Bag.Direction.out), (item.bagIn, .into)].compactMap { number, direction in
                number.flatMap { fault(ofBag: $0, with: item.medium, direction) }.map { "\(item.medium.label): \($0)" }
            }
        }
    }

    /// Media that came back in another bag.
    package var changed: [Item] { items.filter(\.hasChanged) }

    /// Those of which no exception says why, as the bags were opened: one medium's says nothing of another's.
    func unexplained(in transcript: Transcript) -> [Item] {
        changed.filter { !Self.isExplained($0.expectation, in: transcript) }
    }

    /// Media with another serial number than they should have, of which no exception says why.
    ///
    /// - Parameter known: What an earlier inventory says, by label; the plan comes first.
    func strangers(in transcript: Transcript, known: [String: String]) -> [(item: Item, expected: String)] {
        items.compactMap { item in
            guard let expected = item.medium.serial ?? known[item.medium.label], let read = item.serialRead,
                !read.isEqual(bytesOf: expected),
                !Self.isExplained(.serial(expected, of: item.medium.label), in: transcript)
            else {
                return nil
            }
            return (item, expected)
        }
    }

    /// Whether the administrator went on although what was read as the bags were opened is not what was expected.
    private static func isExplained(_ expectation: Expectation, in transcript: Transcript) -> Bool {
        transcript.exceptions.contains {
            $0.line.step == "open-bags" && $0.raised.isOfAttempt && $0.raised.expected == expectation
        }
    }

    /// Media of which a bag was not written down.
    package var unknown: [Item] { items.filter { ($0.bagOut == nil || $0.bagIn == nil) && !$0.isAway } }

    /// The canonical bytes of `inventory.json`.
    package func encoded() -> [UInt8] {
        let items = items.map { item in
            JSONValue.members([
                "bagIn": item.bagIn.map(JSONValue.string),
                "bagOut": item.bagOut.map(JSONValue.string),
                "content": .string(item.medium.content.rawValue),
                "expected": item.expected.map(JSONValue.string),
                "holder": .text(item.medium.holder),
                "medium": .string(item.medium.label),
                "serial": item.serial.map(JSONValue.string),
                "site": .string(item.medium.site),
                "timeIn": item.timeIn.map(JSONValue.text),
                "timeOut": item.timeOut.map(JSONValue.text),
            ])
        }
        let document = JSONValue.members([
            "format": .string(Self.format.format),
            "items": .list(items),
            "rehearsal": isRehearsal ? .boolean(true) : nil,
        ])
        return document.encoded()
    }
}
