// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a scalar or an element, or why an operation has no result.
package enum Ristretto255Error: Error, Equatable {
    case wrongLength(expected: Int, found: Int)
    case scalarNotCanonical
    case elementNotCanonical
    case zeroHasNoInverse
}

extension Ristretto255Error: CustomStringConvertible {
    package var description: String {
        switch self {
        case .wrongLength(let expected, let found): "\(found) bytes, where \(expected) are needed"
        case .scalarNotCanonical: "a scalar that is not in its canonical form"
        case .elementNotCanonical: "not a ristretto255 element in its canonical form"
        case .zeroHasNoInverse: "zero has no inverse"
        }
    }
}
