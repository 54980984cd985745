// SPDX-License-Identifier: Apache-2.0

/// Characters that are not seen where they stand, or that move others: docs/format.md, Annex B.
///
/// The list is fixed, and no table of a Unicode version is asked, so that every reader writes the same text for the same
/// certificate.
extension Unicode.Scalar {
    /// Control characters, marks of direction, what Unicode calls ignorable, private use, noncharacters.
    package var isHidden: Bool {
        isASCII ? value < 0x20 || value == 0x7f : Self.hidden.contains { $0.contains(value) }
    }

    /// Whether it shows, stays in its place and leaves the others in theirs.
    package var isShown: Bool { !isHidden }

    /// Blanks of every width: they take room and show nothing.
    package var isBlank: Bool {
        Self.blank.contains { $0.contains(value) }
    }

    /// Those above ASCII.
    private static let hidden: [ClosedRange<UInt32>] = [
        0x0080...0x009f,  // control characters
        0x00ad...0x00ad,  // soft hyphen
        0x034f...0x034f,  // combining grapheme joiner
        0x061c...0x061c,  // Arabic letter mark
        0x115f...0x1160,  // Hangul fillers
        0x17b4...0x17b5,  // Khmer inherent vowels
        0x180b...0x180f,  // Mongolian selectors and separator
        0x200b...0x200f,  // zero width, marks of direction
        0x2028...0x202e,  // line and paragraph separators, embeddings of direction
        0x2060...0x206f,  // invisible operators, isolates of direction
        0x3164...0x3164,  // Hangul filler
        0xe000...0xf8ff,  // private use
        0xfdd0...0xfdef,  // noncharacters
        0xfe00...0xfe0f,  // variation selectors
        0xfeff...0xfeff,  // byte-order mark
        0xffa0...0xffa0,  // Hangul filler of half width
        0xfff0...0xfffb,  // interlinear annotation
        0xfffe...0xffff,  // noncharacters
        0x1bca0...0x1bca3,  // controls of shorthand
        0x1d173...0x1d17a,  // controls of music
        0xe0000...0x10ffff,  // tags, more variation selectors, private use
    ]

    private static let blank: [ClosedRange<UInt32>] = [
        0x0020...0x0020, 0x00a0...0x00a0, 0x1680...0x1680, 0x2000...0x200a, 0x202f...0x202f, 0x205f...0x205f,
        0x2800...0x2800, 0x3000...0x3000,
    ]
}
