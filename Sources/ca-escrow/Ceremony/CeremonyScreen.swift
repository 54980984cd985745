// SPDX-License-Identifier: Apache-2.0

import Ceremony
import Custody

/// What a live ceremony shows: plain text for a console of 80 columns and 24 lines, without colours.
enum CeremonyScreen {
    /// Clears the screen and shows a step.
    static func show(_ step: Step, of script: CeremonyScript, _ plan: Plan) {
        Output.screen("\u{1b}[2J\u{1b}[H")
        say((plan.isRehearsal ? "REHEARSAL  " : "") + plan.title)
        say("Step \(step.number) of \(script.steps.count): \(step.title)")
        say("\(step.actors.map(\.title).joined(separator: ", ")); \(step.minutes) min")
        say(rule)
        for line in step.instructions.flatMap({ wrapped($0) }) {
            say(line)
        }
        say("")
    }

    /// A digest as it is read aloud: hexadecimal digits, and words in numbered rows.
    static func show(_ digest: SHA256Digest, of subject: String) {
        say("SHA-256 of \(subject):")
        digest.hexRows.forEach { say("    \($0)") }
        for (number, words) in digest.wordRows {
            let cells = words.map { $0 + String(repeating: " ", count: max(1, 14 - $0.count)) }
            say("  \(number) \(cells.joined())".trimmed)
        }
    }

    /// A line.
    static func say(_ text: String) {
        Output.line(text)
    }

    private static let rule = String(repeating: "-", count: 78)

    private static func wrapped(_ text: String) -> [String] {
        var lines: [String] = []
        var line = "-"
        for word in text.split(separator: " ") {
            if line.count + 1 + word.count > 78 {
                lines.append(line)
                line = " "
            }
            line += " \(word)"
        }
        return lines + [line]
    }
}
