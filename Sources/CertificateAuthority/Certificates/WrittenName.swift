// SPDX-License-Identifier: Apache-2.0

import Files

/// A distinguished name for people, from its DER: docs/format.md, section 4.11.
///
/// The form is that of RFC 4514 in the certificate's own order, with blanks behind separators: `C=CH, O=Acme\\, SA, CN=Root`.
/// Types outside of a short fixed list are dotted numbers; text that cannot be read is `#` and its DER; a character that
/// does not show is `\XX` for each byte. No table of another program, and of no Unicode version, is asked.
struct WrittenName {
    private let bytes: [UInt8]
    private let isDumped: Bool

    /// - Parameters:
    ///   - der: A `Name`.
    ///   - isDumped: Whether every value is written in DER, to tell apart what reads alike.
    init(_ der: [UInt8], dumped isDumped: Bool = false) {
        bytes = der
        self.isDumped = isDumped
    }

    /// The text; `#` and the whole name in DER where that is no name.
    var text: String {
        written() ?? "#\(OpenSSL.hex(bytes).uppercasedASCII)"
    }

    private func written() -> String? {
        guard let name = DERValue(in: bytes.span, at: 0..<bytes.count), name.tag == DERValue.sequence,
            name.whole.upperBound == bytes.count, let parts = name.values(in: bytes.span, limit: .max)
        else {
            return nil
        }
        var texts: [String] = []
        for part in parts {
            guard part.tag == Self.set, let attributes = part.values(in: bytes.span, limit: .max), !attributes.isEmpty
            else {
                return nil
            }
            let shown = attributes.compactMap(written)
            guard shown.count == attributes.count else {
                return nil
            }
            texts.append(shown.joined(separator: " + "))
        }
        return texts.joined(separator: ", ")
    }

    private func written(_ attribute: DERValue) -> String? {
        guard attribute.tag == DERValue.sequence, let pair = attribute.values(in: bytes.span), pair.count == 2,
            pair[0].tag == DERValue.objectIdentifier, let type = Self.numbers(bytes[pair[0].content])
        else {
            return nil
        }
        let value = isDumped ? nil : Self.characters(bytes[pair[1].content], tag: pair[1].tag)
        let dump = "#\(OpenSSL.hex(Array(bytes[pair[1].whole])).uppercasedASCII)"
        return "\(Self.types[type] ?? type)=\(value.map(Self.escaped) ?? dump)"
    }

    /// An object identifier's numbers with full stops between.
    private static func numbers(_ content: ArraySlice<UInt8>) -> String? {
        var numbers: [UInt64] = []
        var number: UInt64 = 0
        guard let last = content.last, last < 0x80 else {
            return nil
        }
        for byte in content {
            guard number < 1 << 56 else {
                return nil
            }
            number = number << 7 | UInt64(byte & 0x7F)
            if byte < 0x80 {
                numbers.append(number)
                number = 0
            }
        }
        let first = min(numbers[0] / 40, 2)
        return ([first, numbers[0] - 40 * first] + numbers.dropFirst()).map(\.description).joined(separator: ".")
    }

    /// The characters of a string, or nothing for another type and what is none of its kind.
    private static func characters(_ content: ArraySlice<UInt8>, tag: UInt8) -> String? {
        switch tag {
        case 0x0C: return String(validating: content, as: UTF8.self)
        case 0x12, 0x13, 0x14, 0x16, 0x1A: return scalars(content, width: 1)
        case 0x1E: return scalars(content, width: 2)
        case 0x1C: return scalars(content, width: 4)
        default: return nil
        }
    }

    /// Each `width` bytes a scalar, big-endian.
    private static func scalars(_ content: ArraySlice<UInt8>, width: Int) -> String? {
        guard content.count.isMultiple(of: width) else {
            return nil
        }
        var text = String.UnicodeScalarView()
        var rest = content
        while !rest.isEmpty {
            let value = rest.prefix(width).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            guard let scalar = Unicode.Scalar(value) else {
                return nil
            }
            text.append(scalar)
            rest = rest.dropFirst(width)
        }
        return String(text)
    }

    /// RFC 4514, section 2.4, and what does not show.
    private static func escaped(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        return scalars.enumerated().map { index, scalar in
            let isAtEnd = index == 0 || index == scalars.count - 1
            if ",+\"\\<>;".unicodeScalars.contains(scalar) || scalar == " " && isAtEnd || scalar == "#" && index == 0 {
                return "\\\(scalar)"
            }
            return scalar.isHidden
                ? String(scalar).utf8.map { "\\\(OpenSSL.hex([$0]).uppercasedASCII)" }.joined() : String(scalar)
        }.joined()
    }

    private static let set: UInt8 = 0x31

    /// RFC 4514, section 3, and three that name authorities.
    private static let types = [
        "2.5.4.3": "CN", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.6": "C",
        "2.5.4.9": "STREET", "0.9.2342.19200300.100.1.25": "DC", "0.9.2342.19200300.100.1.1": "UID",
        "2.5.4.5": "serialNumber", "2.5.4.97": "organizationIdentifier", "1.2.840.113549.1.9.1": "emailAddress",
    ]
}
