// SPDX-License-Identifier: Apache-2.0

extension String {
    /// How many columns of a console the text takes: two for a wide character, none for a mark on the one before.
    package var columnCount: Int {
        utf8.allSatisfy { $0 < 0x80 } ? utf8.count : unicodeScalars.reduce(0) { $0 + $1.columnCount }
    }

    /// As many of its characters from the start as fit into so many columns.
    package func prefix(columns: Int) -> Substring {
        var left = columns
        return prefix { character in
            left -= String(character).columnCount
            return left >= 0
        }
    }
}

extension Unicode.Scalar {
    fileprivate var columnCount: Int {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: 0
        default: Self.wide.contains { $0.contains(value) } ? 2 : 1
        }
    }

    /// Wide and full-width in Unicode's East Asian Width, in whole blocks.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115f,  // Hangul Jamo
        0x2e80...0x303e,  // radicals, punctuation of Chinese and Japanese
        0x3041...0x33ff,  // Hiragana, Katakana, Bopomofo, compatibility
        0x3400...0x4dbf,  // Chinese characters
        0x4e00...0x9fff,
        0xa000...0xa4cf,  // Yi
        0xa960...0xa97f,  // Hangul Jamo, extended
        0xac00...0xd7a3,  // Hangul
        0xf900...0xfaff,  // Chinese characters, compatibility
        0xfe10...0xfe19,  // vertical forms
        0xfe30...0xfe6f,
        0xff01...0xff60,  // full-width forms
        0xffe0...0xffe6,
        0x1f300...0x1f64f,  // pictures
        0x1f680...0x1f6ff,
        0x1f900...0x1f9ff,
        0x20000...0x3fffd,  // Chinese characters
    ]
}
