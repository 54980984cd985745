// SPDX-License-Identifier: Apache-2.0

package import Encoding

// What people read aloud from paper, and fill in on it.
extension HTMLWriter {
    /// A digest in eight numbered rows: eight digits, and the four words that are read aloud for them.
    package mutating func digest(_ digest: SHA256Digest) {
        let digits = Array(digest.description.utf8)
        let words = ComparisonCode(of: digest).allWords
        rows { page, row in
            let start = row * 8
            page.element("td", text: String(decoding: digits[start..<start + 4], as: UTF8.self))
            page.element("td", text: String(decoding: digits[start + 4..<start + 8], as: UTF8.self))
            words[row * 4..<row * 4 + 4].forEach { page.element("td", text: $0) }
        }
    }

    /// Boxes for a digest that is not known yet: eight rows of eight digits, and lines for the words.
    package mutating func digestBoxes() {
        rows { page, _ in
            page.element("td") { $0.cells(8) }
            for _ in 0..<4 {
                page.element("td") { $0.blank() }
            }
        }
    }

    private mutating func rows(_ draw: (inout HTMLWriter, Int) -> Void) {
        element("table", [("class", "digest")]) { page in
            page.element("tbody") { page in
                for row in 0..<8 {
                    page.element("tr") { page in
                        page.element("th", [("scope", "row")], text: "\(row + 1)")
                        draw(&page, row)
                    }
                }
            }
        }
    }

    /// Boxes for so many letters or digits.
    package mutating func cells(_ count: Int) {
        element("span", [("class", "cells")]) { page in
            for _ in 0..<count {
                page.markup("<i></i>")
            }
        }
    }

    /// A short line to write on.
    package mutating func blank() { element("span", [("class", "blank")], text: "") }

    /// So many long lines to write on.
    package mutating func lines(_ count: Int) {
        for _ in 0..<count {
            element("div", [("class", "line")], text: "")
        }
    }

    /// Answers, each with a box to cross.
    package mutating func answers(_ answers: String...) {
        for answer in answers {
            element("span", [("class", "answer")]) { page in
                page.box()
                page.text(answer)
            }
        }
    }

    /// A box to cross.
    package mutating func box() { element("span", [("class", "box")], text: "") }

    /// Where somebody puts their initials, or their name.
    package mutating func sign(_ who: String) {
        element("div", [("class", "sign")]) { $0.words(who) }
    }

    /// The names of a table's columns.
    package mutating func columns(_ names: [String]) {
        element("thead") { page in
            page.element("tr") { page in
                for name in names {
                    page.element("th", [("scope", "col")], text: name)
                }
            }
        }
    }

    /// A table with a row for each of some things; a column with a class has the width that ``PageStyle`` gives it.
    ///
    /// - Parameters:
    ///   - caption: What it shows, where no heading says so.
    ///   - isFinal: Whether what a row says cannot be taken back.
    package mutating func table<Row>(
        _ columns: KeyValuePairs<String, String>,
        of rows: [Row],
        style: String? = nil,
        caption: String? = nil,
        isFinal: (Row) -> Bool = { _ in false },
        _ draw: (inout HTMLWriter, Row) -> Void
    ) {
        func classes(_ style: String?) -> Attributes { if let style { [("class", style)] } else { [] } }
        element("table", classes(style)) { page in
            if let caption {
                page.element("caption", text: caption)
            }
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

    /// A name, and the value that `value` writes.
    package mutating func fact(_ name: String, _ value: (inout HTMLWriter) -> Void) {
        element("dt", text: name)
        element("dd", [], value)
    }

    /// Names and values, one below the other.
    package mutating func facts(_ facts: [(name: String, value: String)]) {
        element("dl") { page in
            for (name, value) in facts {
                page.fact(name) { $0.words(value) }
            }
        }
    }
}
