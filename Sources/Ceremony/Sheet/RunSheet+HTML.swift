// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files
import Pages

/// The run sheet as a page that prints well: one file, nothing from elsewhere.
extension RunSheet {
    package var html: String {
        var page = HTMLWriter()
        page.begin(plan.heading("Run sheet", known[.plan]), .sheet, on: paper)
        page.body(of: plan) { page in
            page.facts(facts)
            if let digest = known[.plan] {
                page.element("section", [("class", "whole")]) { page in
                    page.element("h2", text: "The plan's SHA-256")
                    page.digest(digest)
                }
            }
            people(&page)
            steps(&page)
            inventory(&page)
            attestations(&page)
            for number in 1...Self.exceptionSheetCount {
                exception(number, &page)
            }
        }
        page.end()
        return page.html
    }

    private func people(_ page: inout HTMLWriter) {
        page.element("h2", text: "People")
        let rows = plan.people.map { Optional($0) } + [Plan.Participant?](repeating: nil, count: Self.guestCount)
        page.table(
            ["Name": "person", "Roles": "", "Site": "", "Present": "short", "Time, UTC": "short", "Initials": "when"],
            of: rows,
            style: "form long"
        ) { page, person in
            page.element("th", [("scope", "row")]) { page in
                if let person {
                    page.words(person.inFull)
                }
            }
            page.element("td") { $0.words(person?.inWords ?? "in the place of") }
            page.element("td") { $0.words(person?.site ?? "") }
            page.element("td") { $0.answers("yes", "no") }
            page.element("td", text: "")
            page.element("td", text: "")
        }
    }

    private func steps(_ page: inout HTMLWriter) {
        page.element("h2", [("class", "page")], text: "Steps")
        page.table(
            ["No.": "number", "Step": "", "Time, UTC": "short", "Initials": "initials"],
            of: script.steps,
            style: "long",
            isFinal: { $0.isIrreversible }
        ) { page, step in
            page.element("td", [("class", "number")]) { page in
                page.text("\(step.number)")
                page.box()
            }
            page.element("td") { page in self.step(step, &page) }
            page.element("td") { page in
                page.element("div", [("class", "sign")], text: "from")
                page.element("div", [("class", "sign")], text: "to")
            }
            page.element("td") { page in signers(of: step).forEach { page.sign($0) } }
        }
    }

    private func step(_ step: Step, _ page: inout HTMLWriter) {
        page.element("strong", text: step.title)
        page.element("p", [("class", "soft")]) { page in
            page.words(actors(of: step))
            page.text("; \(step.minutes) min")
        }
        if step.isIrreversible {
            page.element("p", [("class", "warning")], text: "Cannot be taken back.")
        }
        if let words = step.withoutException {
            page.element("p", text: words)
        }
        page.list(step.instructions) { $0.text($1) }
        let commands = commands(of: step)
        if !commands.isEmpty {
            page.element("pre") { page in
                for line in commands.flatMap({ CommandLines.of($0, width: 66) }) {
                    page.text(line)
                    page.markup("\n")
                }
            }
        }
        if let digest = digest(of: step) {
            page.digest(digest)
        } else if case .compare = step.act {
            page.element("p", [("class", "soft")], text: "SHA-256 from the screen, and its words:")
            page.digestBoxes()
        }
        if let words = announcement(of: step) {
            page.element("p") { page in
                page.text("\(words): ")
                page.blank()
                page.text(" and ")
                page.blank()
                page.text("; kept in: ")
                page.blank()
            }
        }
        page.element("p") { page in
            step.act == .decide ? page.answers("GO", "NO-GO") : page.answers("as it should be", "otherwise: exception")
        }
        for field in step.fields {
            if field.isEqual(bytesOf: StepRow.image) {
                page.element("p", [("class", "soft")], text: "\(field), SHA-256:")
                page.digestBoxes()
            } else {
                page.element("p", [("class", "fill")], text: "\(field):")
            }
        }
    }

