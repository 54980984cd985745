// SPDX-License-Identifier: Apache-2.0

/// A digest as people read it aloud: 12 words or 30 digits (docs/format.md, section 3.12).
///
/// Whoever hears it types what they hear, and ``matches(_:_:)`` compares; nobody answers a mere yes or no.
package struct ComparisonCode: Equatable, Sendable {
    /// 12 words of the PGP word list for the first 12 bytes, in lower case: two syllables and three in turn.
    ///
    /// They hold 96 bits.
    package let words: [String]

    /// Six groups of five decimal digits, each for five bytes of the first 30.
    ///
    /// They hold about 99 bits.
    package let digits: [String]

    /// The whole digest in 32 words, the first 12 of which are ``words``: what a ceremony reads aloud.
    package let allWords: [String]

    /// Takes what is read aloud from a digest.
    package init(of digest: SHA256Digest) {
        allWords = digest.bytes.enumerated().map { position, byte in
            PGPWordList.word(for: byte, .init(at: position))
        }
        words = Array(allWords.prefix(Self.wordCount))
        digits = (0..<Self.groupCount).map { group in
            let bytes = digest.bytes[group * 5..<group * 5 + 5]
            let number = bytes.reduce(0) { $0 << 8 | UInt64($1) } % 100_000
            return String(String(100_000 + number).dropFirst())  // leading zeros
        }
    }

    /// What is printed of a digest to be read aloud: rows of words, then the digits.
    package var rows: [String] {
        let starts = stride(from: 0, to: words.count, by: Self.rowCount)
        return starts.map { start in
            let row = words[start..<start + Self.rowCount]
            let shown = row.dropLast().map { Self.padded($0, to: 13) } + row.suffix(1)
            return "  \(Self.padded("words \(start + 1)-\(start + row.count)", to: 14))\(shown.joined())"
        } + ["  digits        \(digits.joined(separator: " "))"]
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: width - text.utf8.count)
    }

    /// Whether a text that a person typed stands for this digest; a text that stands for none does not.
    ///
    /// ``TypedCode`` says why it stands for none. Digests are public: the comparison takes variable time.
    package static func matches(_ typed: String, _ digest: SHA256Digest) -> Bool {
        (try? TypedCode(typed).matches(digest)) ?? false
    }

    /// How many words are read aloud.
    package static let wordCount = 12

    /// How many words a whole digest has.
    package static let allWordsCount = 32

    /// How many digits are read aloud, in six groups of five.
    package static let digitCount = groupCount * 5

    private static let groupCount = 6

    /// How many words stand in a row.
    private static let rowCount = 4
}
