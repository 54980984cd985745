// SPDX-License-Identifier: Apache-2.0

import CSodium

/// Hexadecimal text in its one form here: two lower-case digits a byte, nothing between them.
package enum Hex {
    /// The digits of `bytes`, which are public: two a byte, lower case.
    package static func encode(_ bytes: [UInt8]) -> String {
        var text = [CChar](repeating: 0, count: bytes.count * 2 + 1)
        unsafe sodium_bin2hex(&text, text.count, bytes, bytes.count)
        return String(decoding: text.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The bytes that ``encode(_:)`` writes as `text`.
    ///
    /// - Returns: `nil` for an odd number of digits, an upper-case one, or anything that is none.
    package static func decode(_ text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: text.utf8.count / 2)
        let status = unsafe sodium_hex2bin(&bytes, bytes.count, text, text.utf8.count, nil, nil, nil)
        // libsodium takes upper case: only what would be written the same way counts.
        guard status == 0, encode(bytes).utf8.elementsEqual(text.utf8) else {
            return nil
        }
        return bytes
    }
}