    private func inventory(_ page: inout HTMLWriter) {
        page.element("h2", [("class", "page")], text: "Media and bags")
        page.table(
            ["Medium": "person", "Serial number, bags": "fields", "Whole": "short", "Two initials": ""],
            of: plan.media,
            style: "long"
        ) { page, medium in
            page.element("th", [("scope", "row")]) { page in
                page.words(medium.label)
                page.element("p", [("class", "soft")]) { page in
                    page.text("\(medium.content.rawValue) of ")
                    page.words(plan.participant(medium.holder)?.inFull ?? medium.holder.description)
                    page.text(", ")
                    page.words(medium.site)
                }
            }
            page.element("td") { page in
                if let serial = medium.serial {
                    page.element("div") { page in
                        page.element("span", [("class", "label")], text: "serial")
                        page.box()
                        page.words(serial)
                    }
                } else {
                    field("serial", nil, &page)
                }
                field("bag out", bags[medium.label].map { "should be \($0)" }, &page)
                field("bag in", nil, &page)
            }
            page.element("td") { $0.answers("yes", "no") }
            page.element("td") { page in
                page.sign("out")
                page.sign("in")
            }
        }
    }

    /// Boxes for a number, with what is known of it.
    private func field(_ name: String, _ known: String?, _ page: inout HTMLWriter) {
        page.element("div") { page in
            page.element("span", [("class", "label")], text: name)
            page.cells(12)
            if let known {
                page.element("div", [("class", "soft")]) { $0.words(known) }
            }
        }
    }

    /// Where everybody says whether it went so, on paper.
    private func attestations(_ page: inout HTMLWriter) {
        page.element("h2", [("class", "page")], text: "Attestations")
        page.element(
            "p",
            text: "The ceremony went as this sheet says, except for what I write here. To disagree is an answer."
        )
        page.table(
            ["Name": "person", "Answer": "person", "Remark": "", "Signature, time": "person"],
            of: plan.people.map(\.inFull) + [String](repeating: "", count: Self.guestCount),
            style: "form long"
        ) { page, name in
            page.element("th", [("scope", "row")]) { $0.words(name) }
            page.element("td") { $0.answers("agrees", "agrees, with a remark", "does not agree") }
            page.element("td", text: "")
            page.element("td", text: "")
        }
        page.element("section", [("class", "whole")]) { page in
            page.element("h2", text: "Afterwards")
            page.list(CeremonyScript.afterwards(plan.kind)) { $0.text($1) }
        }
    }

    private func exception(_ number: Int, _ page: inout HTMLWriter) {
        page.element("section", [("class", "page exception")]) { page in
            page.element("h2", text: "Exception \(number)")
            page.element("p") { page in
                page.text("Step ")
                page.blank()
                page.text("  time, UTC ")
                page.blank()
            }
            for (what, count) in Self.exceptionParts {
                page.element("h3", text: what)
                page.lines(count)
            }
            page.element("p") { page in
                page.text("The ceremony ")
                page.answers("goes on", "does the step again", "is abandoned")
            }
            (["Decided by"] + leading).forEach { page.sign($0) }
        }
    }

    /// What is written on an exception sheet, in so many lines.
    static let exceptionParts = [("What was expected", 4), ("What happened", 7), ("What was decided", 5)]
}

extension Plan {
    /// What stands on every sheet of paper.
    func heading(_ kind: String, _ digest: SHA256Digest?) -> DocumentHeading {
        DocumentHeading(
            title: title,
            kind: kind,
            reference: digest.map { "plan \($0.short)" },
            isRehearsal: isRehearsal
        )
    }
}

extension HTMLWriter {
    /// A list with an item for each of some things.
    mutating func list<Item>(_ items: [Item], _ draw: (inout HTMLWriter, Item) -> Void) {
        element("ul") { page in
            for item in items {
                page.element("li") { draw(&$0, item) }
            }
        }
    }

    /// The body of a ceremony's page: its title, and on each sheet whether it is a rehearsal's.
    mutating func body(of plan: Plan, _ draw: (inout HTMLWriter) -> Void) {
        if plan.isRehearsal {
            // What is fixed is printed on every sheet, behind what stands there.
            element("div", [("class", "mark"), ("aria-hidden", "true")], text: "REHEARSAL")
        }
        element("main") { page in
            if plan.isRehearsal {
                page.element("p", [("class", "rehearsal")], text: "REHEARSAL: nothing here counts")
            }
            page.element("h1") { $0.words(plan.title) }
            draw(&page)
        }
        markup("\n")
    }
}
