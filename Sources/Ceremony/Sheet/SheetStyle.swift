// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow
import Files

/// How run sheets and reports look: on paper first, in black and white.
enum SheetStyle {
    static let sheet: StaticString = """
        * { box-sizing: border-box } body { margin: 0 auto; max-width: 46rem; padding: 1rem; color: #000; \
        background: #fff; font: 10.5pt/1.4 "DejaVu Sans", "Segoe UI", sans-serif } \
        @media print { body { padding: 0; max-width: none } } \
        h1 { font-size: 18pt; margin: 0 0 8pt } h2 { font-size: 13pt; margin: 14pt 0 5pt } \
        h3 { font-size: 10.5pt; margin: 10pt 0 4pt } p, ul { margin: 3pt 0 } ul { padding-left: 14pt } \
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 1pt 12pt; margin: 0 } \
        dt { color: #444 } dd { margin: 0; overflow-wrap: anywhere } \
        table { width: 100%; border-collapse: collapse; table-layout: fixed } tr { break-inside: avoid } thead { display: table-header-group } \
        th, td { border: 1px solid #555; padding: 3pt 5pt; text-align: left; vertical-align: top; overflow-wrap: anywhere } \
        thead th { background: #e8e8e8; print-color-adjust: exact; overflow-wrap: normal } tbody td { height: 9mm } \
        .narrow { width: 12mm } .time { width: 24mm } .initials { width: 34mm } .bag { width: 30mm } \
        .number { text-align: center; font-weight: bold } .steps .initials div { height: 12mm } \
        .box { display: block; width: 6mm; height: 6mm; margin: 3pt auto 0; border: 1.5pt solid #000 } \
        .who { color: #444; font-size: 9.5pt } .warning { font-weight: bold } .final td { border-width: 2.5pt } \
        h1, h2, h3 { break-after: avoid } .when { width: 27mm } \
        small { color: #444; font-size: 8pt } .fill { padding-bottom: 16pt; border-bottom: 1px solid #000 } \
        pre, .words { font: 10pt/1.45 "DejaVu Sans Mono", monospace; margin: 3pt 0 } \
        .words { width: auto; table-layout: auto } .words th, .words td { border: 0; padding: 0 9pt 0 0; height: auto } .words th { color: #444 } \
        .rehearsal { border: 3pt solid #000; padding: 4pt 8pt; font-weight: bold; text-align: center } \
        .mark { position: fixed; z-index: -1; top: 42%; left: 0; right: 0; text-align: center; font-size: 64pt; \
        font-weight: bold; color: #d0d0d0; transform: rotate(-30deg); print-color-adjust: exact } \
        .page { break-before: page } .line { height: 9mm; border-bottom: 1px solid #777 }
        """
}

extension HTMLWriter {
    /// A page for paper: what is drawn into it, and on each of its sheets whether it is a rehearsal's.
    ///
    /// - Parameter size: The paper, as CSS says it.
    mutating func sheet(titled title: String, on size: StaticString, of plan: Plan, _ draw: (inout HTMLWriter) -> Void)
    {
        markup("<!doctype html>\n")
        element("html", [("lang", "en")]) { page in
            page.element("head") { page in
                page.markup("<meta charset=\"utf-8\">")
                page.markup("<meta name=\"viewport\" content=\"width=device-width\">")
                page.element("title", text: title)
                page.element("style") { page in
                    page.markup(size)
                    page.markup(SheetStyle.sheet)
                }
            }
            page.element("body") { page in
                if plan.isRehearsal {
                    // What is fixed is printed on every sheet, behind what stands there.
                    page.element("div", [("class", "mark"), ("aria-hidden", "true")], text: "REHEARSAL")
                }
                page.element("main") { page in
                    if plan.isRehearsal {
                        page.element("p", [("class", "rehearsal")], text: "REHEARSAL: nothing here counts")
                    }
                    page.element("h1") { $0.words(plan.title) }
                    draw(&page)
                }
            }
        }
        markup("\n")
    }

    /// A digest in small room, which is broken between bytes alone.
    mutating func hex(_ digest: SHA256Digest) {
        element("code") { page in
            for (index, byte) in digest.grouped.parts(between: ":").enumerated() {
                if index > 0, index % 4 == 0 {
                    page.markup("<wbr>")
                }
                page.text(String(byte))
            }
        }
    }

    /// A table with a row for each of some things; a column with a class has the width that ``SheetStyle`` gives it.
    ///
    /// - Parameter isFinal: Whether what a row says cannot be taken back.
    mutating func table<Row>(
        _ columns: KeyValuePairs<String, String>,
        of rows: [Row],
        style: String? = nil,
        isFinal: (Row) -> Bool = { _ in false },
        _ draw: (inout HTMLWriter, Row) -> Void
    ) {
        func classes(_ style: String?) -> Attributes { if let style { [("class", style)] } else { [] } }
        element("table", classes(style)) { page in
            page.element("thead") { page in
                page.element("tr") { page in
                    for (name, style) in columns {
                        let width = classes(style.isEmpty ? nil : style)
                        page.element("th", [("scope", "col")] + width, text: name)
                    }
                }
            }
            page.element("tbody") { page in
                for row in rows {
                    page.element("tr", classes(isFinal(row) ? "final" : nil)) { draw(&$0, row) }
                }
            }
        }
    }

    /// A digest in hexadecimal digits and in numbered rows of words.
    mutating func digest(_ digest: SHA256Digest) {
        element("pre") { page in
            for (index, row) in digest.hexRows.enumerated() {
                page.markup(index == 0 ? "" : "\n")
                page.text(row)
            }
        }
        element("table", [("class", "words")]) { page in
            page.element("tbody") { page in
                for (number, words) in digest.wordRows {
                    page.element("tr") { page in
                        page.element("th", [("scope", "row")], text: "\(number)")
                        words.forEach { page.element("td", text: $0) }
                    }
                }
            }
        }
    }
}
