// SPDX-License-Identifier: Apache-2.0

import Ceremony
import Encoding
import Escrow
import Glibc

/// The console at which a ceremony is held: lines without colours, a page at a time, below a header that stays.
final class CeremonyTerminal: CeremonyScreen {
    private let hasBell: Bool
    /// Lines since somebody was asked.
    private var count = 0

    init(bell hasBell: Bool) {
        self.hasBell = hasBell
    }

    func show(_ step: Step, of script: CeremonyScript, _ plan: Plan, _ digest: SHA256Digest) {
        // The cursor is kept, the rows above the others are written, and from then on only those others move.
        Output.screen(
            "\u{1b}7\u{1b}[r\u{1b}[1;1H\u{1b}[2K\u{1b}[2;1H\u{1b}[2K\u{1b}[3;1H\u{1b}[2K\u{1b}[4;1H\u{1b}[2K\u{1b}[1;1H"
        )
        ScreenText.header(of: step, script, plan, digest).forEach(Output.line)
        Output.screen("\u{1b}[5r\u{1b}8")
        ScreenText.instructions(of: step).forEach(put)
        put("")
    }

    /// Begins with an empty screen, whose header is not written yet.
    func clear() { Output.screen("\u{1b}[r\u{1b}[2J\u{1b}[5;1H") }

    /// Gives the whole screen back.
    static func leave() { Output.screen("\u{1b}[r\u{1b}[999;1H") }

    func alarm() {
        if hasBell {
            Output.screen("\u{7}")
        }
    }

    func show(_ digest: SHA256Digest, of subject: String) { ScreenText.rows(of: digest, of: subject).forEach(put) }

    func show(command words: [String]) { CommandLines.of(words, width: ScreenText.width).forEach(put) }

    func say(_ text: String, first: String, rest: String) {
        ConsoleText.wrapped(text, first: first, rest: rest, width: ScreenText.width).forEach(put)
    }

    /// A line; a full page waits until somebody has read it.
    private func put(_ text: String) {
        if count >= Screen.rows(of: STDOUT_FILENO) - ScreenText.headerRows - 2 {
            _ = try? line("More: Enter")  // whoever cannot answer does not read either
        }
        count += 1
        Output.line(text)
    }

    func report(_ error: any Error) {
        (Diagnostic(error) ?? Diagnostic("\(error)", .software)).report()
    }

    func line(_ prompt: String) throws(Absence) -> String? {
        count = 0
        var lines = ConsoleText.wrapped(prompt, width: ScreenText.width)
        let last = lines.popLast() ?? ""
        while true {
            lines.forEach(Output.line)
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
}
