// SPDX-License-Identifier: Apache-2.0

import Files

// Bags that are opened, and bags that are closed: one at a time, each with all that is in it.
extension LiveCeremony {
    /// Numbers of bags and media; what is not as the inventory says is decided about before the bag is opened.
    func writeBags(_ direction: Act.Bag.Direction) throws {
        while let media = nextBag(direction) {
            let expected = direction == .out ? files.earlier?.bags[media[0].label] : nil
            let typed = try askBag(of: media, expected: expected, direction)
            var number = typed.number
            for medium in typed.media {
                // What was typed again is the number of all that is in the bag.
                number = try settled(number, of: expected.map { (.bag($0, of: medium.label), $0) }, "bag") {
                    try askBag(of: [medium], expected: expected, direction).number
                }
                let bag = Act.Bag(medium: medium.label, number: number, direction: direction, expected: expected)
                try record(.bagged(bag), by: witness)
            }
        }
        while direction == .out, let media = nextSerials() {
            for (medium, typed) in zip(media, try askSerials(of: media)) {
                let expected = medium.serial ?? files.earlier?.serials[medium.label]
                let number = try settled(typed, of: expected.map { (.serial($0, of: medium.label), $0) }, "number") {
                    try askSerials(of: [medium])[0]
                }
                try record(.numbered(Act.Serial(medium: medium.label, number: number)), by: witness)
            }
        }
    }

    private var inventory: Inventory { Inventory(of: plan, transcript) }

    /// The media that should be in the bag that comes next: of one bag before, of one holder, or out of packs.
    private func nextBag(_ direction: Act.Bag.Direction) -> [Plan.Medium]? {
        let left = inventory.items.filter { (direction == .out ? $0.bagOut : $0.bagIn) == nil && !$0.isAway }
            .map(\.medium)
        return left.first.map { first in
            left.filter { medium in
                let bags = files.earlier?.bags ?? [:]
                let isOfSame = bags[medium.label] == bags[first.label] && medium.holder == first.holder
                return direction == .out && plan.kind == .backup || isOfSame
            }
        }
    }

    /// The media of one holder that were taken out of a bag and have no number yet.
    private func nextSerials() -> [Plan.Medium]? {
        let left = inventory.items.filter { $0.bagOut != nil && $0.serialRead == nil }.map(\.medium)
        return left.first.map { first in left.filter { $0.holder == first.holder } }
    }

    /// The number of a bag, and which of these media are in it: all of them, or those that are named behind it.
    private func askBag(
        of media: [Plan.Medium],
        expected: String?,
        _ direction: Act.Bag.Direction
    ) throws -> (number: String, media: [Plan.Medium]) {
        let labels = media.map(\.label).joined(separator: ", ")
        let isPack = direction == .out && plan.kind == .backup
        let holders = isPack ? "sealed pack" : "\(media[0].holder): \(direction == .out ? "out of" : "into") a bag"
        screen.say("\(labels) (\(holders))")
        if let expected {
            screen.say("expected: bag \(expected), seal intact")
        }
        let some = media.count > 1 ? " (or NUMBER: LABEL, LABEL when only some are in it)" : ""
        while true {
            let parts = try ask("\(isPack ? "Pack" : "Bag") number\(some)").parts(between: ":", maxSplits: 1)
            let number = parts[0].trimmed
            let named = parts.count > 1 ? parts[1].parts(between: ",").map(\.trimmed) : media.map(\.label)
            let found = media.filter { named.contains(bytesOf: $0.label) }
            if !Act.Bag.allows(number) {
                screen.say(Act.Bag.rule)
            } else if found.count != named.count {
                screen.say("one number, and labels of \(labels)")
            } else if let fault = found.compactMap({ inventory.fault(ofBag: number, with: $0, direction) }).first {
                screen.alarm()
                screen.say(fault)
            } else {
                return (number, found)
            }
        }
    }

    /// What stands on media, one number each.
    private func askSerials(of media: [Plan.Medium]) throws -> [String] {
        let labels = media.map(\.label).joined(separator: ", ")
        while true {
            let many = media.count > 1 ? ", in this order, with commas" : ""
            let typed = try ask("Serial number of \(labels)\(many) ('\(Act.Serial.none)': none is on it)")
            let numbers = typed.parts(between: ",").map(\.trimmed)
            if numbers.count != media.count || numbers.contains(where: \.isEmpty) {
                screen.say(media.count == 1 ? "one number is needed" : "\(media.count) numbers are needed")
            } else if let other = shared(numbers, of: media) {
                screen.alarm()
                screen.say(other)
            } else {
                return numbers
            }
        }
    }

    /// Says which two media have one serial number, or nothing: a number tells a medium from all others, or it is none.
    private func shared(_ numbers: [String], of media: [Plan.Medium]) -> String? {
        let labels = media.map(\.label)
        var known = inventory.items.compactMap { item in
            labels.contains(bytesOf: item.medium.label) ? nil : item.serialRead.map { (item.medium.label, $0) }
        }
        for (label, number) in zip(labels, numbers) where !number.isEqual(bytesOf: Act.Serial.none) {
            if let other = known.first(where: { $0.1.isEqual(bytesOf: number) }) {
                return "\(label): \(number) is the serial number of \(other.0) "
                    + "('\(Act.Serial.none)' if it does not tell them apart)"
            }
            known.append((label, number))
        }
        return nil
    }

    /// A number that is held against the one that is expected, if any: another one is decided about, and asked for again
    /// where that is decided.
    private func settled(
        _ typed: String,
        of expected: (what: Expectation, number: String)?,
        _ word: String,
        asking question: () throws -> String
    ) throws -> String {
        guard let (what, number) = expected else {
            return typed
        }
        var given: String? = typed
        try ensure(what, by: witness) { [self] in
            let found = try given ?? question()
            given = nil
            if !found.isEqual(bytesOf: number) {
                screen.alarm()
            }
            return Outcome(fault: found.isEqual(bytesOf: number) ? nil : "\(word) \(found)")
        }
        // After an interruption it is what was decided about, and not what is typed then.
        guard case .exception(let raised) = held.attempts.first(where: { $0.expected == what })?.line.act else {
            return number
        }
        return raised.happened.rest(after: "\(word) ") ?? typed
    }
}
