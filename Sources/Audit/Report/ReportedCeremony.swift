// SPDX-License-Identifier: Apache-2.0

package import Encoding
import Escrow
import Pages

/// A ceremony whose bundle was verified beside an audit: what a report says of it.
package struct ReportedCeremony: Sendable {
    /// The bundle, as the caller named it.
    package let bundle: String
    package let title: String
    /// Such as `backup`.
    package let kind: String
    /// When it was opened, by the clock of its machine.
    package let opened: Timestamp?
    /// When a time stamp over its transcript was made, which holds.
    package let stamped: Timestamp?
    /// The SHA-256 of the transcript's last line.
    package let head: SHA256Digest
    package let exceptionCount: Int
    /// What people said at the end.
    package let attested: AttestationCount
    /// The SHA-256 of the bundle's own report, when it was held against the transcript.
    package let report: SHA256Digest?
    /// The way to that report from the page that lists it.
    package let link: String?
    /// The verdict in a word.
    package let verdict: String
    /// 0, 1 or 2, as monitoring takes them.
    package let exitStatus: Int32
    /// What failed, and what was not checked.
    package let findings: [String]

    /// What the report is called in a bundle.
    package static let reportName = "report.html"

    package init(
        bundle: String,
        title: String,
        kind: String,
        opened: Timestamp?,
        stamped: Timestamp?,
        head: SHA256Digest,
        exceptionCount: Int,
        attested: AttestationCount,
        report: SHA256Digest?,
        link: String?,
        verdict: String,
        exitStatus: Int32,
        findings: [String]
    ) {
        self.bundle = bundle
        self.title = title
        self.kind = kind
        self.opened = opened
        self.stamped = stamped
        self.head = head
        self.exceptionCount = exceptionCount
        self.attested = attested
        self.report = report
        self.link = link
        self.verdict = verdict
        self.exitStatus = exitStatus
        self.findings = findings
    }

    var stamp: String { stamped.map { $0.forPeople } ?? "no time stamp that was checked" }

    /// The report for people.
    package var lines: [String] {
        let count = "\(exceptionCount) \(exceptionCount == 1 ? "exception" : "exceptions")"
        return [
            "\(bundle): \(verdict)", "  ceremony   \(title)", "  kind       \(kind)",
            "  opened     \(opened?.forPeople ?? "never")", "  stamped    \(stamp)", "  head       \(head)",
            "             \(count)",
            "  attested   \(attested.text)",
        ] + findings.map { "  \($0)" }
    }

    /// The members of `ceremonies` in the audit's JSON.
    package var json: JSONValue {
        .members([
            "attested": attested.json, "bundle": .printable(bundle), "exceptions": .number(exceptionCount),
            "exitStatus": .number(exitStatus), "findings": .list(findings.map(JSONValue.printable)),
            "head": .text(head), "kind": .text(kind), "opened": opened.map(JSONValue.text),
            "report": report.map(JSONValue.text), "stamped": stamped.map(JSONValue.text), "title": .text(title),
            "verdict": .text(verdict),
        ])
    }
}

/// The ceremonies on the page.
struct CeremonyTable {
    let ceremonies: [ReportedCeremony]

    func draw(in page: inout HTMLWriter) {
        page.markup("\n<section class=\"end\" aria-labelledby=\"ceremonies\">\n<h2 id=\"ceremonies\">Ceremonies</h2>\n")
        for ceremony in ceremonies {
            page.element("section", [("class", "whole")]) { draw(ceremony, &$0) }
            page.markup("\n")
        }
        page.markup("</section>\n")
    }

    private func draw(_ ceremony: ReportedCeremony, _ page: inout HTMLWriter) {
        page.element("h3") { $0.words(ceremony.title) }
        let style = AuditVerdict.styleClass(min(ceremony.exitStatus, 2))
        page.element("dl") { page in
            page.fact("Verdict") { $0.element("strong", [("class", style)], text: ceremony.verdict) }
            page.fact("Kind") { $0.text(ceremony.kind) }
            page.fact("Bundle") { page in
                page.words(ceremony.bundle)
                if let report = ceremony.report, let link = ceremony.link {
                    page.text(": ")
                    page.element("a", [("href", Self.address(of: link))], text: ReportedCeremony.reportName)
                    page.text(", SHA-256 ")
                    page.element("span", [("class", "hex")], text: report.description)
                }
            }
            page.fact("Opened") { $0.text(ceremony.opened?.forPeople ?? "never") }
            page.fact("Time stamp") { $0.text(ceremony.stamp) }
            page.fact("Exceptions") { $0.text("\(ceremony.exceptionCount)") }
            page.fact("Attested") { $0.text(ceremony.attested.text) }
            page.fact("Head of the transcript") { page in
                page.element("span", [("class", "hex")], text: ceremony.head.description)
            }
            page.fact("Findings") { page in
                for finding in ceremony.findings.isEmpty ? ["none"] : ceremony.findings {
                    page.element("div", [("class", "finding")]) { $0.words(finding) }
                }
            }
        }
    }

    /// A path as a link: a byte that an address gives a meaning is written as its number.
    private static func address(of path: String) -> String {
        let plain = Set(Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/".utf8))
        // Without this, what stands before a colon would be taken for a scheme.
        return "./" + path.utf8.map { plain.contains($0) ? String(UnicodeScalar($0)) : "%\(Hex.encode([$0]))" }.joined()
    }
}

/// What people said at the end of a ceremony, counted.
package struct AttestationCount: Hashable, Sendable {
    /// Who agreed that it went as the sheet says.
    package let agreed: Int
    /// Who did not.
    package let disagreed: Int
    /// Who added something, whether they agreed or not.
    package let added: Int
    /// Who said nothing.
    package let missing: Int

    /// Takes the numbers of people.
    package init(agreed: Int, disagreed: Int, added: Int, missing: Int) {
        self.agreed = agreed
        self.disagreed = disagreed
        self.added = added
        self.missing = missing
    }

    /// For people.
    package var text: String {
        "\(agreed) agree, \(disagreed) do not; \(added) added something; \(missing) did not attest"
    }

    /// The members of `attested` in reports.
    package var json: JSONValue {
        .object([
            "added": .number(added), "agreed": .number(agreed), "disagreed": .number(disagreed),
            "missing": .number(missing),
        ])
    }
}
