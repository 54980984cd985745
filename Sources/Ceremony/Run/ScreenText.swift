// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// What stands on the screen of a room: plain text in 80 columns, of which the last one is left free, since some consoles wrap
/// when it is written.
package enum ScreenText {
    package static let width = 78

    /// Rows of the header, which stays at the top.
    package static let headerRows = 4

    /// Which step is under way, who acts, of which plan, and whether it is a rehearsal.
    package static func header(of step: Step, _ script: CeremonyScript, _ plan: Plan, _ digest: SHA256Digest)
        -> [String]
    {
        let mark = "  plan \(digest.short)"
        let title = cut((plan.isRehearsal ? "REHEARSAL  " : "") + plan.title, to: width - mark.columnCount)
        return [
            title + String(repeating: " ", count: width - mark.columnCount - title.columnCount) + mark,
            cut("Step \(step.number) of \(script.count): \(step.title)", to: width),
            cut("\(step.actors.map(\.title).joined(separator: ", ")); \(step.minutes) min", to: width),
            String(repeating: "-", count: width),
        ]
    }

    /// What is done at a step or said aloud.
    package static func instructions(of step: Step) -> [String] {
        (step.instructions + [step.withoutException].compactMap(\.self))
            .flatMap { ConsoleText.wrapped($0, first: "- ", rest: "  ", width: width) }
    }

    /// The digest as hexadecimal digits, and as words in numbered rows.
    package static func rows(of digest: SHA256Digest, of subject: String) -> [String] {
        let words = digest.wordRows.map { number, words in
            let cells = words.map { $0 + String(repeating: " ", count: max(1, 14 - $0.count)) }
            return "  \(number) \(cells.joined().trimmed)"
        }
        return ["SHA-256 of \(subject):"] + digest.hexRows.map { "    \($0)" } + words
    }

    private static func cut(_ text: String, to width: Int) -> String {
        text.columnCount > width ? "\(text.prefix(columns: width - 3))..." : text
    }
}
