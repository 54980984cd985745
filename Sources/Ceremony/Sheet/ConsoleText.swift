// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files

/// Text on a console, in lines that fit.
package enum ConsoleText {
    /// A text in as many lines as it needs, none of them wider than the screen.
    package static func wrapped(_ text: String, first: String = "", rest: String = "", width: Int) -> [String] {
        var lines: [String] = []
        var line = first
        var isEmpty = true
        for word in text.words(between: " ").flatMap(Self.halves) {
            let blank = isEmpty ? 0 : 1
            if !line.isBlank, line.columnCount + blank + word.columnCount > width {
                lines.append(line.withoutBlanksAtEnd)
                // A word that has no room below the others stands further out, before it is broken.
                line = String(rest.prefix(word.columnCount > width ? 4 : width - word.columnCount))
                isEmpty = true
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
            // A word wider than the screen, such as a path, is broken behind one of its marks, or where the screen ends.
            while line.columnCount > width {
                let fitting = line.prefix(columns: width)
                let end = fitting.lastIndex(where: "/:".contains).map { fitting.index(after: $0) } ?? fitting.endIndex
                let piece = line[..<(String(line[..<end]).columnCount > rest.columnCount ? end : fitting.endIndex)]
                lines.append(String(piece))
                line = rest + line.dropFirst(piece.count)
            }
        }
        return lines + [line]
    }

    /// A line that an act says, in as many as it needs: those that follow stand below the last of its columns, or four
    /// columns further in.
    package static func wrapped(line: String, width: Int) -> [String] {
        guard !["ca-escrow: next: ", "ca-escrow: hint: "].contains(where: { line.hasPrefix(bytesOf: $0) }) else {
            return CommandLines.advice(line, width: width, rest: "    ")
        }
        guard line.columnCount > width else {
            return [line]
        }
        let (start, rest) = columns(of: line)
        let lead = line.prefix(columns: start)
        return wrapped(
            String(line.dropFirst(lead.count)),
            first: String(lead),
            rest: String(repeating: " ", count: rest),
            width: width
        )
    }

    /// Where what a line says begins, behind names that stand in columns, two blanks apart; and where it goes on below.
    private static func columns(of line: String) -> (start: Int, rest: Int) {
        // A row of a table keeps its columns, when enough is left for the last one.
        let bytes = Array(line.utf8.prefix(60))
        let blank = UInt8(ascii: " ")
        let indent = bytes.firstIndex { $0 != blank } ?? 0
        let columns = bytes.indices.dropFirst(indent + 3).filter { index in
            bytes[index] != blank && bytes[index - 1] == blank && bytes[index - 2] == blank
        }
        guard let column = columns.last, bytes.allSatisfy({ $0 < 0x80 }) else {
            // Deeper than that, nothing would be left of the line.
            return (min(indent, 20), min(indent, 20) + 4)
        }
        return (column, column)
    }

    /// A certificate's fingerprint, 32 bytes with colons between, as two words that are compared one after the other.
    private static func halves(of word: String) -> [String] {
        let bytes = word.parts(between: ":")
        guard bytes.count == 32, bytes.allSatisfy({ $0.utf8.count == 2 }) else {
            return [word]
        }
        return [bytes.prefix(16).joined(separator: ":") + ":", bytes.suffix(16).joined(separator: ":")]
    }
}

extension String {
    fileprivate var isBlank: Bool { utf8.allSatisfy { $0 == UInt8(ascii: " ") } }

    fileprivate var withoutBlanksAtEnd: String {
        let blanks = utf8.reversed().prefix { $0 == UInt8(ascii: " ") }
        return String(Substring(utf8.dropLast(blanks.count)))
    }
}
