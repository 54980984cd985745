// SPDX-License-Identifier: Apache-2.0

import Files

/// Text on a console, in lines that fit.
package enum ConsoleText {
    /// A text in as many lines as it needs, none of them wider than the screen.
    package static func wrapped(_ text: String, first: String = "", rest: String = "", width: Int) -> [String] {
        var lines: [String] = []
        var line = first
        var isEmpty = true
        for word in text.words(between: " ") {
            if !isEmpty, line.columnCount + 1 + word.columnCount > width {
                lines.append(line)
                line = rest
                isEmpty = true
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
            // A word wider than the screen, such as a path, is broken where the screen ends.
            while line.columnCount > width {
                let fitting = line.prefix(columns: width)
                lines.append(String(fitting))
                line = rest + line.dropFirst(fitting.count)
            }
        }
        return lines + [line]
    }

    /// A line that an act says, in as many as it needs: those that follow stand four columns further in.
    package static func wrapped(line: String, width: Int) -> [String] {
        guard !["ca-escrow: next: ", "ca-escrow: hint: "].contains(where: { line.hasPrefix(bytesOf: $0) }) else {
            return CommandLines.advice(line, width: width, rest: "    ")
        }
        guard line.columnCount > width else {
            return [line]
        }
        let text = line.unicodeScalars.drop { $0 == " " }
        // Deeper than that, nothing would be left of the line.
        let blanks = String(repeating: " ", count: min(20, line.unicodeScalars.count - text.count))
        return wrapped(String(text), first: blanks, rest: "\(blanks)    ", width: width)
    }
}
