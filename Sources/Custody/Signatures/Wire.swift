// SPDX-License-Identifier: Apache-2.0

/// Reads the fields of SSH's wire format (RFC 4251, Section 5): integers big-endian, strings behind a u32 of their length.
///
/// Everything in it is public. `nil` means that the bytes end too early.
struct WireReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ count: Int) -> [UInt8]? {
        guard count <= bytes.count - position else {
            return nil
        }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    mutating func uint32() -> UInt32? {
        take(4)?.reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func string() -> [UInt8]? {
        uint32().flatMap { take(Int($0)) }
    }
}

/// Writes the fields of SSH's wire format.
enum Wire {
    /// Four bytes, big-endian.
    static func uint32(_ number: UInt32) -> [UInt8] {
        [UInt8(truncatingIfNeeded: number >> 24), UInt8(truncatingIfNeeded: number >> 16)]
            + [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
    }

    /// The bytes behind their length.
    static func string(_ bytes: [UInt8]) -> [UInt8] {
        uint32(UInt32(bytes.count)) + bytes
    }

    /// The characters behind their number.
    static func string(_ text: String) -> [UInt8] {
        string(Array(text.utf8))
    }
}
