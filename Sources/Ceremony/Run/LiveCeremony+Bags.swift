// SPDX-License-Identifier: Apache-2.0

import Custody
import Files

// Bags that are opened, and bags that are closed.
extension LiveCeremony {
    /// Bag numbers, each once; one that comes back under another number needs an exception.
    func writeBags(_ direction: Act.Bag.Direction) throws {
        for item in Inventory(of: plan, transcript).items
        where (direction == .out ? item.bagOut : item.bagIn) == nil && !item.isAway {
            let medium = item.medium
            let expected = direction == .out ? files.earlier?.bags[medium.label] : nil
            if let expected {
                screen.say("\(medium.label) went into bag \(expected)")
            }
            while true {
                let number = try ask("\(medium.label) (\(medium.content.rawValue), \(medium.holder)): bag number")
                if let other = Inventory(of: plan, transcript).medium(inBag: number) {
                    screen.say("bag \(number) has \(other) already, or had it")
                    continue
                }
                let bag = Act.Bag(medium: medium.label, number: number, direction: direction, expected: expected)
                try record(.bagged(bag), by: witness)
                break
            }
        }
        try reviewEntries()
        if direction == .out {
            for item in Inventory(of: plan, transcript).unexplained(in: transcript) {
                try raiseException(expected: item.expectation, happened: "bag \(item.bagOut ?? "")")
            }
        }
        try initialBoth()
    }
}
