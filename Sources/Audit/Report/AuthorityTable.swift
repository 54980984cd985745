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
            page.element("table") { page in
                page.element("caption", text: "Every certificate that the auditor brought, and the escrow of it")
                page.columns(["CA", "Certificate", "Verdict", "Escrow"])
                page.element("tbody") { page in
                    for index in certificates.all.indices {
                        row(index, in: &page)
                    }
                }
            }
        }
        page.markup("</section>\n")
    }

    private func row(_ index: Int, in page: inout HTMLWriter) {
        let given = certificates.all[index].given
        let escrows = reports.enumerated().filter {
            $0.element.authorities.contains(index) && $0.element.epoch?.isRehearsal == false
        }
        page.element("tr") { page in
            page.element("th", [("scope", "row")]) { $0.words(given.subject ?? "–") }
            page.element("td") { $0.words(given.path ?? "\(given.digest)") }
            guard !escrows.isEmpty else {
                page.element("td", [("class", "word bad")], text: "✖ NO ESCROW")
                page.element("td", text: "–")
                return
            }
            page.element("td") { page in
                escrows.forEach { verdict(of: $1, in: &page) }
            }
            page.element("td") { page in
                escrows.forEach { link(to: $1, number: $0 + 1, in: &page) }
            }
        }
    }

    private func verdict(of report: AuditReport, in page: inout HTMLWriter) {
        page.element("p", [("class", "word \(report.verdict.styleClass)")]) { page in
            page.text("\(report.verdict.mark) \(report.verdict.rawValue)")
        }
    }

    private func link(to report: AuditReport, number: Int, in page: inout HTMLWriter) {
        page.element("p") { page in
            page.element("a", [("href", "#escrow-\(number)")]) { $0.words(report.escrow) }
        }
    }
}
