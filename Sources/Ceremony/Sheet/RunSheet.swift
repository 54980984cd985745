// SPDX-License-Identifier: Apache-2.0

package import Custody

/// The printable script of a ceremony: what a plan and its script put on paper.
package struct RunSheet: Sendable {
    package let plan: Plan
    package let script: CeremonyScript
    /// Digests that are known beforehand, by what they are of.
    package let known: [Step.Subject: SHA256Digest]
    /// The subject of the CA's certificate.
    package let subject: String
    package let paper: Paper
    /// The numbers of the bags that media are in, by their labels, as far as they are known.
    package let bags: [String: String]

    /// The size of the paper.
    package enum Paper: String, CaseIterable, Sendable {
        case a4
        case letter

        /// What CSS says of it.
        var size: StaticString {
            self == .a4 ? "@page { size: A4; margin: 14mm } " : "@page { size: Letter; margin: 14mm } "
        }
    }

    package init(
        of plan: Plan,
        _ script: CeremonyScript,
        known: [Step.Subject: SHA256Digest],
        subject: String,
        paper: Paper,
        bags: [String: String] = [:]
    ) {
        self.plan = plan
        self.script = script
        self.known = known
        self.subject = subject
        self.paper = paper
        self.bags = bags
    }

    /// How many exception sheets are printed.
    static let exceptionSheetCount = 3

    /// Name and value of what is known of the ceremony.
    var facts: [(name: String, value: String)] {
        [
            ("ceremony", plan.title),
            ("kind", plan.kind.rawValue + (plan.isRehearsal ? ", REHEARSAL" : "")),
            ("begins", plan.date.forPeople),
            ("standby", plan.standby.forPeople),
            ("place", plan.place),
            ("CA", subject),
            ("certificate", plan.authority.sha256.inOneRow),
            ("escrow", plan.escrow.path),
            ("store", plan.escrow.store ?? "none: the key goes nowhere"),
            ("program", plan.tool.inOneRow),
            ("time budget", "\(script.minutes) minutes"),
        ]
    }

    /// The digest that a step compares, when it is known beforehand.
    func digest(of step: Step) -> SHA256Digest? {
        guard case .compare(let subject) = step.act else {
            return nil
        }
        return known[subject]
    }

    /// Who acts, in words.
    func actors(of step: Step) -> String { step.actors.map(\.title).joined(separator: ", ") }
}

extension SHA256Digest {
    /// The digest in 16 groups of 4 hexadecimal digits, four groups a row, as it is read aloud.
    package var hexRows: [String] {
        let digits = Array(description)
        return (0..<4).map { row in
            (0..<4).map { String(digits[row * 16 + $0 * 4..<row * 16 + $0 * 4 + 4]) }.joined(separator: " ")
        }
    }

    /// The same in one row, which is broken between groups.
    var inOneRow: String { hexRows.joined(separator: "  ") }

    /// All 32 words in eight numbered rows of four.
    package var wordRows: [(number: Int, words: [String])] {
        let words = ComparisonCode(of: self).allWords
        return (0..<8).map { ($0 + 1, Array(words[$0 * 4..<$0 * 4 + 4])) }
    }
}
