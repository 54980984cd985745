// SPDX-License-Identifier: Apache-2.0

import CSodium

/// The alphabet of RFC 4648, Section 6, in lower case.
package enum Base32 {
    /// The character for a value below 32, by arithmetic alone: `a` to `z`, then `2` to `7`.
    ///
    /// The compiler would make a branch of a comparison that it recognises; `make constant-time` looks for one.
    static func character(_ value: UInt8) -> UInt8 {
        // 25 - value wraps for 26 to 31, which sets the top bit: then '2' - 26 must be added instead of 'a'.
        let isDigit = CSodium_opaque((25 &- value) >> 7)
        return value &+ UInt8(ascii: "a") &- isDigit &* (UInt8(ascii: "a") &+ 26 &- UInt8(ascii: "2"))
    }
}

/// Base32 for public bytes that are printed: RFC 4648, Section 6, upper case, without padding, spare bits zero.
///
/// A QR code holds its letters and digits in 5.5 bits each.
extension Base32 {
    /// The text of `bytes`, which are public.
    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var pending = 0
        var bitCount = 0
        for byte in bytes {
            pending = pending << 8 | Int(byte)
            bitCount += 8
            while bitCount >= 5 {
                bitCount -= 5
                text.append(alphabet[pending >> bitCount & 31])
            }
            pending &= (1 << bitCount) - 1
        }
        if bitCount > 0 {
            text.append(alphabet[pending << (5 - bitCount) & 31])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that ``encode(_:)`` writes as `text`.
    ///
    /// - Returns: `nil` for padding, lower case, spare bits that are set, or any other character.
    package static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var pending = 0
        var bitCount = 0
        for character in text.utf8 {
            guard let value = alphabet.firstIndex(of: character) else {
                return nil
            }
            pending = pending << 5 | value
            bitCount += 5
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(pending >> bitCount))
                pending &= (1 << bitCount) - 1
            }
        }
        // What is left over, and a length that no bytes have: only what would be written the same way counts.
        guard encode(bytes).utf8.elementsEqual(text.utf8) else {
            return nil
        }
        return bytes
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
}
