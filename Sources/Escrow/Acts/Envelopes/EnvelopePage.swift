// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Pages

/// The envelopes of an epoch's custodians as one HTML page to print: a sheet each, nothing that is fetched, no script.
///
/// One escrow and one set of codes give the same bytes each time: it knows no clock.
struct EnvelopePage {
    let escrow: EscrowDirectory
    let epoch: EpochDocument
    let paper: Paper
    /// At least one, in the order of printing.
    let sheets: [Sheet]
    /// The program and its version.
    let program: String

    /// What one custodian's sheet shows besides the escrow's own.
    struct Sheet {
        /// The custodian's, if the escrow has it.
        let card: Card?
        /// What `share` holds.
        let code: EnvelopeCode
        let share: QRSymbol
        let label: QRSymbol
    }

    /// The page.
    var bytes: [UInt8] {
        var page = HTMLWriter()
        page.begin(heading, .envelope, on: paper)
        page.markup("<main>\n")
        for sheet in sheets {
            page.element("section", [("class", "sheet"), ("aria-label", "Envelope of \(sheet.code.custodian)")]) {
                page in
                draw(sheet, in: &page)
            }
            page.markup("\n")
        }
        page.markup("</main>\n")
        page.end()
        return Array(page.html.utf8)
    }

    /// What the CA is called: people know it by its common name.
    private var authority: String {
        let certificate = epoch.manifest.certificate
        return Self.shortened(certificate.commonName ?? certificate.subject)
    }

    private var heading: DocumentHeading {
        DocumentHeading(
            title: authority,
            kind: "Share envelopes, epoch \(epoch.manifest.epoch)",
            reference: "manifest \(epoch.digest.short)",
            isRehearsal: epoch.manifest.isRehearsal
        )
    }

    /// Whose share it is.
    private func holder(_ sheet: Sheet) -> String {
        Self.shortened(sheet.card?.fullName ?? sheet.code.custodian.description)
    }

    private func draw(_ sheet: Sheet, in page: inout HTMLWriter) {
        marks(in: &page)
        page.element("h1") { $0.words(authority) }
        page.element("p", [("class", "of")]) { page in
            page.text("Share envelope of ")
            page.element("strong") { $0.words(holder(sheet)) }
        }
        facts(of: sheet, in: &page)
        digest(in: &page)
        page.element("div", [("class", "main")]) { page in
            sheet.share.draw(in: &page, class: "share", title: "QR code: the sealed share of \(sheet.code.custodian)")
            page.element("div", [("class", "words")]) { advice(in: &$0) }
        }
        page.element("div", [("class", "blanks")]) { page in
            for blank in ["Bag number", "Medium, serial number", "Date", "Site", "Initials, first", "Initials, second"]
            {
                page.element("div", text: blank)
            }
        }
        page.element("div", [("class", "cut")]) { label(of: sheet, in: &$0) }
    }

    /// What tells it from an envelope that counts.
    private func marks(in page: inout HTMLWriter) {
        let marks = [
            epoch.manifest.isRehearsal ? "REHEARSAL: a test key" : nil, epoch.manifest.isRetired ? "RETIRED" : nil,
        ].compactMap { $0 }
        if !marks.isEmpty {
            page.element("p", [("class", "mark")], text: marks.joined(separator: ", "))
        }
    }

    private func facts(of sheet: Sheet, in page: inout HTMLWriter) {
        let manifest = epoch.manifest
        page.element("dl") { page in
            func fact(_ name: String, _ text: String?) {
                if let text {
                    page.element("dt", text: name)
                    page.element("dd") { $0.words(Self.shortened(text)) }
                }
            }
            func figure(_ name: String, _ text: String, _ style: String = "hex") {
                page.element("dt", text: name)
                page.element("dd", [("class", style)], text: text)
            }
            fact("Escrow", manifest.title ?? escrow.name)
            fact("Subject", manifest.certificate.subject)
            figure("Certificate", "SHA-256 \(SHA256Digest(of: manifest.certificate.der).grouped)", "hex long")
            figure("Set", manifest.set.description)
            fact("Epoch", "\(manifest.epoch), made \(manifest.created.forPeople)")
            fact("Custodian", "\(sheet.code.custodian), path \(sheet.code.path)")
            fact("Organisation", sheet.card?.organisation)
            fact("Site", sheet.card?.site)
        }
    }

