// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files

/// Plain text in columns for paper and consoles of 80 characters: what is too long goes on below, nothing is cut off.
enum TextColumns {
    static let width = 80

    static let rule = String(repeating: "-", count: width)

    /// The text with blanks behind it, one at least.
    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.columnCount))
    }

    /// Words in lines: `first` before the first, as many blanks as `rest` before the others.
    static func wrapped(_ text: String, first: String = "", rest: Int = 0, to width: Int = width) -> [String] {
        let lead = String(repeating: " ", count: rest)
        var lines: [String] = []
        var line = first
        var isFresh = true
        for word in text.words(between: " ").flatMap({ pieces(of: $0, width - max(rest, first.columnCount)) }) {
            if !isFresh, line.columnCount + 1 + word.columnCount > width {
                lines.append(line)
                line = lead
                isFresh = true
            }
            line += isFresh ? word : " \(word)"
            isFresh = false
        }
        return lines + [line]
    }

    /// One row of a table, in as many lines as its longest cell needs; the widths are those of all columns.
    static func row(_ cells: [(text: String, width: Int)]) -> [String] {
        let columns = cells.map { wrapped($0.text, to: $0.width - 1) }
        return (0..<(columns.map(\.count).max() ?? 0)).map { index in
            let line = zip(columns, cells).map { padded(index < $0.count ? $0[index] : "", $1.width) }.joined()
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// A word that fits no line, in pieces.
    private static func pieces(of word: String, _ width: Int) -> [String] {
        var pieces: [String] = []
        var piece = ""
        var count = 0
        for character in word {
            let columns = String(character).columnCount
            if count + columns > width, !piece.isEmpty {
                pieces.append(piece)
                piece = ""
                count = 0
            }
            piece.append(character)
            count += columns
        }
        return pieces + [piece]
    }
}
