// SPDX-License-Identifier: Apache-2.0

import Custody

/// The run sheet as plain text, 80 columns wide, a form feed between its pages.
extension RunSheet {
    package var text: String {
        let title = TextColumns.wrapped(plan.isRehearsal ? "REHEARSAL: \(plan.title)" : plan.title)
        var lines = title.map(Self.centred) + [""]
        lines += facts.dropFirst().flatMap { fact in
            TextColumns.wrapped(fact.value, first: TextColumns.padded(fact.name, 13), rest: 13)
        }
        if let digest = known[.plan] {
            lines += ["", "The plan's SHA-256"] + Self.rows(of: digest)
        }
        lines += people + ["", "Steps", rule] + script.steps.flatMap(lines(of:)) + feed
        lines += inventory + feed + attestations
        for number in 1...Self.exceptionSheetCount {
            lines += feed + Self.exceptionSheet(number)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A new page, which says what the first one says.
    private var feed: [String] { plan.isRehearsal ? ["\u{c}" + "REHEARSAL: nothing here counts", ""] : ["\u{c}"] }

    /// A line across; a rehearsal's says so, since a printer begins pages where it likes.
    private var rule: String {
        guard plan.isRehearsal else {
            return TextColumns.rule
        }
        let mark = "-- REHEARSAL "
        return mark + TextColumns.rule.dropFirst(mark.count)
    }

    private var people: [String] {
        ["", "People", rule]
            + TextColumns.row([("name", 30), ("roles", 26), ("signed in", 12), ("initials", 12)]) + [rule]
            + plan.people.flatMap { person in
                TextColumns.row([
                    (person.fullName, 30), (person.inWords, 26), ("__________", 12),
                    ("__________", 12),
                ])
            }
    }

    private func lines(of step: Step) -> [String] {
        var lines = TextColumns.wrapped(
            "\(step.title)\(step.isIrreversible ? " (CANNOT BE TAKEN BACK)" : "")",
            first: TextColumns.padded("\(step.number).", 5),
            rest: 5
        )
        lines += Self.indented("\(actors(of: step)); \(step.minutes) min")
        lines += (step.instructions + [step.withoutException].compactMap(\.self))
            .flatMap { TextColumns.wrapped($0, first: "     - ", rest: 7) }
        if case .signIn(let names) = step.act {
            lines += Self.indented(names.map(\.description).joined(separator: ", "))
        }
        if let digest = digest(of: step) {
            lines += Self.rows(of: digest).map { "     \($0)" }
        } else if case .compare = step.act {
            lines += ["", "     SHA-256 ________________________________________________________________"]
        }
        for field in step.fields {
            lines.append(TextColumns.padded("     \(field) ", 17) + String(repeating: "_", count: 60))
        }
        return lines + ["     [ ] done   time ________   operator ________   witness ________", rule]
    }

    private var inventory: [String] {
        var lines = ["Media and bags", rule]
        lines += TextColumns.row([
            ("medium", 16), ("holds", 10), ("holder, site", 22), ("bag out", 12), ("bag in", 12), ("initials", 8),
        ])
        lines.append(rule)
        for medium in plan.media {
            let out = bags[medium.label].map { "__________ expected: \($0)" } ?? "__________"
            lines += TextColumns.row([
                ("\(medium.label) \(medium.serial ?? "serial ________")", 16), (medium.content.rawValue, 10),
                ("\(medium.holder), \(medium.site)", 22), (out, 12), ("__________", 12), ("_______", 8),
            ])
        }
        return lines
    }

    private var attestations: [String] {
        var lines = ["Attestations", rule]
        lines += TextColumns.wrapped(
            "The ceremony went as this sheet says, but for what I write here. Not to agree is an answer."
        )
        lines.append(rule)
        for person in plan.people {
            lines +=
                TextColumns.wrapped(person.fullName) + [
                    "     [ ] yes   [ ] no   signature ____________________   time ________",
                    "     exceptions _________________________________________________________", "",
                ]
        }
        lines += ["Afterwards", rule]
        return lines
            + CeremonyScript.afterwards(plan.kind).flatMap { TextColumns.wrapped($0, first: "- ", rest: 2) }
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
                "  \(row.number)  " + row.words.dropLast().map { TextColumns.padded($0, 14) }.joined()
                    + row.words[row.words.count - 1]
            }
    }

    private static func indented(_ text: String) -> [String] { TextColumns.wrapped(text, first: "     ", rest: 5) }

    private static func centred(_ text: String) -> String {
        String(repeating: " ", count: max(0, (TextColumns.width - text.columnCount) / 2)) + text
    }
}