    /// The manifest's digest, to compare by eye and by ear.
    private func digest(in page: inout HTMLWriter) {
        let digits = Array(epoch.digest.description)
        let hex = stride(from: 0, to: digits.count, by: 16).map { start in
            stride(from: start, to: start + 16, by: 4).map { String(digits[$0..<$0 + 4]) }
        }
        let code = ComparisonCode(of: epoch.digest)
        let words = stride(from: 0, to: code.words.count, by: 4).map { Array(code.words[$0..<$0 + 4]) }
        page.element("div", [("class", "digest")]) { page in
            page.element("h2", text: "SHA-256 of the manifest")
            Self.table(hex.enumerated().map { ("\($0.offset + 1)", $0.element) }, in: &page)
            Self.table(
                words.enumerated().map { ("words \($0.offset * 4 + 1)-\($0.offset * 4 + 4)", $0.element) }
                    + [("digits", [])],
                lastRow: code.digits.joined(separator: " "),
                in: &page
            )
        }
    }

    private static func table(
        _ rows: [(name: String, cells: [String])],
        lastRow: String? = nil,
        in page: inout HTMLWriter
    ) {
        page.element("table", [("class", "hex")]) { page in
            for row in rows {
                page.element("tr") { page in
                    page.element("th", [("scope", "row")], text: row.name)
                    for cell in row.cells {
                        page.element("td", text: cell)
                    }
                    if row.cells.isEmpty, let lastRow {
                        page.element("td", [("colspan", "4")], text: lastRow)
                    }
                }
            }
        }
    }

    private func advice(in page: inout HTMLWriter) {
        let parts = [
            (
                "What this is",
                "This custodian's share in the escrow of the CA's key, sealed to the custodian's own key. It is public: the "
                    + "manifest holds the same bytes. Without the custodian's identity and passphrase it opens nothing, "
                    + "and one share alone restores nothing."
            ),
            (
                "What to do with it",
                "Put it into the bag with its medium, and the label on the outside. Fill in the blanks; "
                    + "two people initial. To see whether it is in force: `ca-escrow envelope check ESCROW SCAN`, with a "
                    + "picture of the code."
            ),
            (
                "When it comes back damaged",
                "Nothing is lost while there is a copy of the escrow: print the sheet again, `ca-escrow envelope print ESCROW "
                    + "--custodian NAME`. If the bag was opened, or has a different number, tell an officer at once: the "
                    + "medium may have been read."
            ),
            (
                "What it does not replace",
                "A restore needs the manifest of the digest above, the PKCS#12 file, and a quorum with their identities."
            ),
        ]
        for (title, text) in parts {
            page.element("h2", text: title)
            page.element("p") { $0.advice(text) }
        }
        page.element("p", [("class", "long")], text: "Printed by \(program)")
    }

    /// The strip for the outside of the bag.
    private func label(of sheet: Sheet, in page: inout HTMLWriter) {
        page.element("p", [("class", "note")], text: "Cut here: the label for the outside of the bag")
        sheet.label.draw(in: &page, class: "label", title: "QR code: the label of \(sheet.code.custodian)")
        page.element("div") { page in
            marks(in: &page)
            page.element("p", [("class", "name")]) { page in
                page.words(holder(sheet))
            }
            page.element("dl") { page in
                let facts = [
                    ("CA", authority, ""), ("Escrow", Self.shortened(escrow.name), ""),
                    (
                        "Custodian", "\(sheet.code.custodian), path \(sheet.code.path), epoch \(epoch.manifest.epoch)",
                        ""
                    ),
                    ("Set", epoch.manifest.set.description, "hex"),
                    ("Manifest", epoch.digest.description, "hex"), ("Bag number", "", "blank"),
                ]
                for (name, text, style) in facts {
                    page.element("dt", text: name)
                    page.element("dd", [("class", style)]) { $0.words(text) }
                }
            }
        }
    }

    /// Texts of people are as long as they like: paper has room for so much.
    static func shortened(_ text: String) -> String {
        text.columnCount <= columnLimit ? text : "\(text.prefix(columns: columnLimit - 1))…"
    }

    private static let columnLimit = 90
}
