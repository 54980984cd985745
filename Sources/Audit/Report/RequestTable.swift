// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Escrow
import Pages

/// Who asked for a restore from afar, and how far it has come.
struct RequestTable {
    let requests: [ReportedEvidence.AskedRestore]

    func draw(in page: inout HTMLWriter) {
        page.element("table") { page in
            page.columns(["Request", "Asked", "Why, and where to", "How far", "Answers"])
            page.element("tbody") { page in
                for request in requests {
                    row(request, in: &page)
                }
            }
        }
    }

    private func row(_ request: ReportedEvidence.AskedRestore, in page: inout HTMLWriter) {
        page.element("tr") { page in
            page.element("th", [("scope", "row"), ("class", "date")], text: String(request.identifier.prefix(8)))
            page.element("td") { page in
                page.element("span", [("class", "date")], text: request.created.date)
                page.text(" by \(request.officer)")
            }
            page.element("td") { page in
                page.words(request.purpose)
                page.text("; to ")
                page.words(request.destination)
                page.text(", on machine ")
                page.words(request.machine)
            }
            page.element("td", text: request.state)
            page.element("td") { page in
                page.text(
                    request.released.isEmpty ? "no release" : "released by \(EscrowError.list(request.released))"
                )
                for refused in request.refused {
                    page.text(
                        refused.finding == nil
                            ? "; refused by \(refused.name): " : "; refused, by a file that does not verify: "
                    )
                    page.words(refused.reason ?? refused.finding ?? "")
                    page.text(refused.isOverridden ? ", overridden" : "")
                }
            }
        }
    }
}
