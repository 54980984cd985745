// SPDX-License-Identifier: Apache-2.0

import Files

/// The SHA-256 of a public document or file, by which it is named, linked and compared.
public struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
    /// The digest, 32 bytes.
    package let bytes: [UInt8]

    /// Hashes a whole document or file.
    package init(of bytes: [UInt8]) {
        self.bytes = Hashing.sha256(bytes)
    }

    /// Takes the 32 bytes of a digest that something else computed.
    ///
    /// - Returns: `nil` for any other number of bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 32 else {
            return nil
        }
        self.bytes = bytes
    }

    /// Reads 64 lower-case hexadecimal digits.
    public init?(hex: String) {
        self.init(bytes: Hex.decode(hex) ?? [])
    }

    /// Reads 64 hexadecimal digits as people and other programs write them: capitals too, and between any two bytes a colon
    /// or a space.
    package init?(parted text: String) {
        var digits: [UInt8] = []
        var isBehindByte = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: ":") || byte == UInt8(ascii: " ") {
                guard isBehindByte else {
                    return nil
                }
                isBehindByte = false
            } else {
                digits.append(byte)
                isBehindByte = digits.count.isMultiple(of: 2)
            }
        }
        guard isBehindByte else {
            return nil
        }
        self.init(hex: String(decoding: digits, as: UTF8.self).lowercasedASCII)
    }

    /// All 64 hexadecimal digits, as `sha256sum` prints them.
    public var description: String { Hex.encode(bytes) }

    /// The first 8 digits: for an epoch's folder and for reading, never to compare by.
    package var short: String { String(description.prefix(8)) }

    /// The first 32 digits: what names an added document, a request or a challenge.
    package var identifier: String { String(description.prefix(32)) }

    /// All 32 bytes as pairs with colons between them, `3f:a9:…`: for people who compare aloud.
    package var grouped: String { bytes.map { Hex.encode([$0]) }.joined(separator: ":") }
}
