// SPDX-License-Identifier: Apache-2.0

import Escrow
import Pages

/// Certification authorities that an auditor names, each with its escrow: the first thing in a report about an archive.
struct AuthorityTable {
    let certificates: CertificateInventory
    let reports: [AuditReport]
    let missing: [GivenCertificate]

    func draw(in page: inout HTMLWriter) {
        guard certificates.all.count > 1 else {
            return
        }
        let total = certificates.all.count
        let count = missing.isEmpty ? "each has an escrow" : "\(missing.count) without an escrow"
        page.markup("<section aria-labelledby=\"authorities\">\n")
        page.markup("<h2 id=\"authorities\">Certification authorities</h2>\n")
        page.element("p", text: "\(total) certificates: \(count).")
        page.element("div", [("class", "wide")]) { page in
            page.table(
                ["CA": "", "Certificate": "", "Verdict": "", "Escrow": ""],
                of: Array(certificates.all.map(\.given).enumerated()),
                caption: "Every certificate that the auditor brought, and the escrow of it"
            ) { row($1.element, $1.offset, in: &$0) }
        }
        page.markup("</section>\n")
    }

    private func row(_ given: GivenCertificate, _ index: Int, in page: inout HTMLWriter) {
        let escrows = reports.enumerated().filter {
            $0.element.authorities.contains(index) && $0.element.epoch?.isRehearsal == false
        }
        page.element("th", [("scope", "row")]) { $0.words(given.subject ?? "–") }
        page.element("td") { $0.words(given.path ?? "\(given.digest)") }
        guard !escrows.isEmpty else {
            page.element("td", [("class", "word bad")], text: "✖ NO ESCROW")
            page.element("td", text: "–")
            return
        }
        page.element("td") { page in
            for verdict in escrows.map(\.element.verdict) {
                page.element("p", [("class", "word \(verdict.styleClass)")], text: verdict.marked)
            }
        }
        page.element("td") { page in
            for (index, report) in escrows {
                page.element("p") { $0.link(to: report, number: index + 1) }
            }
        }
    }
}

extension HTMLWriter {
    /// A link to the part of the page that is about an escrow.
    mutating func link(to report: AuditReport, number: Int) {
        element("a", [("href", "#escrow-\(number)")]) { $0.words(report.escrow) }
    }
}
