// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Files
import Pages
import SecretSharing

/// One escrow on the page: the verdict first, then what it rests on.
struct ReportSection {
    let report: AuditReport
    /// Counted from 1; names in the page are made of it.
    let number: Int

    func draw(in page: inout HTMLWriter) {
        page.element("article", [("id", "escrow-\(number)"), ("aria-labelledby", "heading-\(number)")]) { page in
            page.element("h2", [("id", "heading-\(number)")]) { $0.words(report.epoch?.authority ?? report.escrow) }
            if report.epoch != nil {
                page.element("p", [("class", "place")]) { $0.words(report.escrow) }
            }
            verdict(in: &page)
            facts(in: &page)
            findings(in: &page)
            if let evidence = report.evidence {
                page.element("h3", text: "Custodians and their evidence")
                page.element("div", [("class", "wide")]) {
                    EvidenceMatrix(evidence: evidence, now: report.time).draw(in: &$0)
                }
            }
            policy(in: &page)
            if let requests = report.evidence?.requests, !requests.isEmpty {
                page.element("h3", text: "Requests to restore from afar")
                page.element("div", [("class", "wide")]) { RequestTable(requests: requests).draw(in: &$0) }
            }
            if !report.events.isEmpty {
                page.element("h3", text: "What happened")
                Timeline(events: report.events).draw(in: &page)
            }
            checks(in: &page)
        }
    }

    private func verdict(in page: inout HTMLWriter) {
        let verdict = report.verdict
        page.element("p", [("class", "verdict \(verdict.styleClass)")]) { page in
            page.element("strong") { page in
                page.element("span", [("aria-hidden", "true")], text: verdict.mark)
                page.text(" \(verdict.rawValue)")
            }
            page.element("span", [("class", "why")], text: verdict.meaning)
        }
        guard let epoch = report.epoch else {
            return
        }
        if epoch.isRehearsal {
            page.element("p", [("class", "note")], text: "REHEARSAL: the key in it is a test key.")
        }
        if epoch.isRetired {
            page.element("p", [("class", "note")], text: "RETIRED: the escrow is not in use any more.")
        }
        for restore in report.evidence?.restores ?? [] {
            page.element("p", [("class", "note")]) { page in
                page.element("strong", text: "USED")
                let people = restore.custodians.listed
                page.text(" on \(restore.created.date): \(people) restored the key to ")
                page.words(restore.destination)
                for override in restore.overrides {
                    page.text("; override \(override.code.rawValue): ")
                    page.words(override.reason)
                }
                page.text(". The whole key was on that machine; a new epoch is due.")
            }
        }
    }

    private func facts(in page: inout HTMLWriter) {
        guard let epoch = report.epoch else {
            return
        }
        let policy = epoch.policy
        var facts: [(name: String, value: String, isHex: Bool)] = [
            ("CA's key", epoch.keyKind, false), ("Certificate SHA-256", epoch.certificate.grouped, true),
            ("Epoch", "\(epoch.number), \(epoch.occasion.rawValue), \(epoch.created.forPeople)", false),
            ("Manifest SHA-256", epoch.manifest.description, true),
            ("Set", epoch.set.description, true),
            ("Restored by", "at least \(policy.fewestToRestore) people; \(policy.fewestToBlock) can prevent it", false),
            ("Approved by", "\(epoch.signers); needed are \(epoch.approval.text)", false),
        ]
        if let title = epoch.title {
            facts.insert(("Title", title, false), at: 0)
        }
        if !epoch.trusted.isEmpty {
            facts.append(("Known to the auditor", epoch.trusted.listed, false))
        }
        if !epoch.expired.isEmpty {
            facts.append(("Keys not valid any more", epoch.expired.listed, false))
        }
        facts += epoch.strangers.map { ("Not known to the auditor", $0, false) }
        if let state = epoch.state {
            facts.append(("CA's state when escrowed", state.figures.words, false))
            if let archive = state.archive {
                facts.append(("Archive of the state", "\(archive.name), SHA-256 \(archive.sha256)", true))
            }
        }
        facts += report.drafts.map { ("Draft", $0, false) }
        for (digest, isApproved) in epoch.added {
            facts.append(("Certificate added", "\(digest)\(isApproved ? "" : ", not approved yet")", true))
        }
        if !epoch.generations.isSingle {
            let lines = epoch.generations.lines.map { $0.rest(after: "  ") ?? $0 }
            facts.append(("Holds", lines.joined(separator: "; "), false))
        }
        if let evidence = report.evidence {
            facts.append(("Last drill", drill(evidence.drills.last), false))
        }
        page.element("dl") { page in
            for (name, value, isHex) in facts {
                page.element("dt", text: name)
                page.element("dd", isHex ? [("class", "hex")] : []) { $0.words(value) }
            }
        }
    }

    private func drill(_ last: CountedDrill?) -> String {
        guard let last else {
            return "never drilled: nothing shows that this epoch's shares open the PKCS#12 file"
        }
        let people = last.receipt.document.custodians.listed
        return "\(last.time.date), \(last.time.ago(at: report.time)), by \(people); \(last.grounds)"
    }

    private func findings(in page: inout HTMLWriter) {
        page.element("h3", text: "Findings, and what to do")
        guard !report.findings.isEmpty else {
            page.element("p", text: "None: nothing failed, and nothing was left out.")
            return
        }
        page.element("div", [("class", "wide")]) { page in
            let columns: KeyValuePairs = ["Outcome": "", "Check": "", "What was found": "", "What to do": ""]
            page.table(columns, of: report.findings, style: "checks findings") { page, finding in
                let (check, isFailure, detail) = finding
                let (word, style) = isFailure ? ("✖ FAIL", "bad") : ("▲ NOT CHECKED", "wait")
                page.element("td", [("class", style)], text: word)
                page.element("th", [("scope", "row")], text: check.rawValue)
                page.element("td", [("class", "found")]) { $0.words(detail) }
                page.element("td") { $0.advice(report.advice(check, isFailure: isFailure)) }
            }
        }
    }

    private func policy(in page: inout HTMLWriter) {
        guard let epoch = report.epoch else {
            return
        }
        page.element("h3", text: "Who must come together")
        page.element("figure") { page in
            page.element("figcaption", [("class", "soft")]) { page in
                page.words(epoch.policy.text)
                page.text(
                    ". A thick frame: proven, or enough of its members are. A broken frame: it does not count."
                )
            }
            PolicyDrawing(epoch.policy, report.evidence, at: report.time, identifier: "policy-\(number)")
                .draw(in: &page)
        }
    }

    private func checks(in page: inout HTMLWriter) {
        page.element("h3", text: "Every check")
        let columns: KeyValuePairs = ["Outcome": "", "Check": "", "What it says": ""]
        page.table(columns, of: report.outcomes, style: "checks") { page, made in
            let (word, style, detail) = made.outcome.shown(made.check)
            page.element("td", [("class", style)], text: word)
            page.element("th", [("scope", "row")], text: made.check.rawValue)
            page.element("td") { $0.words(detail) }
        }
    }
}

extension AuditOutcome {
    /// A shape and word, how they are styled, and what stands beside them.
    fileprivate func shown(_ check: AuditCheck) -> (word: String, style: String, detail: String) {
        switch self {
        case .pass: ("✔ \(word)", "good", check.meaning)
        case .fail(let found): ("✖ \(word)", "bad", found.joined(separator: "; "))
        case .notChecked(let reason): ("▲ \(word)", "wait", reason)
        case .notApplicable(let reason): ("– \(word)", "soft", reason)
        }
    }
}
