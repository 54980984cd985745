// SPDX-License-Identifier: Apache-2.0

/// Which epoch somebody means: its number, or the first digits of its manifest's digest.
package enum EpochSelector: Hashable, Sendable, CustomStringConvertible {
    case number(Int)
    /// At least 8 hexadecimal digits.
    case digest(prefix: String)

    /// Reads `2`, or `5f9d6dba` and more digits.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
        if (1...4).contains(bytes.count), bytes.allSatisfy(isDigit), let number = Int(text), number > 0 {
            self = .number(number)
        } else if (8...64).contains(bytes.count),
            bytes.allSatisfy({ isDigit($0) || (0x61...0x66).contains($0) })
        {
            self = .digest(prefix: text)
        } else {
            return nil
        }
    }

    package var description: String {
        switch self {
        case .number(let number): "\(number)"
        case .digest(let prefix): prefix
        }
    }
}
