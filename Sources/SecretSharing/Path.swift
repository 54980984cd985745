// SPDX-License-Identifier: Apache-2.0

/// The place of a member in a policy: the member numbers from the root down, such as `3` or `2.1`.
///
/// The last number is the point at which the gate's polynomial is evaluated. The root itself has the empty path.
package struct Path: Hashable, Sendable {
    /// The most gates on a path, and so the most numbers in it.
    package static let depthLimit = 4

    /// 0 to 4 numbers, each from 1 to 1,000.
    package let numbers: [UInt16]

    /// The path of the root gate.
    package static let root = Path(numbers: [])

    private init(numbers: [UInt16]) {
        self.numbers = numbers
    }

    /// Reads what ``description`` writes: `3`, `2.1`; the empty text is the root.
    ///
    /// - Returns: Nothing for any other text.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        let parts = bytes.isEmpty ? [] : bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let numbers = parts.compactMap { UInt16(String(decoding: $0, as: UTF8.self)) }
        guard numbers.count <= Self.depthLimit, numbers.allSatisfy({ (1...1000).contains($0) }) else {
            return nil
        }
        self.numbers = numbers
        guard description.utf8.elementsEqual(bytes) else {
            return nil
        }
    }

    /// The path of member `number` of the gate here.
    package func member(_ number: Int) -> Path {
        Path(numbers: numbers + [UInt16(number)])
    }

    /// The path of the gate that this is a member of; the root has none.
    package var gate: Path? {
        numbers.isEmpty ? nil : Path(numbers: Array(numbers.dropLast()))
    }

    /// The member number within the gate: the point of evaluation.
    ///
    /// - Precondition: This is not the root.
    package var index: ShareIndex {
        guard let last = numbers.last else {
            preconditionFailure("the root is no member of a gate")
        }
        return ShareIndex(memberNumber: last)
    }
}

extension Path: CustomStringConvertible {
    package var description: String {
        numbers.map { "\($0)" }.joined(separator: ".")
    }
}

extension Path: Comparable {
    /// Tree order: a gate before its members, members by number.
    package static func < (left: Path, right: Path) -> Bool {
        left.numbers.lexicographicallyPrecedes(right.numbers)
    }
}
