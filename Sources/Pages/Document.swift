// SPDX-License-Identifier: Apache-2.0

import Encoding

/// What stands on every sheet of a printed document.
package struct DocumentHeading: Sendable {
    /// Of the document: the browser's title, and at the head of each sheet.
    let title: String
    /// What it is, such as `Run sheet`; nothing when its title says so.
    let kind: String?
    /// What it is of, by its digest: such as `plan 9503a4aa`.
    let reference: String?
    let isRehearsal: Bool

    package init(title: String, kind: String? = nil, reference: String?, isRehearsal: Bool = false) {
        (self.title, self.kind, self.reference, self.isRehearsal) = (title, kind, reference, isRehearsal)
    }

    /// What the browser calls it; one that prints its own headings prints this.
    var inWindow: String { kind.map { "\($0): \(title)" + (reference.map { " (\($0))" } ?? "") } ?? title }

    /// What stands below.
    var foot: String {
        [kind, isRehearsal ? "REHEARSAL, nothing here counts" : nil].compactMap(\.self).joined(separator: ": ")
    }

    /// The title, as much as the head of a sheet holds in one line.
    var short: String {
        title.columnCount <= Self.columns ? title : "\(title.prefix(columns: Self.columns - 1))…"
    }

    private static let columns = 80
}

extension HTMLWriter {
    /// Begins a document, up to what its body holds.
    ///
    /// Nothing is fetched and nothing runs. Each sheet that is printed has a heading: title, reference, page x of y.
    ///
    /// - Parameter paper: What it is printed on; when not given, whatever lies in the printer.
    package mutating func begin(_ heading: DocumentHeading, _ style: PageStyle, on paper: Paper? = nil) {
        markup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        markup("<meta http-equiv=\"Content-Security-Policy\" ")
        markup("content=\"default-src 'none'; style-src 'unsafe-inline'\">\n")
        element("title", text: heading.inWindow)
        markup("\n<style>\n")
        for rules in style.rules {
            markup(rules)
            markup("\n")
        }
        if let paper, style == .envelope {
            markup(paper.envelope)
            markup("\n")
        }
        pageRule(heading, style, paper)
        markup("</style>\n</head>\n<body>\n")
    }

    /// Ends it.
    package mutating func end() {
        markup("</body>\n</html>\n")
    }

    /// The margins of a sheet, and what stands in them.
    private mutating func pageRule(_ heading: DocumentHeading, _ style: PageStyle, _ paper: Paper?) {
        markup("@page { ")
        markup(paper?.size ?? "")
        markup(style.margins)
        markup("font: 8pt system-ui, \"Segoe UI\", \"DejaVu Sans\", sans-serif; color: #000;\n")
        markup("@top-left { white-space: nowrap; content: ")
        styleString(heading.short)
        markup(" }\n@top-right { white-space: nowrap; content: ")
        styleString(heading.reference ?? "")
        markup(" }\n@bottom-left { white-space: nowrap; content: ")
        styleString(heading.foot)
        markup(
            " }\n@bottom-right { white-space: nowrap; content: \"page \" counter(page) \" of \" counter(pages) } }\n"
        )
    }
}
