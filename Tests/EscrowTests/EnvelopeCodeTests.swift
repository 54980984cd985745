// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Files
import Pages
import SecretSharing
import Testing

@testable import Escrow

@Suite("The codes of envelopes")
struct EnvelopeCodeTests {
    /// Somebody's code of the example's second epoch.
    private static func payload(_ kind: EnvelopeCode.Kind, _ name: String = "carol") throws -> String {
        try #require(EnvelopeCode(kind, for: Name(name), of: ExampleEscrow.epoch(1).document)).payload
    }

    @Test("what is written is read again", arguments: EnvelopeCode.Kind.allCases)
    func readAgain(kind: EnvelopeCode.Kind) throws {
        let document = try ExampleEscrow.epoch(1).document
        for (path, custodian) in document.manifest.policy.leaves {
            let code = try #require(EnvelopeCode(kind, for: custodian, of: document))
            #expect(code.path == path)
            let read = try EnvelopeCode(code.payload)
            #expect(read == code)
            #expect(read.isWhole)
            // A scanner that types while Caps Lock is on.
            #expect(try EnvelopeCode(code.payload.lowercased()) == code)
            #expect(code.payload.utf8.allSatisfy { (0x21...0x7e).contains($0) && !(0x61...0x7a).contains($0) })
        }
    }

    @Test("the example's codes are those that another program worked out", arguments: EnvelopeCode.Kind.allCases)
    func example(kind: EnvelopeCode.Kind) throws {
        let file = ExampleEscrow.file("../envelope/carol-\(kind.rawValue).txt")
        let text = String(decoding: try Files.read(file, limit: 1000), as: UTF8.self)
        let payload = try Self.payload(kind)
        #expect("\(payload)\n" == text)
    }

    @Test("nobody else has a code")
    func nobodyElse() throws {
        let document = try ExampleEscrow.epoch(1).document
        #expect(EnvelopeCode(.share, for: "mallory", of: document) == nil)
    }

    @Test("every field that is not what it has to be is named")
    func fields() throws {
        let fields = try Self.payload(.share).split(separator: "/").map(String.init)
        func refusal(_ position: Int, _ text: String) -> EnvelopeCodeError? {
            var changed = fields
            changed[position] = text
            do throws(EnvelopeCodeError) {
                _ = try EnvelopeCode(changed.joined(separator: "/"))
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal(0, "CA-ESCROWS") == .keyboard)
        #expect(refusal(1, "V2") == .version("V2"))
        #expect(refusal(1, "") == .version(""))
        #expect(refusal(2, "SHARES") == .kind("SHARES"))
        #expect(refusal(2, "LABEL") == .fieldCount(found: 10, needed: 9))
        for set in ["", String(fields[3].dropLast()), fields[3] + "00", "G" + fields[3].dropFirst()] {
            #expect(refusal(3, set) == .field(.set, found: set))
        }
        for epoch in ["", "0", "01", "-1", "+1", "1.0", "99999999999999999999"] {
            #expect(refusal(4, epoch) == .field(.epoch, found: epoch))
        }
        for path in ["", "0", "1.", "01", "1.1.1.1.1", "1001", "A"] {
            #expect(refusal(5, path) == .field(.path, found: path))
        }
        for name in ["", "OF", "1BOB", "BOB.", "B:B", String(repeating: "B", count: 49)] {
            #expect(refusal(6, name) == .field(.custodian, found: name))
        }
        for digest in ["", String(fields[7].dropLast(2)), fields[7] + "00"] {
            #expect(refusal(7, digest) == .field(.manifest, found: digest))
        }
        // The last letter holds four spare bits, which are zero.
        for box in [
            "", String(fields[8].dropLast()), fields[8] + "A", fields[8].dropLast() + "B", "1" + fields[8].dropFirst(),
        ] {
            #expect(refusal(8, box) == .field(.box, found: box))
        }
        #expect(refusal(6, "CAROL\u{212a}") == .characters)
        #expect(refusal(6, "CAR OL") == .characters)
        #expect(refusal(8, fields[8] + "/") == .fieldCount(found: 11, needed: 10))
    }

    @Test(
        "what is no code is refused",
        arguments: [
            "", "CA-", "https://example.com/", "4006381333931", " CA-ESCROW/V1/LABEL", "DE-ESCROW/V1/LABEL", "\u{0}",
        ]
    )
    func notOurs(text: String) {
        #expect(throws: EnvelopeCodeError.notOurs) { try EnvelopeCode(text) }
    }

    @Test("signs of another keyboard are known for what they are")
    func keyboard() throws {
        let payload = try Self.payload(.label)
        for typed in [
            payload.replacing("/", with: "-").replacing("-", with: "ß"), payload.replacing("/", with: "!"), "CA-ESCROZ",
        ] {
            #expect(throws: EnvelopeCodeError.keyboard) { try EnvelopeCode(typed) }
        }
    }

    @Test("a code that ends early is refused", arguments: EnvelopeCode.Kind.allCases)
    func cutShort(kind: EnvelopeCode.Kind) throws {
        let payload = try Self.payload(kind)
        for count in 0..<payload.utf8.count {
            let code = try? EnvelopeCode(String(payload.prefix(count)))
            #expect(code?.isWhole != true, "the first \(count) characters")
        }
    }

    @Test("the largest code fits the largest sheet")
    func size() throws {
        // 557 characters: version 20, level H, of ISO/IEC 18004; 97 modules and the quiet zone in 80 mm are 0.76 mm each.
        let longest = "CA-ESCROW/V1/SHARE//9999/1000.1000.1000.1000///".utf8.count + 32 + 48 + 64 + 308 + 8 + 2
        #expect(longest <= 557)
    }

    @Test("a drawing of a code is read module by module")
    func symbol() throws {
        let size = 21
        let rows = (0..<size).map { y in (0..<size).map { x in (x * y + x) % 3 == 0 } }
        let drawing = rows.map { $0.map { $0 ? "##" : "  " }.joined() + "\n" }.joined()
        #expect(try #require(QRSymbol(ascii: Array(drawing.utf8))).rows == rows)
        var page = HTMLWriter()
        try #require(QRSymbol(ascii: Array(drawing.utf8))).draw(in: &page, class: "share", title: "<a>")
        #expect(page.html.contains("viewBox=\"0 0 29 29\"") && page.html.contains("aria-label=\"&lt;a&gt;\""))
        #expect(page.html.contains("M4 4h1v1h-1z"))
        let bad = [
            "", "\n", String(drawing.dropLast()), drawing + "\n", String(drawing.dropFirst(43)), drawing + drawing,
            drawing.replacing("##", with: "# ", maxReplacements: 1), drawing.replacing("##", with: "XX"),
        ]
        for text in bad {
            #expect(QRSymbol(ascii: Array(text.utf8)) == nil)
        }
    }
}
