// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow

/// The run sheet as a page that prints well: one file, nothing from elsewhere.
extension RunSheet {
    package var html: String {
        var page = HTMLWriter()
        page.sheet(titled: "Run sheet: \(plan.title)", on: paper.size, of: plan) { page in
            head(&page)
            people(&page)
            steps(&page)
            inventory(&page)
            attestations(&page)
            for number in 1...Self.exceptionSheetCount {
                exception(number, &page)
            }
        }
        return page.html
    }

    private func head(_ page: inout HTMLWriter) {
        page.element("dl") { page in
            for (name, value) in facts.dropFirst() {
                page.element("dt", text: name)
                page.element("dd") { $0.words(value) }
            }
        }
        if let digest = known[.plan] {
            page.element("h2", text: "The plan's SHA-256")
            page.digest(digest)
        }
    }

    private func people(_ page: inout HTMLWriter) {
        page.element("h2", text: "People")
        page.table(
            ["Name": "", "Roles": "", "Site": "", "Signed in": "time", "Initials": "initials"],
            of: plan.people
        ) { page, person in
            page.element("th", [("scope", "row")]) { $0.words(person.fullName) }
            page.element("td", text: person.inWords)
            page.element("td") { $0.words(person.site) }
            page.element("td", text: "")
            page.element("td", text: "")
        }
    }

    private func steps(_ page: inout HTMLWriter) {
        page.element("h2", [("class", "page")], text: "Steps")
        page.table(
            ["No.": "narrow", "Step": "", "Time": "time", "Initials": "initials"],
            of: script.steps,
            style: "steps",
            isFinal: { $0.isIrreversible }
        ) { page, step in
            page.element("td", [("class", "number")]) { page in
                page.text("\(step.number)")
                page.element("span", [("class", "box")], text: "")
            }
            page.element("td") { page in self.step(step, &page) }
            page.element("td", text: "")
            page.element("td", [("class", "initials")]) { page in
                for who in [Role.operator, .witness] {
                    page.element("div") { $0.element("small", text: who.title) }
                }
            }
        }
    }

    private func step(_ step: Step, _ page: inout HTMLWriter) {
        page.element("strong", text: step.title)
        page.element("p", [("class", "who")], text: "\(actors(of: step)); \(step.minutes) min")
        if step.isIrreversible {
            page.element("p", [("class", "warning")], text: "Cannot be taken back.")
        }
        if let words = step.withoutException {
            page.element("p", text: words)
        }
        page.element("ul") { page in
            step.instructions.forEach { page.element("li", text: $0) }
        }
        if case .signIn(let names) = step.act {
            page.element("p", text: names.map(\.description).joined(separator: ", "))
        }
        if let digest = digest(of: step) {
            page.digest(digest)
        } else if case .compare = step.act {
            page.element("p", [("class", "fill")], text: "SHA-256, from the screen:")
        }
        for field in step.fields {
            page.element("p", [("class", "fill")], text: "\(field):")
        }
    }

    private func inventory(_ page: inout HTMLWriter) {
        page.element("h2", [("class", "page")], text: "Media and bags")
        page.table(
            ["Medium": "", "Holds": "", "Holder, site": "", "Bag out": "bag", "Bag in": "bag", "Initials": "time"],
            of: plan.media
        ) { page, medium in
            page.element("th", [("scope", "row")]) { page in
                page.text(medium.label)
                page.markup("<br>")
                page.element("small") { $0.words(medium.serial ?? "serial: ____________") }
            }
            page.element("td", text: medium.content.rawValue)
            page.element("td") { $0.words("\(medium.holder), \(medium.site)") }
            page.element("td") { page in
                if let bag = bags[medium.label] {
                    page.element("small") { $0.words("expected: \(bag)") }
                }
            }
            page.element("td", text: "")
            page.element("td", text: "")
        }
    }

    /// Where everybody says whether it went so, on paper.
    private func attestations(_ page: inout HTMLWriter) {
        page.element("h2", [("class", "page")], text: "Attestations")
        page.element(
            "p",
            text: "The ceremony went as this sheet says, but for what I write here. Not to agree is an answer."
        )
        page.table(
            ["Name": "", "Agrees": "time", "Exceptions": "", "Signature, time": "initials"],
            of: plan.people
        ) { page, person in
            page.element("th", [("scope", "row")]) { $0.words(person.fullName) }
            page.element("td", text: "yes    no")
            page.element("td", text: "")
            page.element("td", text: "")
        }
        page.element("h2", text: "Afterwards")
        page.element("ul") { page in
            CeremonyScript.afterwards(plan.kind).forEach { page.element("li", text: $0) }
        }
    }

    private func exception(_ number: Int, _ page: inout HTMLWriter) {
        page.element("section", [("class", "page exception")]) { page in
            page.element("h2", text: "Exception \(number)")
            page.element("p", text: "Step: ______   Time: ____________")
            for what in ["What was expected", "What happened", "What was decided, and by whom"] {
                page.element("h3", text: what)
                for _ in 1...6 {
                    page.element("div", [("class", "line")], text: "")
                }
            }
            page.element("p", text: "Operator: ________________   Witness: ________________")
        }
    }
}
