// SPDX-License-Identifier: Apache-2.0

import Audit
import Encoding
import Escrow
import Pages
import SecretSharing

/// The report as a page: what came of the ceremony first, then the run sheet with what happened written into it.
extension CeremonyReport {
    package var html: [UInt8] {
        var page = HTMLWriter()
        page.begin(plan.heading("Report of a ceremony", planDigest), .sheet)
        page.body(of: plan) { page in
            page.element("p", [("class", "verdict")], text: verdict)
            page.facts(facts)
            exceptions(&page)
            interruptions(&page)
            people(&page)
            changes(&page)
            steps(&page)
            inventory(&page)
            findings(&page)
            Self.end(&page, of: transcript)
            files(&page)
        }
        page.end()
        return Array(page.html.utf8)
    }

    private var facts: [(name: String, value: String)] {
        let terms = plan.escrow
        var facts: [(name: String, value: String)] = []
        func fact(_ name: String, _ value: String?) {
            if let value {
                facts.append((name, value))
            }
        }
        fact("kind", plan.kind.rawValue + (plan.isRehearsal ? ", REHEARSAL" : ""))
        fact("CA", authority)
        fact("escrow", terms.path)
        fact(plan.kind == .restore ? "went to" : "came from", terms.store)
        fact("purpose", terms.purpose)
        fact("place", plan.place)
        fact("when", times)
        fact("minutes", "\(minutes) from the first line to the last, \(script.minutes) planned")
        fact("plan signed by", approvers)
        fact("exceptions", "\(transcript.exceptions.count)")
        fact("comparisons that differed", "\(differences)")
        fact("interruptions", "\(interruptions)")
        fact("attested", evidence.count.text)
        if let custody {
            let policy = custody.policy
            fact("restored by", policy.text)
            fact("", "at least \(policy.fewestToRestore) people; \(policy.fewestToBlock) can prevent it")
            for place in custody.concentrations {
                fact("", "from \(place.toRestore) \(place.kind.plural); \(place.toBlock) prevent it")
            }
        }
        fact("plan SHA-256", planDigest.inOneRow)
        fact("program SHA-256", plan.tool.inOneRow)
        fact("certificate SHA-256", plan.authority.sha256.inOneRow)
        fact("certificate ends", certificateEnd.forPeople)
        fact("keep this until", retention.forPeople)
        return facts
    }

    private func exceptions(_ page: inout HTMLWriter) {
        let exceptions = transcript.exceptions
        page.element("h2", text: "Exceptions: \(exceptions.count)")
        guard !exceptions.isEmpty else {
            return page.element("p", text: "There was none.")
        }
        page.table(
            ["No.": "number", "Step": "", "Expected": "", "Happened": "", "Decided, by whom": ""],
            of: exceptions,
            style: "long"
        ) { page, exception in
            let (number, line, raised) = exception
            page.element("th", [("scope", "row"), ("class", "number")], text: "\(number)")
            page.element("td") { page in
                page.text(title(of: line.step))
                page.element("p", [("class", "soft")], text: line.time.forPeople)
            }
            page.element("td") { $0.words("\(raised.expected)") }
            page.element("td") { $0.words(raised.happened) }
            page.element("td") { page in
                page.words(raised.decided)
                page.element("p", [("class", "warning")], text: raised.decision.inWords)
                page.element("p", [("class", "soft")]) { $0.words(fullName(of: line.actor)) }
            }
        }
    }

    private func interruptions(_ page: inout HTMLWriter) {
        guard !stops.isEmpty else {
            return
        }
        page.element("h2", text: "Interruptions: \(stops.count)")
        page.table(["Step": "", "Last line before": "person", "Went on": "person", "Program": ""], of: stops) {
            page,
            stop in
            page.element("td", text: stop.step)
            page.element("td", text: stop.stopped.forPeople)
            page.element("td", text: stop.resumed.forPeople)
            page.element("td", text: stop.program)
        }
    }

    /// Who was there, in which role, and what they said at the end.
    private func people(_ page: inout HTMLWriter) {
        page.element("h2", text: "People")
        page.table(
            ["Name": "person", "Roles": "", "There": "", "Initials": "short", "Attested": "when", "Remark": ""],
            of: roll.everybody,
            style: "long"
        ) { page, person in
            let said = evidence.attestations.first { $0.name == person.name }
            page.element("th", [("scope", "row")]) { $0.words(person.inFull) }
            page.element("td", text: roles(of: person))
            page.element("td", text: attendance(of: person))
            page.element("td") { $0.words(roll.initials[person.name] ?? "") }
            page.element("td") { page in
                page.text(said.map { $0.agrees ? "agrees" : "DOES NOT AGREE" } ?? "did not attest")
                if let said {
                    page.element("p", [("class", "soft")], text: said.time.forPeople)
                }
            }
            page.element("td") { $0.words(said?.exceptions ?? "") }
        }
    }

