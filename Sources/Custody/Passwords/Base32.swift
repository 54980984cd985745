// SPDX-License-Identifier: Apache-2.0

import CSodium
import Encoding

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
