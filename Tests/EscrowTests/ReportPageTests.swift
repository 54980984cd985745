// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Files
import Foundation
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// The page: the same whenever it is made, hostile text harmless, nothing in it that the JSON does not know.
@Suite struct ReportPageTests {
    private func page(_ reports: [AuditReport], unread: [UnreadEscrow] = [], _ input: AuditInput) -> String {
        let document = AuditDocument(reports, unread: unread, exitStatus: 0)
        let page = ReportPage(of: document, with: input, by: "ca-escrow test")
        return String(decoding: page.pieces.flatMap(\.self), as: UTF8.self)
    }

    @Test("the same files and the same time give the same bytes")
    func determinism() throws {
        let story = try Story()
        let first = try page([story.report(), story.report()], story.input)
        for _ in 0..<3 {
            #expect(try page([story.report(), story.report()], story.input) == first)
        }
    }

    @Test("what people wrote becomes no markup, wherever it stands")
    func hostileText() throws {
        let name = "<b onclick='x'>&amp;\u{1b}[31m.escrow"
        let story = try Story(title: Story.hostile, words: Story.hostile, name: name)
        let unread = [UnreadEscrow(escrow: "<i>\u{202e}", reason: "</td><u>")]
        let page = try page([story.report()], unread: unread, story.input)
        #expect(!page.contains("<script") && !page.contains("<img") && !page.contains("<b ") && !page.contains("<u>"))
        #expect(!page.contains("\u{1b}") && !page.contains("\u{202e}"))
        let shown =
            "&lt;/td&gt;&lt;/table&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&lt;img src=x "
            + "onerror=&#39;y&#39;&gt; &amp; `$(touch z)`"
        // Title; purpose, destination, refusal in the table; request, refusal, override, restore twice, drill; the used
        // twice.
        #expect(page.components(separatedBy: shown).count - 1 == 12)
        #expect(page.contains("<bdi>&lt;i&gt;\\u{202e}</bdi>"))
    }

    @Test("it holds the elements and attributes of this program's source, and no others")
    func vocabulary() throws {
        let story = try Story(title: Story.hostile, words: Story.hostile)
        let page = try page([story.report()], story.input)
        let elements = Set(page.matches(of: /<([a-zA-Z!][a-zA-Z0-9]*)/).map { String($0.1) })
        #expect(
            elements == [
                "!DOCTYPE", "a", "article", "bdi", "body", "caption", "circle", "code", "dd", "desc", "div", "dl", "dt",
                "figcaption", "figure", "h1", "h2", "h3", "head", "header", "html", "li", "main", "meta", "ol", "p",
                "path", "pre", "rect", "section", "span", "strong", "style", "svg", "table", "tbody", "td", "text",
                "tfoot", "th", "thead", "time", "title", "tr", "ul",
            ]
        )
        let attributes = Set(page.matches(of: /\ ([a-zA-Z-]+)="/).map { String($0.1) })
        #expect(attributes.allSatisfy { !$0.hasPrefix("on") && $0 != "src" })
        let links = page.matches(of: /href="([^"]*)"/).map { String($0.1) }
        #expect(links == ["#main"])
        #expect(page.contains("default-src 'none'; style-src 'unsafe-inline'"))
    }

    /// Escrows with everything in order, with open points, and with failures.
    enum Condition: CaseIterable {
        case story, unanchored, withoutFile, anotherCertificate, strayFile, alteredCard, forgedReadme, lostManifest
    }

    @Test("its findings are those of the JSON, word for word", arguments: Condition.allCases)
    func findings(_ condition: Condition) throws {
        let story = try Story(words: "söme wörds <&>")
        let world = story.world
        var input = story.input
        switch condition {
        case .story: break
        case .unanchored: input.anchor = nil
        case .withoutFile: try world.folder.remove(world.pkcs12)
        case .anotherCertificate:
            input.certificates = CertificateInventory([.file(try Acme.certificate(.rekeyed), path: "<ö>.crt")])
        case .strayFile: try world.folder.write([0x30], to: world.escrow.appending("<ö>&.p12"))
        case .alteredCard: try world.folder.write([0x7b], to: world.epoch.appending("cards").appending("bob.json"))
        case .forgedReadme: try world.folder.write([0x3c], to: world.escrow.appending("README.txt"))
        case .lostManifest: try world.folder.remove(world.epoch.appending("manifest.json"))
        }
        let report = try Audit(of: world.escrow, with: input).report
        let found = Self.findings(in: page([report], input)).map(\.printable)
        #expect(found.sorted() == Self.findings(in: report.json).sorted())
        #expect(condition == .story || !found.isEmpty)
    }

