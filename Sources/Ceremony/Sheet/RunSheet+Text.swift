// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files

/// The run sheet as plain text, 80 columns wide, a form feed between its pages.
extension RunSheet {
    package var text: String {
        let title = TextColumns.wrapped(plan.isRehearsal ? "REHEARSAL: \(plan.title)" : plan.title)
        var lines = title.map(Self.centred) + [""]
        lines += facts.flatMap { fact in
            TextColumns.wrapped(fact.value, first: TextColumns.padded(fact.name, 13), rest: 13)
        }
        if let digest = known[.plan] {
            lines += ["", "The plan's SHA-256"] + Self.rows(of: digest)
        }
        lines += people + ["", "Steps", rule] + script.steps.flatMap(lines(of:)) + feed
        lines += inventory + feed + attestations
        for number in 1...Self.exceptionSheetCount {
            lines += feed + exceptionSheet(number)
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
        let guest = ("____________________________", "in the place of ________")
        return ["", "People", rule]
            + TextColumns.row([("name", 30), ("roles", 26), ("present", 14), ("initials", 10)]) + [rule]
            + (plan.people.map { ($0.inFull, $0.inWords) }
            + [(String, String)](repeating: guest, count: Self.guestCount))
            .flatMap { name, roles in
                TextColumns.row([(name, 30), (roles, 26), ("[ ]yes [ ]no", 14), ("_________", 10)])
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
        for words in commands(of: step) {
            // A quotation that is wider than the paper goes on below: it is typed, not pasted.
            lines += CommandLines.of(words, width: TextColumns.width - 5).flatMap { line in
                line.columnCount > TextColumns.width - 5 ? Self.indented(line) : ["     \(line)"]
            }
        }
        if let digest = digest(of: step) {
            lines += Self.rows(of: digest).map { "   \($0)" }
        } else if case .compare = step.act {
            lines += ["     SHA-256 from the screen, and its words:"] + Self.blankRows.map { "   \($0)" }
        }
        for field in step.fields {
            guard !field.isEqual(bytesOf: StepRow.image) else {
                lines += ["     \(field), SHA-256:"] + Self.blankRows.map { "   " + $0.prefix(columns: 20) }
                continue
            }
            lines.append(TextColumns.padded("     \(field) ", 17) + String(repeating: "_", count: 60))
        }
        if let words = announcement(of: step) {
            lines += Self.indented("\(words): ____________ and ____________; kept in: ____________")
        }
        let answers =
            step.act == .decide ? "[ ] GO   [ ] NO-GO" : "[ ] as it should be   [ ] exception ____"
        lines += ["     [ ] done   time ________   \(answers)"]
        return lines + signers(of: step).flatMap { Self.indented("initials ________  \($0)") } + [rule]
    }

    private var inventory: [String] {
        var lines = ["Media and bags", rule]
        lines += TextColumns.row([
            ("medium", 17), ("holds", 9), ("holder, site", 20), ("bag out, whole", 13), ("bag in", 11),
            ("initials", 10),
        ])
        lines.append(rule)
        for medium in plan.media {
            let out = "__________ [_]yes [_]no" + (bags[medium.label].map { " should be \($0)" } ?? "")
            let holder = plan.participant(medium.holder)?.inFull ?? medium.holder.description
            lines += TextColumns.row([
                ("\(medium.label) \(medium.serial ?? "serial ________")", 17), (medium.content.rawValue, 9),
                ("\(holder), \(medium.site)", 20), (out, 13), ("__________", 11), ("____ ____", 10),
            ])
        }
        return lines
    }

    private var attestations: [String] {
        var lines = ["Attestations", rule]
        lines += TextColumns.wrapped(
            "The ceremony went as this sheet says, except for what I write here. To disagree is an answer."
        )
        lines.append(rule)
        for name in plan.people.map(\.inFull) + [String](repeating: "____________________", count: Self.guestCount) {
            lines +=
                TextColumns.wrapped(name) + [
                    "     [ ] agrees   [ ] agrees, with a remark   [ ] does not agree",
                    "     remark _____________________________________________________________",
                    "     signature ______________________________   time ________", "",
                ]
        }
        lines += ["Afterwards", rule]
        return lines
            + CeremonyScript.afterwards(plan.kind).flatMap { TextColumns.wrapped($0, first: "- ", rest: 2) }
    }

    private func exceptionSheet(_ number: Int) -> [String] {
        let line = String(repeating: "_", count: 76)
        var lines = ["Exception \(number)     step ______   time ________", ""]
        for (what, count) in Self.exceptionParts {
            lines += [what, ""] + Array(repeating: line, count: count).flatMap { [$0, ""] }
        }
        lines += ["The ceremony  [ ] goes on   [ ] does the step again   [ ] is abandoned", ""]
        lines.append("Decided by ____________________")
        return lines + leading.flatMap { TextColumns.wrapped("\($0) ________") }
    }

    private static func rows(of digest: SHA256Digest) -> [String] {
        let digits = Array(digest.description.utf8)
        return digest.wordRows.map { row in
            let start = row.number * 8 - 8
            let groups = [start, start + 4].map { String(decoding: digits[$0..<$0 + 4], as: UTF8.self) }
            return "  \(row.number)  \(groups.joined(separator: " "))  "
                + row.words.dropLast().map { TextColumns.padded($0, 14) }.joined() + row.words[row.words.count - 1]
        }
    }

    /// Where a digest is written that is not known yet, and its words.
    private static let blankRows = (1...8).map { row in
        "  \(row)  _ _ _ _ _ _ _ _   ___________  ___________  ___________  ___________"
    }

    private static func indented(_ text: String) -> [String] { TextColumns.wrapped(text, first: "     ", rest: 5) }

    private static func centred(_ text: String) -> String {
        String(repeating: " ", count: max(0, (TextColumns.width - text.columnCount) / 2)) + text
    }
}
