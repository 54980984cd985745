// SPDX-License-Identifier: Apache-2.0

import Encoding
package import Escrow
import Files
import Pages
package import SystemPackage

/// The report as one HTML page that stands for itself: no script, and nothing that is fetched.
///
/// Files and a time give the same bytes each time: it knows no clock, no locale and no order of a hash table.
package struct ReportPage: Sendable {
    /// What it shows: at least one report.
    private let document: AuditDocument
    private let input: AuditInput
    /// The program and its version.
    private let program: String

    package init(of document: AuditDocument, with input: AuditInput, by program: String) {
        self.document = document
        self.input = input
        self.program = program
    }

    private var reports: [AuditReport] { document.reports }

    /// The page in pieces, each made when it is asked for.
    package var pieces: some Sequence<[UInt8]> {
        let sections = reports.indices.map(Part.section) + [.limits] + reports.indices.map(Part.repetition)
        return ([.start] + sections + [.end]).lazy.map { part in
            var page = HTMLWriter()
            switch part {
            case .start: start(in: &page)
            case .section(let index): ReportSection(report: reports[index], number: index + 1).draw(in: &page)
            case .limits: limits(in: &page)
            case .repetition(let index): repetition(index, in: &page)
            case .end: end(in: &page)
            }
            return Array(page.html.utf8)
        }
    }

    private enum Part {
        case start, section(Int), limits, repetition(Int), end
    }

    private var isSingle: Bool { reports.count == 1 && document.unread.isEmpty }

    private var title: String {
        guard isSingle else {
            return "Audit of \(reports.count + document.unread.count) key escrows"
        }
        return "Audit of \(reports[0].escrow): \(reports[0].verdict.rawValue)"
    }

    private var heading: DocumentHeading {
        let digest = isSingle ? reports[0].epoch?.manifest : nil
        return DocumentHeading(title: title, reference: digest.map { "manifest \($0.short)" })
    }

    private func start(in page: inout HTMLWriter) {
        page.begin(heading, .audit)
        page.markup("<a class=\"skip\" href=\"#main\">To the findings</a>\n<header>\n")
        page.element("h1", text: isSingle ? "Audit of a key escrow" : title)
        page.element("p", [("class", "soft")]) { page in
            page.text("As of ")
            page.element("time", [("datetime", input.time.description)], text: input.time.forPeople)
            page.text(", by \(program)")
        }
        page.markup("</header>\n<main id=\"main\">\n")
        AuthorityTable(certificates: input.certificates, reports: reports, missing: document.missing)
            .draw(in: &page)
        if !isSingle {
            ReportSummary(reports: reports, unread: document.unread).draw(in: &page)
        }
    }

    /// What the audit was held against.
    private func inputs(in page: inout HTMLWriter) {
        page.markup("\n<section class=\"end\" aria-labelledby=\"inputs\">\n")
        page.markup("<h2 id=\"inputs\">What the auditor brought</h2>\n")
        page.element("dl") { page in
            page.fact("Officers believed") { page in
                if let anchor = input.anchor {
                    page.words(anchor.path)
                    let least = "at least \(anchor.required(at: input.time)) of them"
                    page.text(", \(least)\(anchor.isDemanded ? "" : ", and as many as a manifest demands")")
                } else {
                    page.text("none: no --signers was given")
                }
            }
            page.fact("Certificate") { page in
                let all = input.certificates.all.map(\.given)
                if all.count > 1 {
                    page.text("\(all.count), in the table above")
                } else if let given = all.first {
                    page.words(given.path ?? "by its digest")
                    page.text(", SHA-256 ")
                    page.element("span", [("class", "hex")], text: given.digest.grouped)
                } else {
                    page.text("none: no --certificate was given")
                }
            }
            page.fact("PKCS#12 file") { page in
                let place = input.pkcs12?.string ?? "looked for beside each escrow"
                page.words(input.isWithoutPKCS12 ? "deliberately none" : place)
            }
        }
        page.markup("</section>\n")
    }

    private func limits(in page: inout HTMLWriter) {
        if !document.ceremonies.isEmpty {
            CeremonyTable(ceremonies: document.ceremonies).draw(in: &page)
        }
        inputs(in: &page)
        page.markup("\n<section class=\"end\" aria-labelledby=\"limits\">\n")
        page.markup("<h2 id=\"limits\">What this does not prove</h2>\n")
        page.element("ul") { page in
            for limit in AuditReport.limits(isFileOpened: reports.allSatisfy(\.isFileOpened)) {
                page.element("li", text: limit)
            }
        }
        page.markup("</section>\n<section class=\"end\" aria-labelledby=\"repeat\">\n")
        page.markup("<h2 id=\"repeat\">Repeat the checks without this program</h2>\n<p>")
        page.markup("With bash, OpenSSH, OpenSSL and coreutils, in the directory in which the audit ran. ")
        page.markup("Every line must succeed. A key that stands in a line is the one that the escrow names: ")
        page.markup("it shows who signed, and only the officers' own file shows whom to believe.</p>\n")
    }

    private func repetition(_ index: Int, in page: inout HTMLWriter) {
        guard let repetition = reports[index].repetition else {
            return
        }
        page.element("h3") { $0.words(reports[index].escrow) }
        page.element(
            "pre",
            [("id", "repeat-\(index + 1)"), ("tabindex", "0"), ("aria-label", "Commands for \(reports[index].escrow)")]
        ) { page in
            // The line's end inside its block: there it can be copied, and shows nothing.
            for line in repetition.lines {
                page.element("code", line.hasPrefix(bytesOf: "#") ? [("class", "strong")] : []) { page in
                    page.text(line)
                    page.markup("\n")
                }
            }
        }
        page.markup("\n")
    }

    private func end(in page: inout HTMLWriter) {
        page.markup("</section>\n</main>\n")
        page.end()
    }
}

extension ReportPage {
    /// Refuses what would replace a file or lie in an escrow, before the work is done.
    ///
    /// - Throws: ``EscrowError/file(_:)``, ``DirectoryFault/insideEscrow(path:escrow:)``,
    ///   ``DirectoryFault/noPlace(path:)``
    package static func check(place path: FilePath) throws(EscrowError) {
        try orThrow(Files.requireNothing(at: path))
        try EscrowDirectory.refuseInside(path, as: path.string)
        guard Files.isWritable(directory: path.removingLastComponent()) else {
            throw .directory(.noPlace(path: path.string))
        }
    }
}
