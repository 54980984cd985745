// SPDX-License-Identifier: Apache-2.0

/// Where one value lies in a text in DER; nothing of it is copied, for it may be a secret.
package struct DERValue: Equatable {
    let tag: UInt8
    /// With tag and length.
    let whole: Range<Int>
    let content: Range<Int>

    package static let integer: UInt8 = 0x02
    static let bitString: UInt8 = 0x03
    package static let octetString: UInt8 = 0x04
    static let objectIdentifier: UInt8 = 0x06
    package static let sequence: UInt8 = 0x30

    /// The value at the beginning of a range.
    ///
    /// - Returns: Nothing when it does not end within the range, when its length is indefinite, or its tag of several
    ///   bytes.
    init?(in bytes: Span<UInt8>, at range: Range<Int>) {
        guard range.count >= 2, bytes[range.lowerBound] & 0x1F != 0x1F else {
            return nil
        }
        tag = bytes[range.lowerBound]
        var start = range.lowerBound + 2
        var count = Int(bytes[range.lowerBound + 1])
        if count >= 0x80 {
            let digitCount = count & 0x7F
            guard (1...4).contains(digitCount), digitCount <= range.upperBound - start else {
                return nil
            }
            count = 0
            for index in start..<start + digitCount {
                count = count << 8 | Int(bytes[index])
            }
            start += digitCount
        }
        guard count <= range.upperBound - start else {
            return nil
        }
        content = start..<start + count
        whole = range.lowerBound..<start + count
    }

    /// The values that lie in this one, one behind the other.
    ///
    /// - Returns: Nothing when they do not fill it exactly, or are more than `limit`.
    func values(in bytes: Span<UInt8>, limit: Int = 16) -> [DERValue]? {
        var values: [DERValue] = []
        var rest = content
        while !rest.isEmpty {
            guard values.count < limit, let value = DERValue(in: bytes, at: rest) else {
                return nil
            }
            values.append(value)
            rest = value.whole.upperBound..<content.upperBound
        }
        return values
    }

    /// Whether the values that fill a range, and those in them, have definite lengths in as few bytes as these take, and
    /// lie at most `depth` deep; and whether the bits of a BIT STRING that are not used are 0.
    static func isDER(_ bytes: Span<UInt8>, in range: Range<Int>, depth: Int = 40) -> Bool {
        guard !range.isEmpty else {
            return true
        }
        guard depth > 0 else {
            return false
        }
        var rest = range
        while !rest.isEmpty {
            guard let value = DERValue(in: bytes, at: rest),
                value.isShortest, value.tag != bitString || value.hasCleanBits(in: bytes),
                value.tag & 0x20 == 0 || isDER(bytes, in: value.content, depth: depth - 1)
            else {
                return false
            }
            rest = value.whole.upperBound..<range.upperBound
        }
        return true
    }

    /// Whether its length takes as few bytes as it can.
    var isShortest: Bool {
        whole.count == Self.head(tag, contentCount: content.count).count + content.count
    }

    /// Whether the last byte of a BIT STRING has 0 in the bits that its first one calls unused, at most 7.
    private func hasCleanBits(in bytes: Span<UInt8>) -> Bool {
        guard let unused = content.first.map({ bytes[$0] }), unused <= (content.count > 1 ? 7 : 0) else {
            return false
        }
        return bytes[content.upperBound - 1] & (1 << unused - 1) == 0 || content.count == 1
    }

    /// Tag and length of a value, the length in as few bytes as it takes.
    package static func head(_ tag: UInt8, contentCount: Int) -> [UInt8] {
        guard contentCount >= 0x80 else {
            return [tag, UInt8(contentCount)]
        }
        var digits: [UInt8] = []
        var rest = contentCount
        while rest > 0 {
            digits.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        }
        return [tag, 0x80 | UInt8(digits.count)] + digits
    }
}
