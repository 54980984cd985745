// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Escrow
import SecretSharing

/// The report as a page: the run sheet with what happened written into it.
extension CeremonyReport {
    package var html: [UInt8] {
        var page = HTMLWriter()
        page.sheet(titled: "Ceremony: \(plan.title)", on: RunSheet.Paper.a4.size, of: plan) { page in
            head(&page)
            exceptions(&page)
            people(&page)
            findings(&page)
            steps(&page)
            attestations(&page)
            inventory(&page)
            page.element("h2", text: "What this does not show")
            page.element("ul") { page in
                Self.limits.forEach { page.element("li", text: $0) }
            }
        }
        return Array(page.html.utf8)
    }

    private func head(_ page: inout HTMLWriter) {
        var facts = [
            ("kind", plan.kind.rawValue), ("place", plan.place), ("CA", authority),
            ("from", transcript.lines.first?.time.forPeople ?? "never"),
            ("to", transcript.lines.last?.time.forPeople ?? "never"), ("end", end),
            ("exceptions", "\(transcript.exceptions.count)"), ("comparisons that differed", "\(differences)"),
            ("interruptions", "\(interruptions)"),
            ("attested", evidence.count.text),
            ("minutes", "\(minutes), of \(script.minutes) planned"),
            ("lines of the transcript", "\(transcript.lines.count)"), ("plan SHA-256", planDigest.inOneRow),
            ("program SHA-256", plan.tool.inOneRow), ("certificate SHA-256", plan.authority.sha256.inOneRow),
            ("certificate ends", certificateEnd.forPeople), ("keep this until", retention.forPeople),
        ]
        if let custody {
            facts.append(("restored by", custody.policy.text))
            facts.append(
                ("", "\(custody.policy.fewestToRestore) people at least; \(custody.policy.fewestToBlock) prevent it")
            )
            for place in custody.concentrations {
                facts.append(("", "from \(place.toRestore) \(place.kind.plural); \(place.toBlock) prevent it"))
            }
        }
        page.element("dl") { page in
            for (name, value) in facts {
                page.element("dt", text: name)
                page.element("dd") { $0.words(value) }
            }
        }
        page.element("h2", text: "The transcript's head")
        page.digest(transcript.head)
    }

    private func exceptions(_ page: inout HTMLWriter) {
        let exceptions = transcript.exceptions
        page.element("h2", text: "Exceptions: \(exceptions.count)")
        guard !exceptions.isEmpty else {
            return page.element("p", text: "There was none.")
        }
        page.table(
            ["No.": "narrow", "Step": "", "Time": "when", "Expected": "", "Happened": "", "Decided": "", "By": ""],
            of: exceptions
        ) { page, exception in
            let (number, line, raised) = exception
            page.element("th", [("scope", "row")], text: "\(number)")
            page.element("td", text: line.step)
            page.element("td", text: line.time.forPeople)
            page.element("td") { $0.words("\(raised.expected)") }
            page.element("td") { $0.words(raised.happened) }
            page.element("td") { $0.words("\(raised.decided) (\(raised.decision.rawValue))") }
            page.element("td", text: line.actor.description)
        }
    }

    /// Who was not there, who stood in for whom, what was typed otherwise at first.
    private func people(_ page: inout HTMLWriter) {
        let notCovered = script.notCovered.map { "\($0)" }.joined(separator: ", ")
        let facts =
            absent.map { "absent: \($0.fullName) (\($0.name); \($0.inWords))" }
            + roll.replacements.map { replacement in
                let name = replacement.fullName ?? roll.participant(replacement.to)?.fullName ?? ""
                return "\(replacement.role.title): \(name) (\(replacement.to)) in the place of \(replacement.from)"
            }
            + transcript.corrections.map { line, made in
                "line \(made.line), corrected by \(line.actor): \(made.old) was meant to be \(made.new)"
            } + (notCovered.isEmpty ? [] : ["in no trial restore: \(notCovered)"])
        guard !facts.isEmpty else {
            return
        }
        page.element("h2", text: "People and corrections")
        page.element("ul") { page in
            for fact in facts {
                page.element("li") { $0.words(fact) }
            }
        }
    }

    /// What can be said of the plan as far as it and the certificate show it: not of cards, signatures or the escrow.
    private func findings(_ page: inout HTMLWriter) {
        page.element("h2", text: "Findings of the plan, as far as it and the certificate show them: \(findings.count)")
        guard !findings.isEmpty else {
            return page.element("p", text: "There was none.")
        }
        page.element("ul") { page in
            for finding in findings {
                page.element("li") { page in
                    page.text("\(finding.severity.rawValue): \(finding.code): ")
                    page.words(finding.text)
                }
            }
        }
    }

    private func steps(_ page: inout HTMLWriter) {
        page.element("h2", [("class", "page")], text: "Steps")
        page.table(
            ["No.": "narrow", "Step": "", "Began": "when", "Minutes": "time", "Initials": "initials"],
            of: held,
            isFinal: { $0.step.isIrreversible }
        ) { page, held in
            page.element("td", text: "\(held.step.number)")
            page.element("td") { page in
                page.element("strong", text: held.step.title)
                for file in held.files {
                    page.element("p", [("class", "who")]) { page in
                        page.words("\(file.direction.rawValue) \(file.name)")
                        page.markup("<br>")
                        page.hex(file.sha256)
                    }
                }
                for (number, line, _) in transcript.exceptions where line.step == held.step.identifier {
                    page.element("p", [("class", "warning")], text: "Exception \(number)")
                }
            }
            page.element("td", text: held.began?.forPeople ?? "not held")
            page.element("td", text: held.minutes.map { "\($0) of \(held.step.minutes)" } ?? "")
            page.element("td") { page in
                page.words(held.initials.map { "\($0.name) \($0.initials)" }.joined(separator: ", "))
            }
        }
    }

    private func attestations(_ page: inout HTMLWriter) {
        page.element("h2", text: "Attestations")
        page.table(
            ["Name": "", "Roles": "", "Agrees": "", "Added": "", "Initials": "", "Time": "when"],
            of: evidence.attestations
        ) { page, attestation in
            page.element("th", [("scope", "row")]) { $0.words(attestation.fullName) }
            page.element("td", text: attestation.roles.map(\.title).joined(separator: ", "))
            page.element("td", text: attestation.agrees ? "yes" : "NO")
            page.element("td") { $0.words(attestation.exceptions ?? "") }
            page.element("td", text: attestation.initials)
            page.element("td", text: attestation.time.forPeople)
        }
    }

    private func inventory(_ page: inout HTMLWriter) {
        page.element("h2", text: "Media and bags")
        page.table(
            ["Medium": "", "Serial": "", "Holds": "", "Holder": "", "Site": "", "Bag out": "", "Bag in": ""],
            of: evidence.inventory.items
        ) { page, item in
            page.element("th", [("scope", "row")], text: item.medium.label)
            page.element("td") { $0.words(item.serial ?? "not known") }
            page.element("td", text: item.medium.content.rawValue)
            page.element("td", text: item.medium.holder.description)
            page.element("td") { $0.words(item.medium.site) }
            page.element("td") { page in
                page.words(item.bagOut ?? "not written down")
                if item.hasChanged, let expected = item.expected {
                    page.element("p", [("class", "warning")]) { page in
                        page.text("CHANGED: expected was ")
                        page.words(expected)
                    }
                }
            }
            page.element("td") { $0.words(item.bagIn ?? "not written down") }
        }
    }
}
