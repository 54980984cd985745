// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files

/// A command on a console: in as many lines as it needs, and one command when they are pasted.
package enum CommandLines {
    /// Lines of at most so many columns, of which all but the last end in a backslash; they break between words alone.
    ///
    /// A word broken in two could end its quotation in the middle: one that is wider than a line stays whole.
    ///
    /// - Parameter words: As a shell takes them, quoted where they need it.
    package static func of(_ words: [String], width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in words {
            if !line.isEmpty, line.columnCount + 1 + word.columnCount + end.utf8.count > width {
                lines.append(line + end)
                line = "   "
            }
            line += line.isEmpty ? word : " \(word)"
        }
        return lines + [line]
    }

    /// A line that says what to do, and perhaps with which command, likewise: a command that does not fit has lines of its
    /// own, of which each but the last ends in a backslash.
    ///
    /// A quotation is one word. With a quotation mark inside of one, the line stays whole: the console wraps it, and whoever
    /// pastes it has it as it was.
    ///
    /// - Parameter rest: What stands before the lines that follow.
    package static func advice(_ text: String, width: Int, rest: String) -> [String] {
        guard text.columnCount > width, !["\\'", "$'"].contains(where: { text.contains(bytesOf: $0) }) else {
            return [text]
        }
        var lines: [String] = []
        var line = ""
        var (isFresh, isCommand) = (true, false)
        func end(with mark: String = "") {
            lines.append(line + mark)
            line = isCommand ? "\(rest)    " : rest
            isFresh = true
        }
        let words = quotedWords(of: text)
        for (index, word) in words.enumerated() {
            if !isCommand, programs.contains(bytesOf: word) {
                let others = words[index...].joined(separator: " ")
                if !isFresh, line.columnCount + 1 + others.columnCount > width {
                    end()
                }
                isCommand = true
            }
            let mark = isCommand ? Self.end : ""
            if !isFresh, line.columnCount + 1 + word.columnCount + mark.utf8.count > width {
                end(with: mark)
            }
            line += isFresh ? word : " \(word)"
            isFresh = false
            isCommand = isCommand && !word.hasSuffix(bytesOf: ";")
        }
        return lines + [line]
    }

    /// The words of a line; what stands between two quotation marks is a part of one.
    private static func quotedWords(of text: String) -> [String] {
        text.words(between: " ").reduce(into: []) { words, word in
            if let last = words.last, !last.utf8.count(where: { $0 == UInt8(ascii: "'") }).isMultiple(of: 2) {
                words[words.count - 1] += " \(word)"
            } else {
                words.append(word)
            }
        }
    }

    private static let end = " \\"

    /// What advice says to run.
    private static let programs = ["ca-escrow", "ssh-keygen", "certutil", "curl", "echo"]
}