    /// What was typed otherwise at first, and whom no trial had.
    private func changes(_ page: inout HTMLWriter) {
        let notCovered = script.notCovered.map(fullName).joined(separator: ", ")
        let facts =
            transcript.corrections.map { line, made in
                "line \(made.line), \(HeldStep.subject(of: made, in: transcript)), corrected by "
                    + "\(fullName(of: line.actor)): \(made.old) was meant to be \(made.new)"
            } + (notCovered.isEmpty ? [] : ["in no trial restore: \(notCovered)"])
        guard !facts.isEmpty else {
            return
        }
        page.element("section", [("class", "whole")]) { page in
            page.element("h2", text: "Corrections and coverage")
            page.list(facts) { $0.words($1) }
        }
    }

    /// What can be said of the plan as far as it and the certificate show it: not of cards, signatures or the escrow.
    private func findings(_ page: inout HTMLWriter) {
        page.element("h2", text: "Findings of the plan, as far as it and the certificate show them: \(findings.count)")
        guard !findings.isEmpty else {
            return page.element("p", text: "There was none.")
        }
        page.list(findings) { page, finding in
            page.text("\(finding.severity.rawValue): \(finding.code): ")
            page.words(finding.text)
        }
    }

    private func steps(_ page: inout HTMLWriter) {
        page.element("h2", text: "Steps")
        page.table(
            ["No.": "number", "Step": "", "Began": "when", "Done": "when", "Minutes": "short", "Initials": "person"],
            of: held,
            style: "long",
            isFinal: { $0.step.isIrreversible }
        ) { page, held in
            page.element("td", [("class", "number")], text: "\(held.step.number)")
            page.element("td") { page in
                page.element("strong", text: held.step.title)
                for field in held.fields {
                    page.element("p", [("class", "soft")]) { $0.words("\(field.name): \(field.text)") }
                }
                for (number, line, _) in transcript.exceptions where line.step == held.step.identifier {
                    page.element("p", [("class", "warning")], text: "Exception \(number)")
                }
            }
            page.element("td", text: held.began?.forPeople ?? "not held")
            page.element("td", text: held.done?.forPeople ?? "not done")
            page.element("td", text: held.minutes.map { "\($0) of \(held.step.minutes)" } ?? "")
            page.element("td") { page in
                page.words(held.initials.map { "\($0.name) \($0.initials)" }.joined(separator: ", "))
            }
        }
    }

    private func inventory(_ page: inout HTMLWriter) {
        page.element("h2", text: "Media and bags")
        page.table(
            ["Medium": "", "Serial": "", "Holds": "short", "Holder, site": "person", "Bag out": "", "Bag in": ""],
            of: evidence.inventory.items,
            style: "long"
        ) { page, item in
            page.element("th", [("scope", "row")]) { $0.words(item.medium.label) }
            page.element("td") { $0.words(item.serialInWords) }
            page.element("td", text: item.medium.content.rawValue)
            page.element("td") { page in
                page.words(fullName(of: item.medium.holder))
                page.element("p", [("class", "soft")]) { $0.words(item.medium.site) }
            }
            page.element("td") { page in
                page.words(item.bagOut ?? item.whereItStayed ?? "not written down")
                if item.hasChanged, let expected = item.expected {
                    page.element("p", [("class", "warning")]) { page in
                        page.text("CHANGED: expected was ")
                        page.words(expected)
                    }
                }
            }
            page.element("td") { $0.words(item.bagIn ?? (item.whereItStayed == nil ? "not written down" : "")) }
        }
    }

    /// What ends every page on a ceremony that was held: the head, which is compared, and what none of it shows.
    static func end(_ page: inout HTMLWriter, of transcript: Transcript) {
        page.element("section", [("class", "whole")]) { page in
            page.element("h2", text: "The transcript's head, its line \(transcript.lines.count)")
            page.digest(transcript.head)
        }
        page.element("section", [("class", "whole")]) { page in
            page.element("h2", text: "What this does not show")
            page.list(limits) { $0.text($1) }
        }
    }

    /// Every file that a step names, by its digest.
    private func files(_ page: inout HTMLWriter) {
        let files = held.flatMap { held in held.files.map { (held.step.number, $0) } }
        guard !files.isEmpty else {
            return
        }
        page.element("h2", [("class", "page")], text: "Appendix: files and their SHA-256")
        page.table(["Step": "short", "Way": "short", "File, SHA-256": ""], of: files, style: "long files") {
            page,
            entry in
            let (number, file) = entry
            page.element("td", text: "\(number)")
            page.element("td", text: file.direction.rawValue)
            page.element("td") { page in
                page.words(file.name)
                page.markup("<br>")
                page.element("span", [("class", "hex")], text: file.sha256.description)
            }
        }
    }
}
