// SPDX-License-Identifier: Apache-2.0

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

    /// A line that says what to do, and perhaps with which command, likewise: once a program's name has come, each line but
    /// the last ends in a backslash.
    ///
    /// With a quotation in it, the line stays whole: the console wraps it, and whoever pastes it has it as it was.
    ///
    /// - Parameter rest: What stands before the lines that follow.
    package static func advice(_ text: String, width: Int, rest: String) -> [String] {
        guard text.columnCount > width, ![" '", "('", "$'"].contains(where: { text.contains(bytesOf: $0) }) else {
            return [text]
        }
        var lines: [String] = []
        var line = ""
        var (isFresh, isCommand) = (true, false)
        for word in text.words(between: " ") {
            if !isFresh, line.columnCount + 1 + word.columnCount + end.utf8.count > width {
                lines.append(line + (isCommand ? end : ""))
                line = rest
                isFresh = true
            }
            line += isFresh ? word : " \(word)"
            isFresh = false
            isCommand = isCommand || programs.contains(bytesOf: word)
        }
        return lines + [line]
    }

    private static let end = " \\"

    /// What advice says to run.
    private static let programs = ["ca-escrow", "ssh-keygen", "certutil", "curl", "echo"]
}
