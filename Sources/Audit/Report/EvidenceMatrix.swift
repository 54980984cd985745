// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Escrow
import Pages
import SecretSharing

/// Custodians by kinds of evidence, with ages.
struct EvidenceMatrix {
    let evidence: ReportedEvidence
    let now: Timestamp

    func draw(in page: inout HTMLWriter) {
        page.element("table") { page in
            page.element("caption", text: caption)
            page.columns(["Custodian", "Share", "Card", "Receipt", "Proof", "Last drill", "Suspended"])
            page.element("tbody") { page in
                for custodian in evidence.custodians {
                    row(custodian, in: &page)
                }
            }
            page.element("tfoot") { page in
                page.element("tr") { page in
                    page.element("th", [("scope", "row")], text: "of \(evidence.custodians.count) people")
                    page.element("td", text: "")
                    for count in counts {
                        page.element("td", text: "\(count)")
                    }
                }
            }
        }
    }

    private var caption: String {
        guard let challenge = evidence.challenge else {
            return evidence.isChallenged
                ? "No challenge counts: the auditor vouches for none of those who made one."
                : "No challenge was made in this epoch."
        }
        return "The newest challenge that counts: \(challenge.identifier.prefix(8)) of "
            + "\(challenge.document.auditor.name), \(challenge.document.created.date), "
            + "to be answered until \(challenge.document.expires.date). "
            + "A proof is as old as the challenge that it answers."
    }

    private var counts: [Int] {
        // Who is suspended is not counted on, whatever they have said and shown.
        let counted = evidence.custodians.filter { $0.suspension == nil }
        return [
            evidence.custodians.count { $0.hasCard }, counted.count { $0.receipt != nil },
            counted.count { $0.isProven }, counted.count { $0.drilled != nil }, evidence.suspended.count,
        ]
    }

    private func row(_ custodian: ReportedEvidence.Custodian, in page: inout HTMLWriter) {
        page.element("tr") { page in
            page.element("th", [("scope", "row")], text: custodian.name.description)
            page.element("td", text: custodian.path.description)
            custodian.hasCard ? cell("✔", "here", in: &page) : cell("✖", "not here, or another", in: &page)
            if let receipt = custodian.receipt {
                cell("✔", receipt.date, receipt.ago(at: now), in: &page)
            } else {
                cell("○", "missing", in: &page)
            }
            if let answer = custodian.answer {
                let asked = "asked \(answer.asked.ago(at: now))"
                cell(custodian.isProven ? "✔" : "◐", answer.proven.date, asked, in: &page)
            } else {
                evidence.challenge == nil ? cell("–", "not asked", in: &page) : cell("○", "missing", in: &page)
            }
            if let drilled = custodian.drilled {
                cell("✔", drilled.date, drilled.ago(at: now), in: &page)
            } else {
                cell("–", "never", in: &page)
            }
            if let suspension = custodian.suspension {
                let reason = "\(suspension.because.rawValue), says \(suspension.officer)"
                cell("✖", suspension.created.date, reason, in: &page)
            } else {
                cell("–", "no", in: &page)
            }
        }
    }

    /// A shape, which is not read aloud, a word, and perhaps more in a second line.
    private func cell(_ mark: String, _ words: String, _ more: String? = nil, in page: inout HTMLWriter) {
        page.element("td") { page in
            page.element("span", [("class", more == nil ? "" : "date")]) { page in
                page.element("span", [("aria-hidden", "true")], text: mark)
                page.text(" \(words)")
            }
            if let more {
                page.element("span", [("class", "age")], text: more)
            }
        }
    }
}
