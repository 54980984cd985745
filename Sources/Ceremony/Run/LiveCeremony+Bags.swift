// SPDX-License-Identifier: Apache-2.0

import Custody
import Files

// Bags that are opened, and bags that are closed.
extension LiveCeremony {
    /// Bag numbers, each once; one that comes back under another number needs an exception.
    func writeBags(_ direction: String) throws {
        for medium in plan.media where !noted("medium").contains(bytesOf: medium.label) {
            let expected = direction == "out" ? files.earlier?.bags[medium.label] : nil
            if let expected {
                screen.say("\(medium.label) went into bag \(expected)")
            }
            while true {
                let number = try ask("\(medium.label) (\(medium.content.rawValue), \(medium.holder)): bag number")
                if let other = Inventory(of: plan, transcript).medium(inBag: number) {
                    screen.say("bag \(number) has \(other) already, or had it")
                    continue
                }
                var notes: [TranscriptLine.Note] = [
                    .init("medium", medium.label), .init("bag", number), .init("direction", direction),
                ]
                if let expected {
                    notes.append(.init("expected", expected))
                }
                try record(.noted, by: witness, notes: notes)
                break
            }
        }
        if direction == "out" {
            try raiseForChangedBags()
        }
        try initialBoth()
    }

    /// A bag that comes back under another number is an exception, once for each medium.
    private func raiseForChangedBags() throws {
        for item in Inventory(of: plan, transcript).items {
            let label = item.medium.label
            guard let expected = files.earlier?.bags[label], let bag = item.bagOut, !bag.isEqual(bytesOf: expected)
            else {
                continue
            }
            let text = "\(label) in bag \(expected)"
            let isRaised = acts.contains { line in
                line.act == .exception
                    && line.notes.contains { $0.name == "expected" && $0.text.isEqual(bytesOf: text) }
            }
            if !isRaised {
                try raiseException(expected: text, happened: "bag \(bag)")
            }
        }
    }
}
