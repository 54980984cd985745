// SPDX-License-Identifier: Apache-2.0

import CSodium

/// Base64 in its one form here: RFC 4648, Section 4, padded, without line breaks, spare bits zero.
package enum Base64 {
    /// The padded text of `bytes`, which are public.
    package static func encode(_ bytes: [UInt8]) -> String {
        encode(bytes, variant: sodium_base64_VARIANT_ORIGINAL)
    }

    /// The text of `bytes` without padding, as OpenSSH prints fingerprints.
    package static func encodeUnpadded(_ bytes: [UInt8]) -> String {
        encode(bytes, variant: sodium_base64_VARIANT_ORIGINAL_NO_PADDING)
    }

    /// The bytes that ``encode(_:)`` writes as `text`.
    ///
    /// - Returns: `nil` for missing padding, spare bits that are set, white space, or any other character.
    package static func decode(_ text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: text.utf8.count / 4 * 3 + 3)
        var count = 0
        let status = unsafe sodium_base642bin(
            &bytes,
            bytes.count,
            text,
            text.utf8.count,
            nil,
            &count,
            nil,
            sodium_base64_VARIANT_ORIGINAL
        )
        guard status == 0 else {
            return nil
        }
        bytes.removeLast(bytes.count - count)
        guard encode(bytes).utf8.elementsEqual(text.utf8) else {
            return nil
        }
        return bytes
    }

    private static func encode(_ bytes: [UInt8], variant: Int32) -> String {
        var text = [CChar](repeating: 0, count: sodium_base64_encoded_len(bytes.count, variant))
        unsafe sodium_bin2base64(&text, text.count, bytes, bytes.count, variant)
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
