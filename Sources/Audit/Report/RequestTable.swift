// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Pages

/// Who asked for a restore from afar, and how far it has come.
struct RequestTable {
    let requests: [ReportedEvidence.AskedRestore]

    func draw(in page: inout HTMLWriter) {
        let columns: KeyValuePairs = [
            "Request": "", "Asked": "", "Why, and where to": "", "How far": "", "Answers": "",
        ]
        page.table(columns, of: requests) { row($1, in: &$0) }
    }

    private func row(_ asked: ReportedEvidence.AskedRestore, in page: inout HTMLWriter) {
        let request = asked.request
        page.element("th", [("scope", "row"), ("class", "date")], text: String(asked.identifier.prefix(8)))
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
        page.element("td", text: asked.state)
        page.element("td") { page in
            page.text(
                asked.released.isEmpty ? "no release" : "released by \(asked.released.listed)"
            )
            for refused in asked.refused {
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
