// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Escrow
import Pages
import SystemPackage
import Testing

@testable import Ceremony

@Suite("Run sheets")
struct RunSheetTests {
    private func sheet(_ sample: SamplePlan, paper: Paper = .a4, bags: [String: String] = [:]) throws -> RunSheet {
        try RunSheet(
            of: sample.bytes(),
            known: [.plan: SamplePlan.digest, .certificate: SamplePlan.digest],
            on: paper,
            bags: bags
        )
    }

    private static let crowd = (1...30).map { "custodian-number-\($0)" }
    private static let title = String(repeating: "W", count: 200) + " <script>alert(1)</script> & \\\"it\\\"'s"

    @Test("text is 80 columns wide, whatever is in it, and nothing is cut off")
    func columns() throws {
        for sample in [
            SamplePlan(), SamplePlan(title: Self.title), SamplePlan(policy: "20 of all", custodians: Self.crowd),
            SamplePlan(kind: "restore", member: #""rehearsal": true"#), SamplePlan(kind: "drill"),
            SamplePlan(title: String(repeating: "鍵の儀式", count: 40)),
        ] {
            let text = try sheet(sample, bags: ["USB-vera": "B-123456789012345678901234567890"]).text
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                #expect(String(line).columnCount <= 80, "\(line)")
            }
            for person in try sample.plan().people {
                #expect(text.contains(person.inFull) || person.inFull.count > 29, "\(person.inFull)")
            }
            for number in 1...3 {
                #expect(text.contains("Exception \(number) "))
            }
        }
    }

    @Test("every step has its box, blanks for time and initials, and its budget")
    func blanks() throws {
        let sheet = try sheet(SamplePlan())
        let count = sheet.script.steps.count
        #expect(
            sheet.text.matches(of: /\[ \] done {3}time ________ {3}\[/).count == count
        )
        #expect(sheet.html.matches(of: /<td class="number">\d+<span class="box"><\/span>/).count == count)
        // Operator and witness wherever the program asks for their initials, too, and whose step it is.
        let others = sheet.script.steps.count { step in
            step.person != nil || ["sign-in", "go", "attest", "close"].contains(step.identifier)
        }
        #expect(sheet.html.matches(of: /<div class="sign"><bdi>operator oscar</).count == count - others)
        #expect(
            sheet.html.contains("<div class=\"sign\"><bdi>olga</") && sheet.text.contains("initials ________ olga")
        )
        #expect(sheet.text.contains("CANNOT BE TAKEN BACK") && sheet.html.contains("Cannot be taken back."))
        #expect(sheet.text.contains("point of no return") || sheet.text.contains("Point of no return"))
    }

    @Test("known digests are there in digits and words, the manifest's has a blank")
    func digests() throws {
        let sheet = try sheet(SamplePlan())
        for text in [sheet.text, sheet.html] {
            #expect(text.contains("ba78"))
            #expect(text.contains("shadow") && text.contains("indigo"))
            #expect(!text.contains("\\u{"))
        }
        #expect(sheet.text.contains("  1  ba78 16bf  ") && sheet.text.contains("  1  _ _ _ _ _ _ _ _   ____"))
        // Eight rows of eight boxes, for the manifest's and for the image's.
        #expect(sheet.html.matches(of: #/<td><span class="cells">(<i></i>){8}</span>/#).count == 16)
    }

    @Test("lines to write on are drawn as borders; a medium whose serial number is not known has a blank for it")
    func writing() throws {
        let sheet = try sheet(SamplePlan())
        #expect(sheet.html.matches(of: /<div class="line"><\/div>/).count == 48 && !sheet.html.contains("gradient"))
        #expect(sheet.html.matches(of: /serial<\/span>/).count == 12 && sheet.text.contains("serial ________"))
        let known = SamplePlan.medium("USB-9", "share", "erin", site: "x\", \"serial\": \"S-4711")
        let html = try self.sheet(SamplePlan(media: [known])).html
        #expect(html.contains("S-4711") && html.matches(of: /serial<\/span>/).count == 13)
    }

    @Test("hostile words stay words, and nothing is fetched")
    func hostile() throws {
        let html = try sheet(SamplePlan(title: Self.title)).html
        #expect(!html.contains("<script") && html.contains("&lt;script&gt;"))
        #expect(!html.contains("http:") && !html.contains("https") && !html.contains("url(") && !html.contains("src="))
    }

    @Test("paper is what was asked for, a rehearsal is marked, an earlier bag is expected")
    func marks() throws {
        #expect(try sheet(SamplePlan()).html.contains("@page { size: A4; "))
        #expect(try sheet(SamplePlan(), paper: .letter).html.contains("@page { size: letter; "))
        let rehearsal = try sheet(SamplePlan(member: #""rehearsal": true"#))
        #expect(
            rehearsal.text.contains("REHEARSAL: Escrow") && rehearsal.html.contains("REHEARSAL: nothing here counts")
        )
        // Every page of the text, and every rule across, wherever a printer begins a page; every sheet of the page.
        let pages = rehearsal.text.split(separator: "\u{c}")
        #expect(pages.count == 6 && pages.dropFirst().allSatisfy { $0.hasPrefix("REHEARSAL: nothing here counts\n") })
        #expect(!rehearsal.text.contains("\n-----") && rehearsal.text.contains("\n-- REHEARSAL -----"))
        #expect(rehearsal.html.contains("<div class=\"mark\" aria-hidden=\"true\">REHEARSAL</div>"))
        #expect(rehearsal.html.contains(".mark { position: fixed;"))
        let production = try sheet(SamplePlan())
        #expect(!production.text.contains("REHEARSAL") && !production.html.contains("REHEARSAL"))
        let drill = try sheet(SamplePlan(kind: "drill"), bags: ["USB-vera": "B-77"])
        #expect(drill.text.contains("B-77") && drill.html.contains("should be B-77"))
    }

    @Test(
        "both vectors of the PGP words that auditors know",
        arguments: [
            (
                "mekmitasdigoat",
                "optic onlooker ringbolt recover upset almighty steamship hemisphere billiard butterfat classic letterhead "
                    + "reward filament waffle midsummer berserk speculate cement revival ribcage repellent commence combustion "
                    + "freedom component standard disruptive physique liberty acme typewriter"
            ),
            (
                "The quick brown fox jumps over the lazy dog",
                "stopwatch paramount watchword pocketful ahead stethoscope merit molecule gazelle revenue"
            ),
        ]
    )
    func words(text: String, words: String) {
        let rows = SHA256Digest(of: Array(text.utf8)).wordRows
        #expect(rows.map(\.number) == Array(1...8))
        #expect(rows.flatMap(\.words).joined(separator: " ").hasPrefix(words))
    }
}

extension RunSheet {
    /// The sheet of a plan in its bytes, which one of two officers has signed.
    init(
        of bytes: [UInt8],
        called path: FilePath = "backup.plan.json",
        known: [Step.Subject: SHA256Digest] = [:],
        subject: String = "CN=Acme Root CA",
        on paper: Paper = .a4,
        bags: [String: String] = [:]
    ) throws {
        self.init(
            of: try PlanReview(of: try Plan(json: bytes)),
            known: known,
            subject: subject,
            on: paper,
            bags: bags,
            officers: "2 of (olga, omar)",
            signed: ["omar"],
            at: path
        )
    }
}
