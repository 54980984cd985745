// SPDX-License-Identifier: Apache-2.0

import Audit
import Encoding
import Escrow
import Files
import Pages
package import SystemPackage

/// The verification of a bundle as a page to keep.
extension BundleVerification {
    /// - Parameters:
    ///   - path: The bundle, as the caller named it.
    ///   - program: This program and its version.
    package func html(at path: String, by program: String) -> [UInt8] {
        var page = HTMLWriter()
        page.begin(plan.heading("Verification of a ceremony", planDigest), .sheet)
        page.body(of: plan) { page in
            page.element("p", [("class", "verdict")], text: "\(verdict.rawValue): \(reason)")
            page.facts([
                ("bundle", path), ("kind", plan.kind.rawValue),
                ("opened", transcript.lines.first?.time.forPeople ?? "never"),
                ("last line", transcript.lines.last?.time.forPeople ?? "never"),
                ("time stamp", stamped?.forPeople ?? "none that was checked"), ("officers believed", believed),
                ("verified", "\(verified.forPeople), by \(program)"),
                ("report", report.map { "report.html, SHA-256 \($0)" } ?? "none that was checked"),
            ])
            page.element("h2", text: "Checks")
            checks(in: &page)
            transcript(in: &page)
            CeremonyReport.end(&page, of: transcript)
        }
        page.end()
        return Array(page.html.utf8)
    }

    /// Whom the verifier believes, in words.
    private var believed: String {
        anchor.map { "\($0.path), at least \($0.required(at: verified)) of them" } ?? "none: no --signers was given"
    }

    private func checks(in page: inout HTMLWriter) {
        let columns: KeyValuePairs = ["Check": "initials", "Result": "initials", "What is asked, what was found": ""]
        page.table(columns, of: results, style: "long") { page, result in
            page.element("th", [("scope", "row")], text: result.name)
            page.element("td", text: result.outcome.word)
            page.element("td") { page in
                page.text(result.check.meaning)
                if let detail = result.outcome.detail {
                    page.element("p", [("class", "warning")]) { $0.words(detail) }
                }
            }
        }
    }

    private func transcript(in page: inout HTMLWriter) {
        page.element("section", [("class", "whole")]) { page in
            page.element("h2", text: "What the transcript says")
            page.list(facts) { $0.words($1) }
        }
    }

    /// Refuses a place for that page where a file is already, or in which the bundle would have one that nothing accounts
    /// for.
    ///
    /// - Throws: ``BundleError/insideBundle(path:)``, ``EscrowError``
    package static func check(place path: FilePath, besides bundle: FilePath) throws {
        try ReportPage.check(place: path)
        let folder = try Files.resolved(path.removingLastComponent())
        guard try !folder.starts(with: Files.resolved(bundle)) else {
            throw BundleError.insideBundle(path: path.string)
        }
    }
}
