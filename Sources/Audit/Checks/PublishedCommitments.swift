// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Ristretto255
import SystemPackage

/// What the epochs of an escrow publish, kept small: 32 bytes a commitment, each once, by the set that it belongs to.
package struct PublishedCommitments: Sendable {
    private(set) var sets: [(set: SetIdentifier, elements: [UInt8])] = []

    /// Adds what an epoch publishes.
    mutating func add(_ elements: [Ristretto255.Element], of set: SetIdentifier) {
        var seen: Set<Ristretto255.Element> = []
        var bytes: [UInt8] = []
        bytes.reserveCapacity(elements.count * Ristretto255.Element.byteCount)
        for element in elements where seen.insert(element).inserted {
            bytes += element.bytes
        }
        sets.append((set, bytes))
    }
}

/// The 32 bytes of a commitment as one value that takes no memory of its own.
private struct CommitmentKey: Hashable {
    private let words: SIMD4<UInt64>

    init(_ bytes: ArraySlice<UInt8>) {
        func word(_ position: Int) -> UInt64 {
            let start = bytes.startIndex + 8 * position
            return bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
        words = SIMD4(word(0), word(1), word(2), word(3))
    }
}

extension [PublishedCommitments] {
    /// Commitments that stand under two sets, by the escrow in which they stand again.
    ///
    /// docs/format.md, section 3.3: a set has a secret of its own. Epochs of one escrow that keep the secret keep the set.
    ///
    /// - Parameter escrows: What they are called, in the same order.
    package func recurrences(in escrows: [String]) -> [(index: Int, finding: String)] {
        var found: [(index: Int, finding: String)] = []
        var first: [CommitmentKey: (set: SetIdentifier, index: Int)] = [:]
        for index in indices {
            for (set, elements) in self[index].sets {
                for start in stride(from: 0, to: elements.count, by: Ristretto255.Element.byteCount) {
                    let key = CommitmentKey(elements[start..<start + Ristretto255.Element.byteCount])
                    guard let known = first[key] else {
                        first[key] = (set, index)
                        continue
                    }
                    if known.set != set {
                        let other = known.index == index ? "another epoch" : escrows[known.index]
                        found.append(
                            (index, "set \(set): a commitment of set \(known.set) in \(other) stands here again")
                        )
                    }
                }
            }
        }
        return found
    }
}

extension [Audit] {
    /// Notes commitments that stand under two sets: a dealer has used a secret, or a part of one, twice.
    package mutating func checkForRecurrences() {
        for (index, finding) in map(\.published).recurrences(in: map(\.escrow.string)) {
            self[index].note(.commitments, finding)
        }
    }
}
