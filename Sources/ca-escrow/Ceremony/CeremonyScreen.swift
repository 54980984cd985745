// SPDX-License-Identifier: Apache-2.0

import Ceremony
import Custody
import Files

/// What a live ceremony shows: plain text for a console of 80 columns and 24 lines, without colours.
enum CeremonyScreen {
    /// Clears the screen and shows a step.
    static func show(_ step: Step, of script: CeremonyScript, _ plan: Plan) {
        Output.screen("\u{1b}[2J\u{1b}[H")
        say(cut((plan.isRehearsal ? "REHEARSAL  " : "") + plan.title))
        say(cut("Step \(step.number) of \(script.steps.count): \(step.title)"))
        say(cut("\(step.actors.map(\.title).joined(separator: ", ")); \(step.minutes) min"))
        say(String(repeating: "-", count: width))
        (step.instructions + [step.withoutException].compactMap(\.self))
            .flatMap { wrapped($0, first: "- ", rest: "  ") }.forEach(say)
        say("")
    }

    /// A digest as it is read aloud: hexadecimal digits, and words in numbered rows.
    static func show(_ digest: SHA256Digest, of subject: String) {
        say("SHA-256 of \(subject):")
        digest.hexRows.forEach { say("    \($0)") }
        for (number, words) in digest.wordRows {
            let cells = words.map { $0 + String(repeating: " ", count: max(1, 14 - $0.count)) }
            say("  \(number) \(cells.joined().trimmed)")
        }
    }

    /// A line.
    static func say(_ text: String) {
        Output.line(text)
    }

    /// A text in as many lines as it needs, none of them wider than the screen.
    static func wrapped(_ text: String, first: String, rest: String) -> [String] {
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

    /// A line of a command's in as many as it needs: those that follow stand four columns further in.
    static func wrapped(_ line: String) -> [String] {
        guard !["ca-escrow: next: ", "ca-escrow: hint: "].contains(where: { line.hasPrefix(bytesOf: $0) }) else {
            return CommandLines.advice(line, width: width, rest: "    ")
        }
        guard line.columnCount > width else {
            return [line]
        }
        let text = line.unicodeScalars.drop { $0 == " " }
        // Deeper than that, nothing would be left of the line.
        let blanks = String(repeating: " ", count: min(20, line.unicodeScalars.count - text.count))
        return wrapped(String(text), first: blanks, rest: "\(blanks)    ")
    }

    /// A command in as many lines as it needs.
    static func command(_ words: [String]) -> [String] { CommandLines.of(words, width: width) }

    /// Columns in use: the last one is left free, since some consoles wrap when it is written.
    private static let width = 78

    private static func cut(_ text: String) -> String {
        text.columnCount > width ? "\(text.prefix(columns: width - 3))..." : text
    }
}
