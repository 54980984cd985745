// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow

/// The run sheet as a page that prints well: one file, nothing from elsewhere.
extension RunSheet {
    package var html: String {
        var page = HTMLWriter()
        page.markup("<!doctype html>\n")
        page.element("html", [("lang", "en")]) { page in
            page.element("head") { page in
                page.markup("<meta charset=\"utf-8\">")
                page.markup("<meta name=\"viewport\" content=\"width=device-width\">")
                page.element("title", text: "Run sheet: \(plan.title)")
                page.element("style") { page in
                    page.markup(paper == .a4 ? "@page { size: A4; margin: 14mm } " : "@page { size: Letter; margin: 14mm } ")
                    page.markup(Self.style)
                }
            }
            page.element("body") { page in
                head(&page)
                people(&page)
                steps(&page)
                inventory(&page)
                for number in 1...Self.exceptionSheetCount {
                    exception(number, &page)
                }
            }
        }
        page.markup("\n")
        return page.html
    }

    private func head(_ page: inout HTMLWriter) {
        if plan.isRehearsal {
            page.element("p", [("class", "rehearsal")], text: "REHEARSAL: nothing here counts")
        }
        page.element("h1") { $0.words(plan.title) }
        page.element("dl") { page in
            for (name, value) in facts.dropFirst() {
                page.element("dt", text: name)
                page.element("dd") { $0.words(value) }
            }
        }
        if let digest = known[.plan] {
            page.element("h2", text: "The plan's SHA-256")
            Self.digest(digest, &page)
        }
    }

    private func people(_ page: inout HTMLWriter) {
        page.element("h2", text: "People")
        page.element("table") { page in
            Self.header(["Name", "Roles", "Site", "Signed in", "Initials"], &page)
            page.element("tbody") { page in
                for person in plan.people {
                    page.element("tr") { page in
                        page.element("th") { $0.words(person.fullName) }
                        page.element("td", text: person.roles.map(\.title).joined(separator: ", "))
                        page.element("td") { $0.words(person.site) }
                        page.element("td", [("class", "blank")], text: "")
                        page.element("td", [("class", "blank")], text: "")
                    }
                }
            }
        }
    }

    private func steps(_ page: inout HTMLWriter) {
        page.element("h2", [("class", "page")], text: "Steps")
        page.element("table", [("class", "steps")]) { page in
            Self.header(["", "Step", "Time", "Initials"], &page)
            page.element("tbody") { page in
                for step in script.steps {
                    page.element("tr", step.isIrreversible ? [("class", "final")] : []) { page in
                        page.element("td", [("class", "number")]) { page in
                            page.text("\(step.number)")
                            page.element("span", [("class", "box")], text: "")
                        }
                        page.element("td") { page in self.step(step, &page) }
                        page.element("td", [("class", "blank")], text: "")
                        page.element("td", [("class", "blank")]) { page in
                            page.element("small", text: "operator")
                            page.markup("<br><br>")
                            page.element("small", text: "witness")
                        }
                    }
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
        page.element("ul") { page in
            step.instructions.forEach { page.element("li", text: $0) }
        }
        if case .signIn(let names) = step.act {
            page.element("p", text: names.map(\.description).joined(separator: ", "))
        }
        if let digest = digest(of: step) {
            Self.digest(digest, &page)
        } else if case .compare = step.act {
            page.element("p", [("class", "fill")], text: "SHA-256, from the screen:")
        }
    }

    private func inventory(_ page: inout HTMLWriter) {
        page.element("h2", [("class", "page")], text: "Media and bags")
        page.element("table") { page in
            Self.header(["Medium", "Serial", "Holds", "Holder", "Site", "Bag out", "Bag in", "Initials"], &page)
            page.element("tbody") { page in
                for medium in plan.media {
                    page.element("tr") { page in
                        page.element("th", text: medium.label)
                        page.element("td") { $0.words(medium.serial ?? "") }
                        page.element("td", text: medium.content.rawValue)
                        page.element("td", text: medium.holder.description)
                        page.element("td") { $0.words(medium.site) }
                        for _ in 1...3 {
                            page.element("td", [("class", "blank")], text: "")
                        }
                    }
                }
            }
        }
    }

    private func exception(_ number: Int, _ page: inout HTMLWriter) {
        page.element("section", [("class", "page exception")]) { page in
            page.element("h2", text: "Exception \(number)")
            page.element("p", text: "Step: ______   Time: ____________")
            for what in ["What was expected", "What happened", "What was decided, and by whom"] {
                page.element("h3", text: what)
                page.element("div", [("class", "lines")], text: "")
            }
            page.element("p", text: "Operator: ________________   Witness: ________________")
        }
    }

    private static func header(_ names: [String], _ page: inout HTMLWriter) {
        page.element("thead") { page in
            page.element("tr") { page in
                names.forEach { page.element("th", text: $0) }
            }
        }
    }

    private static func digest(_ digest: SHA256Digest, _ page: inout HTMLWriter) {
        page.element("pre", text: digest.hexRows.joined(separator: "\n"))
        page.element("table", [("class", "words")]) { page in
            page.element("tbody") { page in
                for (number, words) in digest.wordRows {
                    page.element("tr") { page in
                        page.element("th", text: "\(number)")
                        words.forEach { page.element("td", text: $0) }
                    }
                }
            }
        }
    }

    private static let style: StaticString = """
        * { box-sizing: border-box } body { margin: 0 auto; max-width: 46rem; padding: 1rem; color: #000; \
        background: #fff; font: 10.5pt/1.4 "DejaVu Sans", "Segoe UI", sans-serif } \
        @media print { body { padding: 0; max-width: none } } \
        h1 { font-size: 18pt; margin: 0 0 8pt } h2 { font-size: 13pt; margin: 14pt 0 5pt } \
        h3 { font-size: 10.5pt; margin: 10pt 0 4pt } p, ul { margin: 3pt 0 } ul { padding-left: 14pt } \
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 1pt 12pt; margin: 0 } \
        dt { color: #444 } dd { margin: 0; overflow-wrap: anywhere } \
        table { width: 100%; border-collapse: collapse } tr { break-inside: avoid } thead { display: table-header-group } \
        th, td { border: 1px solid #555; padding: 3pt 5pt; text-align: left; vertical-align: top; overflow-wrap: anywhere } \
        thead th { background: #e8e8e8; print-color-adjust: exact } .blank { width: 17mm } \
        .steps .number { width: 11mm; text-align: center; font-weight: bold } \
        .box { display: block; width: 6mm; height: 6mm; margin: 3pt auto 0; border: 1.5pt solid #000 } \
        .who { color: #444; font-size: 9.5pt } .warning { font-weight: bold } .final td { border-width: 2.5pt } \
        small { color: #444; font-size: 8pt } .fill { padding-bottom: 16pt; border-bottom: 1px solid #000 } \
        pre, .words { font: 10pt/1.45 "DejaVu Sans Mono", monospace; margin: 3pt 0 } \
        .words { width: auto } .words th, .words td { border: 0; padding: 0 9pt 0 0 } .words th { color: #444 } \
        .rehearsal { border: 3pt solid #000; padding: 4pt 8pt; font-weight: bold; text-align: center } \
        .page { break-before: page } .lines { height: 42mm; background: repeating-linear-gradient(#fff 0 9mm, #777 9mm 9.3mm); \
        print-color-adjust: exact }
        """
}
