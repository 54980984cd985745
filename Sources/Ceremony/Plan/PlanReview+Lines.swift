// SPDX-License-Identifier: Apache-2.0

package import Encoding
import Escrow

// What is shown before somebody agrees: everything that the plan says.
extension PlanReview {
    /// What the plan says, a line each, indented.
    package func lines(_ digest: SHA256Digest) -> [String] {
        let rows = ceremony + escrow + people + media
        return rows.map(\.line) + (plan.isRehearsal ? ["  REHEARSAL: a test key"] : [])
            + [Row("plan", digest: digest).line]
    }

    private var ceremony: [Row] {
        [
            Row("title", plan.title), Row("kind", plan.kind.rawValue),
            Row("date", "\(plan.date.forPeople), or else \(plan.standby.forPeople)"), Row("place", plan.place),
        ] + [Row("note", plan.note), Row("inventory", plan.inventory)].compactMap(\.self)
    }

    private var escrow: [Row] {
        let (terms, officers) = (plan.escrow, officers.listed)
        let ca = [Row("CA", plan.authority.certificate), Row("SHA-256", plan.authority.sha256.grouped)]
        let given = [
            Row("note", plan.authority.note), Row("escrow", terms.path),
            Row(plan.kind == .backup ? "key from" : "key to", terms.store),
            Row("occasion", terms.occasion?.rawValue), Row("purpose", terms.purpose), Row("key file", terms.pkcs12),
            Row("restored by", policy.text), Row("approved by", "\(officerThreshold) of (\(officers))"),
            Row("note", terms.note),
        ].compactMap(\.self)
        return ca + given + [Row("tool", digest: plan.tool), Row("note", plan.toolNote)].compactMap(\.self)
    }

    private var people: [Row] {
        plan.people.flatMap { person in
            let more = [
                ("organisation", person.organisation), ("line of management", person.line), ("card", person.card),
                ("identity", person.identity),
            ].compactMap { word, text in text.map { "\(word) \($0)" } }
            let words = ["\(person.fullName): \(person.inWords)", person.site] + more
            // Who that is: what a signature on the plan covers.
            let digest =
                person.sha256.map { Row("SHA-256", digest: $0) } ?? Row("SHA-256", "not in the plan")
            return [Row("\(person.name)", words.joined(separator: "; "))] + (person.card == nil ? [] : [digest])
                + [Row("note", person.note)].compactMap(\.self)
        }
    }

    private var media: [Row] {
        plan.media.flatMap { medium in
            let words = [
                medium.content.rawValue + ", \(medium.holder)", medium.site,
                medium.serial.map { "serial number \($0)" },
            ].compactMap(\.self)
            return [Row(medium.label, words.joined(separator: "; ")), Row("note", medium.note)].compactMap(\.self)
        }
    }
}

/// A name and what is said of it, in columns.
private struct Row {
    let line: String

    init(_ name: String, _ text: String) { self.init(name, text, width: 14) }

    /// Nothing where the plan has no such member.
    init?(_ name: String, _ text: String?) {
        guard let text else {
            return nil
        }
        self.init(name, text)
    }

    /// All 64 digits on a line of 80 columns.
    init(_ name: String, digest: SHA256Digest) { self.init(name, "\(digest)", width: 10) }

    private init(_ name: String, _ text: String, width: Int) {
        line = "  \(name)\(String(repeating: " ", count: max(1, width - name.columnCount)))\(text)"
    }
}
