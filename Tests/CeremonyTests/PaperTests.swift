// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Escrow
import Foundation
import Pages
import SystemPackage
import TestSupport
import Testing

@testable import Ceremony

/// Run sheets and reports as Chromium draws and prints them: `fits.py` says what has no place of its own.
@Suite("Papers in Chromium")
struct PaperTests {
    /// Twelve custodians in a nested policy, two witnesses, long names, letters of several alphabets.
    private static func sample(kind: String = "backup", member: String = "") -> SamplePlan {
        let names = (1...12).map { "custodian-\($0)" }
        let halves = [names.prefix(6), names.suffix(6)].map { "3 of (\($0.joined(separator: ", ")))" }
        return SamplePlan(
            kind: kind,
            title:
                "Sicherung des Schlüssels der Zertifizierungsstelle „Übergröße“ der Österreichisch-Ungarischen Ämter",
            policy: "2 of (\(halves.joined(separator: ", ")))",
            custodians: names,
            alternates: [("ottilie", "operator"), ("wim", "witness")],
            member: member,
            people: [SamplePlan.person("wendelin", "witness", site: "Zürich", line: "audit")]
        )
    }

    /// The plan's bytes, in which everybody has a full name of 60 characters.
    private static func bytes(_ sample: SamplePlan) -> [UInt8] {
        let long = "Wolfeschlegelsteinhausenbergerdorff von Groß-Österreich"
        return Array(
            sample.json.replacing(#/"fullName": "(\S+) Martin"/#) { match in
                "\"fullName\": \"\(match.1.prefix(4).capitalized) \(long)\""
            }.utf8
        )
    }

    /// What `fits.py` says of a page.
    private func look(at page: String, _ name: String, _ ways: String...) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "papers-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "\(name).html")
        try page.write(to: file, atomically: true, encoding: .utf8)
        if let kept = ProcessInfo.processInfo.environment["KEEP_PAPERS"] {
            try page.write(toFile: "\(kept)/\(name)-\(ways[0]).html", atomically: true, encoding: .utf8)
        }
        let process = Process()
        let (output, tool) = (Pipe(), URL(filePath: #filePath).appending(path: "../../../Tests/Tools/fits.py"))
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", tool.standardized.path(), file.path()] + ways
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: said, as: UTF8.self).replacing("\(file.path()): ", with: "")
    }

    private static let subject =
        "CN=Österreichische Zertifizierungsstelle für Übergrößen und Prüfungen, O=Ämter & Söhne, C=AT"

    @Test("a run sheet of long names fits its paper, in every kind of ceremony", arguments: Paper.allCases)
    func sheets(paper: Paper) throws {
        // A run that is not whole draws one kind on each paper.
        for kind in TestRun.isWhole ? Plan.Kind.allCases : [paper == .a4 ? .backup : .restore] {
            let member = kind == .drill ? #""rehearsal": true"# : ""
            let bytes = Self.bytes(Self.sample(kind: kind.rawValue, member: member))
            let sheet = try RunSheet(
                of: bytes,
                called: FilePath("2027-03-\(kind.rawValue).plan.json"),
                known: [.plan: SHA256Digest(of: bytes), .certificate: SamplePlan.digest],
                subject: Self.subject,
                on: paper,
                bags: ["USB-custodian-1": "TEB 0123456789 – a number with words behind it"]
            )
            let said = try look(at: sheet.html, "sheet-\(kind.rawValue)", paper.rawValue)
            #expect(said.wholeMatch(of: /(?:a4|letter): \d+ sheets\n/) != nil, "\(said)")
            #expect(sheet.html.contains("Cust Wolfeschlegelsteinhausenbergerdorff von Groß-Österreich"))
        }
    }

    @Test("a report fits any paper, and a screen of 800 pixels", arguments: TestRun.isWhole ? Paper.allCases : [.a4])
    func reports(paper: Paper) throws {
        let held = try HeldCeremony(
            Self.sample(),
            written: Self.bytes,
            bags: ["out USB-vera": "TEB 0123456789 – a number with words behind it"],
            exceptions: ["clock", "audit", "drill-1"],
            expectation: "the safe opens, and the keeper’s envelope is whole, as it was written down last year",
            disagreeing: "wanda",
            changes: ["sign-in": [.absent("custodian-12")], "audit": [.absent("custodian-3")]]
        )
        let certificate = try SampleCertificate.make()
        let report = CeremonyReport(of: held.plan, held.digest, held.script, held.transcript, certificate)
        let said = try look(at: String(decoding: report.html, as: UTF8.self), "report", paper.rawValue, "800")
        #expect(said.wholeMatch(of: /(?:a4|letter): \d+ sheets\n800 pixels: fits\n/) != nil, "\(said)")
    }

    @Test("what does not fit is noticed")
    func planted() throws {
        var page = HTMLWriter()
        page.begin(DocumentHeading(title: "Planted", reference: "plan 01234567"), .sheet, on: .a4)
        page.markup("<div style=\"width: 40mm; overflow: hidden; white-space: nowrap\">")
        page.text("a text that is cut off where its area ends")
        page.markup("</div><table style=\"width: 30mm\"><tr><td style=\"white-space: nowrap; overflow-wrap: normal\">")
        page.text("a text that goes beyond its cell")
        page.markup("</td></tr></table><p>first</p><p style=\"margin-top: -4mm\">second</p>")
        page.end()
        let said = try look(at: page.html, "planted", "a4")
        #expect(
            said == """
                a4: beyond its div: a text that is cut off where its area ends
                a4: beyond its td: a text that goes beyond its cell
                a4: on one another: first / second

                """
        )
    }
}
