// SPDX-License-Identifier: Apache-2.0

// Text from outside, byte for byte. Swift's own operations go by characters: a quote before U+0301 is no quote to them,
// two spellings of one accented letter are equal, and U+037E is a semicolon. No shell, file system or format agrees.
extension String {
    /// Whether the other text has the same bytes.
    package func isEqual(bytesOf other: String) -> Bool { utf8.elementsEqual(other.utf8) }

    /// Whether the bytes of this text come before those of the other.
    package func precedes(bytesOf other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }

    /// Whether the text starts with the bytes of another.
    package func hasPrefix(bytesOf start: String) -> Bool { utf8.starts(with: start.utf8) }

    /// Whether the text ends in the bytes of another.
    package func hasSuffix(bytesOf end: String) -> Bool {
        utf8.count >= end.utf8.count && utf8.suffix(end.utf8.count).elementsEqual(end.utf8)
    }

    /// What follows those bytes at the start; `nil` when the text starts otherwise.
    package func rest(after start: String) -> String? {
        hasPrefix(bytesOf: start) ? String(Substring(utf8.dropFirst(start.utf8.count))) : nil
    }

    /// What stands before those bytes at the end; `nil` when the text ends otherwise.
    package func rest(before end: String) -> String? {
        hasSuffix(bytesOf: end) ? String(Substring(utf8.dropLast(end.utf8.count))) : nil
    }

    /// What stands before and behind the first place where some bytes stand, which are not none; `nil` without one.
    package func sides(of part: String) -> (before: String, behind: String)? {
        let bytes = Array(utf8)
        return bytes.firstRange(of: Array(part.utf8)).map { place in
            let (before, behind) = (bytes[..<place.lowerBound], bytes[place.upperBound...])
            return (String(decoding: before, as: UTF8.self), String(decoding: behind, as: UTF8.self))
        }
    }

    /// The parts between an ASCII character, the empty ones as well; `maxSplits` of it are looked at, the first ones.
    package func parts(between separator: Unicode.Scalar, maxSplits: Int = .max) -> [String] {
        utf8.split(separator: UInt8(ascii: separator), maxSplits: maxSplits, omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
    }

    /// The parts between an ASCII character that are not empty.
    package func words(between separator: Unicode.Scalar) -> [String] {
        utf8.split(separator: UInt8(ascii: separator)).map { String(Substring($0)) }
    }

    /// Whether an ASCII character stands in the text, whatever follows it.
    package func contains(byte: Unicode.Scalar) -> Bool { utf8.contains(UInt8(ascii: byte)) }

    /// The text with each occurrence of some bytes, which are not none, replaced, from the start on.
    package func replacing(bytesOf part: String, with other: String) -> String {
        let (bytes, part, other) = (Array(utf8), Array(part.utf8), Array(other.utf8))
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == part[0], bytes[index...].starts(with: part) {
                result += other
                index += part.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The text with the letters A to Z as small ones, and nothing else changed.
    package var lowercasedASCII: String {
        String(decoding: utf8.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    /// The text with the letters a to z as capitals, and nothing else changed.
    package var uppercasedASCII: String {
        String(decoding: utf8.map { (0x61...0x7a).contains($0) ? $0 & ~0x20 : $0 }, as: UTF8.self)
    }
}

extension UInt8 {
    /// Whether it is a digit of ASCII.
    package var isDigit: Bool { (0x30...0x39).contains(self) }

    /// Whether it is a letter from a to z.
    package var isSmallLetter: Bool { (0x61...0x7a).contains(self) }

    /// Whether it is a character of ASCII that is printed, the blank included.
    package var isPrintable: Bool { (0x20...0x7e).contains(self) }
}

extension Sequence<String> {
    /// Whether one of the texts has the same bytes.
    package func contains(bytesOf text: String) -> Bool { contains { $0.isEqual(bytesOf: text) } }

    /// The texts in the order of their bytes.
    package func sortedByBytes() -> [String] { sorted { $0.precedes(bytesOf: $1) } }

    /// Likewise, each once.
    package func distinctByBytes() -> [String] {
        sortedByBytes().reduce(into: []) { distinct, text in
            if distinct.last?.isEqual(bytesOf: text) != true {
                distinct.append(text)
            }
        }
    }
}
