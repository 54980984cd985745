// SPDX-License-Identifier: Apache-2.0

import Ceremony
import Custody
import Escrow

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
        ConsoleText.wrapped(text, first: first, rest: rest, width: Self.width).forEach(Output.line)
    }

    func report(_ error: any Error) {
        (Diagnostic(error) ?? Diagnostic("\(error)", .software)).report()
    }

    func line(_ prompt: String) throws(Absence) -> String? {
        var lines = ConsoleText.wrapped(prompt, width: Self.width)
        let last = lines.popLast() ?? ""
        lines.forEach(Output.line)
        while true {
            do {
                return try Question.text(last, for: "the ceremony", else: "a terminal")
            } catch let error as Diagnostic where error.status == .usage {
                error.report()  // a line that is too long: asked for again
            } catch {
                throw Absence("\(error)")
            }
        }
    }

    func attend<Result>(_ act: (any Attendance) throws -> Result) throws -> Result {
        // Each act has a terminal of its own: what one has reported, the next may report again.
        try Terminal(try PassphraseFiles([])).attend(act)
    }

    /// Columns in use: the last one is left free, since some consoles wrap when it is written.
    private static let width = 78

    private static func cut(_ text: String) -> String {
        text.columnCount > width ? "\(text.prefix(columns: width - 3))..." : text
    }
}
