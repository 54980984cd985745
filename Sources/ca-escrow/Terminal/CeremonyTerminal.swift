// SPDX-License-Identifier: Apache-2.0

import Ceremony
import Custody
import Escrow
import Files

/// The console at which a ceremony is held: plain text in 80 columns and 24 lines, without colours.
final class CeremonyTerminal: CeremonyScreen {
    func show(_ step: Step, of script: CeremonyScript, _ plan: Plan) {
        clear()
        say(Self.cut((plan.isRehearsal ? "REHEARSAL  " : "") + plan.title))
        say(Self.cut("Step \(step.number) of \(script.steps.count): \(step.title)"))
        say(Self.cut("\(step.actors.map(\.title).joined(separator: ", ")); \(step.minutes) min"))
        say(String(repeating: "-", count: Self.width))
        (step.instructions + [step.withoutException].compactMap(\.self)).forEach { say($0, first: "- ", rest: "  ") }
        say("")
    }

    func clear() { Output.screen("\u{1b}[2J\u{1b}[H") }

    func show(_ digest: SHA256Digest, of subject: String) { Self.show(digest, of: subject) }

    /// The digest as hexadecimal digits, and as words in numbered rows.
    static func show(_ digest: SHA256Digest, of subject: String) {
        Output.line("SHA-256 of \(subject):")
        digest.hexRows.forEach { Output.line("    \($0)") }
        for (number, words) in digest.wordRows {
            let cells = words.map { $0 + String(repeating: " ", count: max(1, 14 - $0.count)) }
            Output.line("  \(number) \(cells.joined().trimmed)")
        }
    }

    func show(command words: [String]) { CommandLines.of(words, width: Self.width).forEach(Output.line) }

    func say(_ text: String, first: String, rest: String) {
        Self.wrapped(text, first: first, rest: rest).forEach(Output.line)
    }

    func report(_ error: any Error) {
        let diagnostic = Diagnostic(error) ?? Diagnostic("\(error)", .software)
        Output.wrapping(Self.wrapped) { diagnostic.report() }
    }

    func line(_ prompt: String) throws(Absence) -> String? {
        var lines = Self.wrapped(prompt, first: "", rest: "")
        let last = lines.popLast() ?? ""
        lines.forEach(Output.line)
        do {
            return try Question.text(last, for: "the ceremony", else: "a terminal")
        } catch let error as Diagnostic where error.status == .usage {
            error.report()  // a line that is too long: asked for again
            return nil
        } catch {
            throw Absence("\(error)")
        }
    }

    func attend<Result>(_ act: (any Attendance) throws -> Result) throws -> Result {
        // Each act has a terminal of its own: what one has reported, the next may report again.
        let terminal = Terminal(try PassphraseFiles([]))
        return try Output.wrapping(Self.wrapped) { try terminal.attend(act) }
    }

    /// A text in as many lines as it needs, none of them wider than the screen.
    private static func wrapped(_ text: String, first: String, rest: String) -> [String] {
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
    private static func wrapped(_ line: String) -> [String] {
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

    /// Columns in use: the last one is left free, since some consoles wrap when it is written.
    private static let width = 78

    private static func cut(_ text: String) -> String {
        text.columnCount > width ? "\(text.prefix(columns: width - 3))..." : text
    }
}