    @Test("so are findings that show only between escrows, and those who could not be read")
    func findingsBetween() throws {
        let story = try Story()
        var reports = [try story.report(), try story.report()]
        reports[1].note(.commitments, "set x: a commitment of set y in <z> stands here again")
        let unread = [UnreadEscrow(escrow: "gone.escrow", reason: "gone.escrow: No such file or directory")]
        let page = page(reports, unread: unread, story.input)
        #expect(Self.findings(in: page).sorted() == reports.flatMap { Self.findings(in: $0.json) }.sorted())
        #expect(page.contains("<td colspan=\"5\" class=\"unread\"><bdi>gone.escrow: No such file or directory</bdi>"))
        #expect(page.contains("<p>1 failed, 1 could not be read, 1 with open points.</p>"))
    }

    private static func findings(in page: String) -> [String] {
        page.matches(of: /<td class="found"><bdi>(.*?)<\/bdi>/).map { unescaped(String($0.1)) }
    }

    private static func findings(in json: JSONValue) -> [String] {
        (json["checks"]?.items ?? []).filter { ["FAIL", "NOT CHECKED"].contains($0["outcome"]?.text ?? "") }
            .flatMap { $0["detail"]?.items.map(\.text) ?? [] }
    }

    private static func unescaped(_ text: String) -> String {
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
            .reduce(text) { $0.replacing($1.0, with: $1.1) }
    }

    @Test("the policy's drawing tells every state in words and in shapes")
    func drawing() throws {
        let page = try page([Story().report()], Story().input)
        let states = [
            "alice: proven 30 days ago", "bob: last proven 365 days ago", "carol: suspended: lost",
            "dave: acknowledged", "erin: no evidence", "frank: no evidence",
        ]
        let policy = "2 of (2 of (alice, bob, carol), dave, 2 of (erin, frank))"
        #expect(page.contains("<desc id=\"policy-1-text\">\(policy). \(states.joined(separator: "; ")).</desc>"))
        #expect(page.matches(of: /<svg [^>]*role="img" aria-labelledby="policy-1-title policy-1-text"/).count == 1)
    }

    @Test("the sums below the matrix leave out who is suspended")
    func sums() throws {
        let story = try Story()
        let page = try page([story.report()], story.input)
        let footer = try #require(page.firstMatch(of: /(?s)<tfoot>(.*?)<\/tfoot>/)).1
        // Carol has acknowledged and answered before she lost her identity.
        #expect(footer.matches(of: /<td>([0-9]+)<\/td>/).map { String($0.1) } == ["6", "3", "1", "3", "1"])
    }

    @Test("the lines at its end repeat the checks", arguments: ["acme.escrow", "-a 'b' \"c\" $(d) \\ \u{1b}é.escrow"])
    func repetition(name: String) throws {
        let story = try Story(name: name)
        let world = story.world
        var input = story.input
        input.certificates = CertificateInventory([.file(try Acme.certificate(.root), path: "ca.crt")])
        let lines = try #require(try Audit(of: world.escrow, with: input).report.repetition).lines
        try world.folder.write("repeat.sh", lines.map { "\($0)\n" }.joined())
        let output = try world.folder.sh("bash -e -o pipefail repeat.sh")
        let good = output.split(separator: "\n").filter { $0.hasPrefix("Good ") }
        // Two officers; receipts of four; two challenges and three proofs; a request by two; two releases; a refusal; an
        // override by two; a suspension.
        #expect(good.count == 2 + 4 + 2 + 3 + 2 + 2 + 1 + 2 + 1)
        #expect(lines.count { $0.hasPrefix("ssh-keygen -Y verify -f ") } == good.count)
        // What was altered is found.
        let receipts = world.epoch.appending("receipts")
        let receipt = try #require(try Files.names(in: receipts).first { $0.hasSuffix(".json") })
        try world.folder.write(Array("{}".utf8), to: receipts.appending(receipt))
        #expect(throws: CommandFailure.self) { try world.folder.sh("bash -e -o pipefail repeat.sh") }
    }

    @Test("a directory's name with a quote and an accent runs nothing for whoever pastes the lines at its end")
    func pastedName() throws {
        let story = try Story(name: "a'\u{301}; touch ran; '.escrow")
        let world = story.world
        try world.folder.copy(world.folder("ca.crt"), to: world.folder("c'\u{301}; touch ran; '.crt"))
        var input = story.input
        input.certificates = CertificateInventory([
            .file(try Acme.certificate(.root), path: "c'\u{301}; touch ran; '.crt")
        ])
        let lines = try #require(try Audit(of: world.escrow, with: input).report.repetition).lines
        #expect(lines.contains { $0.utf8.contains(UInt8(ascii: ";")) })
        try world.folder.write("repeat.sh", lines.map { "\($0)\n" }.joined())
        let output = try world.folder.sh("bash -e -o pipefail repeat.sh")
        #expect(output.split(separator: "\n").contains { $0.hasPrefix("Good ") })
        // A shell that knows less of what stands there runs no more of it.
        for (number, line) in lines.enumerated() {
            try world.folder.write("line-\(number).sh", line)
            _ = try? world.folder.sh("sh line-\(number).sh")
        }
        #expect(try world.folder.listing().filter { $0.hasPrefix("ran ") } == [])
    }
}
