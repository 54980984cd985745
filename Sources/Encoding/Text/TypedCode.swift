// SPDX-License-Identifier: Apache-2.0

import Files

/// What a person typed to compare a digest: 12 words or all 32, 30 digits, or the digest itself (docs/format.md,
/// section 3.12).
package enum TypedCode: Equatable, Sendable {
    /// The 12 bytes that the words stand for, or all 32.
    case words([UInt8])
    /// All 30 digits.
    case digits(String)
    /// All 64 hexadecimal digits.
    case digest(SHA256Digest)

    /// Reads words in any case, parted by blanks, hyphens or commas; or decimal digits with any blanks or hyphens between;
    /// or hexadecimal digits in any case, with any blanks or colons between.
    ///
    /// Blanks are spaces, tabs and ends of lines.
    ///
    /// - Throws: ``TypedCodeError``, with the first thing that is wrong, from left to right.
    package init(_ text: String) throws(TypedCodeError) {
        let characters = text.utf8.filter { !Self.blanks.contains($0) }
        let digits = characters.filter { $0 != Self.hyphen }
        let hexDigits = characters.filter { $0 != Self.colon }
        let isHex = !hexDigits.isEmpty && hexDigits.allSatisfy { $0.isDigit || Self.isHexLetter($0) }
        if !digits.isEmpty, digits.allSatisfy(\.isDigit), !isHex || digits.count != Self.hexDigitCount {
            self = .digits(try Self.digits(digits))
        } else if isHex, hexDigits.count == Self.hexDigitCount || characters.contains(where: Self.isNoLetter) {
            self = .digest(try Self.digest(hexDigits))
        } else {
            self = .words(try Self.words(text))
        }
    }

    /// Whether this is what is read aloud from the digest, or the digest.
    package func matches(_ digest: SHA256Digest) -> Bool {
        switch self {
        case .words(let bytes): digest.bytes.starts(with: bytes)
        case .digits(let digits): ComparisonCode(of: digest).digits.joined() == digits
        case .digest(let other): other == digest
        }
    }

    /// Whether it stands for all bytes of a digest, not for a part of it or a code made of it.
    package var isWhole: Bool {
        switch self {
        case .words(let bytes): bytes.count == ComparisonCode.allWordsCount
        case .digits: false
        case .digest: true
        }
    }

    /// The bytes that any number of words, from the first list on, or hexadecimal digits stand for.
    ///
    /// - Throws: ``TypedCodeError``
    package static func bytes(_ text: String) throws(TypedCodeError) -> [UInt8] {
        let digits = text.utf8.filter { !blanks.contains($0) && $0 != colon && $0 != hyphen }
        if let bytes = Hex.decode(lowerCase(digits)) {
            return bytes
        }
        return try list(text)
    }

    /// The word for a byte at a place, from 0.
    package static func word(for byte: UInt8, at position: Int) -> String {
        PGPWordList.word(for: byte, .init(at: position))
    }

    private static func words(_ text: String) throws(TypedCodeError) -> [UInt8] {
        let bytes = try list(text)
        guard [ComparisonCode.wordCount, ComparisonCode.allWordsCount].contains(bytes.count) else {
            throw .wordCount(bytes.count)
        }
        return bytes
    }

    private static func list(_ text: String) throws(TypedCodeError) -> [UInt8] {
        let words = text.utf8.split { blanks.contains($0) || $0 == hyphen || $0 == comma }
        guard !words.isEmpty else {
            throw .empty
        }
        var bytes: [UInt8] = []
        for (position, word) in words.enumerated() {
            guard let (byte, syllables) = PGPWordList.byte(for: lowerCase(word)) else {
                throw .unknownWord(String(decoding: word, as: UTF8.self), position: position + 1)
            }
            guard syllables == PGPWordList.Syllables(at: position) else {
                throw .misplacedWord(String(decoding: word, as: UTF8.self), position: position + 1)
            }
            bytes.append(byte)
        }
        return bytes
    }

    private static func digits(_ digits: [UInt8]) throws(TypedCodeError) -> String {
        guard digits.count == ComparisonCode.digitCount else {
            throw .digitCount(digits.count)
        }
        return String(decoding: digits, as: UTF8.self)
    }

    private static func digest(_ digits: [UInt8]) throws(TypedCodeError) -> SHA256Digest {
        guard let digest = SHA256Digest(hex: lowerCase(digits)) else {
            throw .hexDigitCount(digits.count)  // the digits themselves are good
        }
        return digest
    }

    /// The text with A to Z in lower case and all else as it is: a letter that merely resembles one of these stays another.
    private static func lowerCase(_ text: some Collection<UInt8>) -> String {
        String(decoding: text, as: UTF8.self).lowercasedASCII
    }

    private static func isHexLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }

    /// Whether this cannot stand in a word, so that a text of a to f alone is no short digest.
    private static func isNoLetter(_ byte: UInt8) -> Bool { byte == colon || byte.isDigit }

    /// How many hexadecimal digits a digest has.
    static let hexDigitCount = 64

    private static let blanks = Array(" \t\r\n".utf8)
    private static let hyphen = UInt8(ascii: "-")
    private static let comma = UInt8(ascii: ",")
    private static let colon = UInt8(ascii: ":")
}
