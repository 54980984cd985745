// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Pages

/// Several escrows in a table, those with the worst verdict counted first.
struct ReportSummary {
    let reports: [AuditReport]
    let unread: [UnreadEscrow]

    func draw(in page: inout HTMLWriter) {
        page.markup("<section aria-labelledby=\"summary\">\n<h2 id=\"summary\">Summary</h2>\n")
        page.element("p", text: counts)
        page.element("div", [("class", "wide")]) { page in
            page.element("table") { page in
                page.element("caption", text: "Every escrow, in the order in which they were named")
                page.columns(["Escrow", "Verdict", "CA", "Receipts", "Proven", "Last drill", "Failures"])
                page.element("tbody") { page in
                    for (index, report) in reports.enumerated() {
                        row(report, number: index + 1, in: &page)
                    }
                    for escrow in unread {
                        row(escrow, in: &page)
                    }
                }
            }
        }
        page.markup("</section>\n")
    }

    /// `2 failed, 1 not read, 3 open, 4 sound`.
    private var counts: String {
        let statuses = reports.map(\.verdict.exitStatus)
        let parts = [
            (statuses.count { $0 > 1 }, "failed"), (unread.count, "could not be read"),
            (statuses.count { $0 == 1 }, "with open points"), (statuses.count { $0 == 0 }, "sound"),
        ]
        return parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ") + "."
    }

    private func row(_ report: AuditReport, number: Int, in page: inout HTMLWriter) {
        page.element("tr") { page in
            page.element("th", [("scope", "row")]) { page in
                page.link(to: report, number: number)
            }
            page.element("td", [("class", "word \(report.verdict.styleClass)")], text: report.verdict.marked)
            page.element("td") { page in
                if report.epoch?.isRehearsal == true {
                    page.element("strong", text: "REHEARSAL ")
                }
                page.words(report.epoch?.authority ?? "–")
            }
            if let evidence = report.evidence {
                let count = evidence.custodians.count
                page.element("td", text: "\(count - evidence.withoutReceipt.count) of \(count)")
                let proven = "\(count - evidence.unproven.count) of \(count)"
                page.element("td", text: evidence.challenge == nil ? "–" : proven)
                page.element("td", text: evidence.drills.last?.time.date ?? "never drilled")
            } else {
                for _ in 0..<3 {
                    page.element("td", text: "–")
                }
            }
            page.element("td", text: "\(report.findings.count { $0.isFailure })")
        }
    }

    private func row(_ escrow: UnreadEscrow, in page: inout HTMLWriter) {
        page.element("tr") { page in
            page.element("th", [("scope", "row")]) { $0.words(escrow.escrow) }
            page.element("td", [("class", "word bad")], text: "✖ NOT READ")
            page.element("td", [("colspan", "5"), ("class", "unread")]) { $0.words(escrow.reason) }
        }
    }
}
