// SPDX-License-Identifier: Apache-2.0

import Custody

/// The run sheet as plain text, 80 columns wide, a form feed between its pages.
extension RunSheet {
    package var text: String {
        var lines = [Self.centred(plan.isRehearsal ? "REHEARSAL: \(plan.title)" : plan.title), ""]
        lines += facts.flatMap { Self.wrapped($0.value, first: Self.padded($0.name, 13), rest: 13) }
        if let digest = known[.plan] {
            lines += ["", "The plan's SHA-256"] + Self.rows(of: digest)
        }
        lines += ["", "People", Self.rule]
        lines += [Self.row([("name", 30), ("roles", 26), ("signed in", 10), ("initials", 0)]), Self.rule]
        for person in plan.people {
            lines.append(
                Self.row([
                    (person.fullName, 30), (person.roles.map(\.title).joined(separator: ", "), 26), ("________", 10),
                    ("________", 0),
                ])
            )
        }
        lines += ["", "Steps", Self.rule]
        for step in script.steps {
            lines += steps(step)
        }
        lines.append("\u{c}")
        lines += inventory
        for number in 1...Self.exceptionSheetCount {
            lines.append("\u{c}")
            lines += Self.exceptionSheet(number)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func steps(_ step: Step) -> [String] {
        var lines = Self.wrapped("\(step.title)\(step.isIrreversible ? " (CANNOT BE TAKEN BACK)" : "")",
            first: Self.padded("\(step.number).", 5),
            rest: 5
        )
        lines.append("     \(actors(of: step)); \(step.minutes) min")
        lines += step.instructions.flatMap { Self.wrapped($0, first: "     - ", rest: 7) }
        if case .signIn(let names) = step.act {
            lines += Self.wrapped(names.map(\.description).joined(separator: ", "), first: "     ", rest: 5)
        }
        if let digest = digest(of: step) {
            lines += Self.rows(of: digest).map { "     \($0)" }
        } else if case .compare = step.act {
            lines.append("     SHA-256 ________________________________________________________________")
        }
        lines += ["     [ ] done   time ________   operator ________   witness ________", Self.rule]
        return lines
    }

    private var inventory: [String] {
        var lines = ["Media and bags", Self.rule]
        lines += [Self.row([("medium", 14), ("holds", 10), ("holder, site", 24), ("bag out", 11), ("bag in", 11), ("in.", 0)])]
        lines.append(Self.rule)
        for medium in plan.media {
            lines.append(
                Self.row([
                    (medium.label, 14), (medium.content.rawValue, 10), ("\(medium.holder), \(medium.site)", 24),
                    ("_________", 11), ("_________", 11), ("_____", 0),
                ])
            )
        }
        return lines
    }

    private static func exceptionSheet(_ number: Int) -> [String] {
        let line = String(repeating: "_", count: 76)
        var lines = ["Exception \(number)     step ______   time ________", ""]
        for (what, count) in [("What was expected", 3), ("What happened", 5), ("What was decided", 4)] {
            lines += [what, ""] + Array(repeating: line, count: count).flatMap { [$0, ""] }
        }
        return lines + ["Decided by ____________________   operator ________   witness ________"]
    }

    private static func rows(of digest: SHA256Digest) -> [String] {
        digest.hexRows.map { "  \($0)" }
            + digest.wordRows.map { row in
                "  \(row.number)  " + row.words.dropLast().map { padded($0, 14) }.joined() + row.words[row.words.count - 1]
            }
    }

    private static let rule = String(repeating: "-", count: 80)

    private static func centred(_ text: String) -> String {
        String(repeating: " ", count: max(0, (80 - text.count) / 2)) + text
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    /// Cells of a width, the last one free; what is too long is cut.
    private static func row(_ cells: [(text: String, width: Int)]) -> String {
        cells.map { cell in
            cell.width == 0 ? cell.text : padded(String(cell.text.prefix(cell.width - 1)), cell.width)
        }.joined()
    }

    /// Words in lines of 80 columns: `first` before the first, blanks before the others.
    private static func wrapped(_ text: String, first: String, rest: Int) -> [String] {
        var lines: [String] = []
        var line = first
        var isFresh = true
        for word in text.split(separator: " ") {
            if !isFresh, line.count + 1 + word.count > 80 {
                lines.append(line)
                line = String(repeating: " ", count: rest)
                isFresh = true
            }
            line += isFresh ? String(word) : " \(word)"
            isFresh = false
        }
        return lines + [line]
    }
}
