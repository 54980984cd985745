// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Foundation
import Testing

@testable import Escrow

/// The same manifest in other bytes: each document has one spelling.
@Suite struct ManifestSpellingTests {
    let text: String

    init() throws {
        text = String(decoding: try SampleManifest.first.encoded(), as: UTF8.self)
    }

    /// The line, from 1, in which a text first stands.
    private func line(of part: String, in text: String) throws -> Int {
        let start = try #require(text.range(of: part)).lowerBound
        return text[..<start].utf8.count { $0 == UInt8(ascii: "\n") } + 1
    }

    private static let integer = "an integer from 0 to 9007199254740991, in digits"
    private static let value = "a string, an integer, true, false, an array or an object"

    @Test(
        "numbers have one spelling",
        arguments: [
            ("1.0", integer), ("1e2", integer), ("1E0", integer), ("01", integer), ("-1", integer), ("-0", integer),
            ("9007199254740992", integer), ("99999999999999999999999999", integer), ("+1", value), (".1", value),
            ("0x1", "',' or '}'"), ("1_0", "',' or '}'"), ("NaN", value), ("null", value), ("True", value),
        ]
    )
    func numbers(spelling: String, expected: String) throws {
        let altered = text.replacing("\"epoch\": 1,", with: "\"epoch\": \(spelling),")
        let line = try line(of: "\"epoch\"", in: altered)
        #expect(throws: ManifestError.document(.syntax(line: line, expected: expected))) {
            try Manifest(canonical: Array(altered.utf8))
        }
    }

    @Test("a key that stands there twice is named, even with the same value")
    func duplicates() throws {
        let altered = text.replacing("\"epoch\": 1,", with: "\"epoch\": 1,\n  \"epoch\": 1,")
        let line = try line(of: "\"epoch\"", in: altered) + 1
        #expect(throws: ManifestError.document(.duplicate(key: "epoch", line: line))) {
            try Manifest(canonical: Array(altered.utf8))
        }
    }

    @Test("characters are not escaped", arguments: ["\\u0061lice", "a\\u006cice", "\\/alice", "alice\\n", "\\alice"])
    func escapes(spelling: String) throws {
        let altered = text.replacing("\"alice\"", with: "\"\(spelling)\"")
        let line = try line(of: spelling, in: altered)
        #expect(throws: ManifestError.document(.syntax(line: line, expected: "no escape but \\\" and \\\\"))) {
            try Manifest(canonical: Array(altered.utf8))
        }
    }

    @Test("no byte-order mark stands at the start")
    func byteOrderMark() throws {
        #expect(throws: ManifestError.document(.syntax(line: 1, expected: "no byte-order mark"))) {
            try Manifest(canonical: [0xef, 0xbb, 0xbf] + Array(text.utf8))
        }
    }

    @Test("other encodings are refused")
    func encodings() throws {
        #expect(throws: ManifestError.document(.syntax(line: 1, expected: Self.value))) {
            // UTF-16, whose zero bytes are UTF-8 too.
            try Manifest(canonical: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] })
        }
        #expect(throws: ManifestError.document(.notUTF8)) {
            try Manifest(canonical: [0xff, 0xfe] + text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
        }
        for bad in [[0x80], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]] as [[UInt8]] {
            #expect(throws: ManifestError.document(.notUTF8)) {
                try Manifest(canonical: Array(text.utf8) + bad)
            }
        }
    }

    @Test("spaces, line ends and order are as they are")
    func layout() throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let count = lines.count - 1
        var swapped = lines
        let created = try line(of: "\"created\"", in: text) - 1
        swapped.swapAt(created, created + 1)
        let cases: [(String, Int)] = [
            (text.replacing("\n", with: "\r\n"), 1), (text.replacing("  ", with: "\t"), 2),
            (text.replacing("\": ", with: "\":"), 2), (text.replacing("\": ", with: "\" : "), 2),
            (text.replacing(",\n", with: ", \n"), 5), (" " + text, 1), ("\n" + text, 1),
            (lines.joined(), 1), (swapped.joined(separator: "\n"), created + 1), (text + "\n", count + 1),
            (text + " ", count + 1), (String(text.dropLast()), count),
        ]
        for (altered, line) in cases {
            #expect(throws: ManifestError.document(.notCanonical(line: line)), "\(altered.prefix(40))") {
                try Manifest(canonical: Array(altered.utf8))
            }
        }
    }

    @Test("nothing follows the document")
    func trailingData() throws {
        let line = text.split(separator: "\n", omittingEmptySubsequences: false).count
        for more in ["x", "{}", text, "\u{0}"] {
            #expect(throws: ManifestError.document(.syntax(line: line, expected: "the end of the document"))) {
                try Manifest(canonical: Array((text + more).utf8))
            }
        }
    }

    @Test("a title in two characters for one letter is another title, and kept as it is")
    func normalisation() throws {
        let composed = try SampleManifest.first.setting("title", to: .string("Caf\u{e9}")).encoded()
        let decomposed = try SampleManifest.first.setting("title", to: .string("Cafe\u{301}")).encoded()
        #expect(composed != decomposed)
        for bytes in [composed, decomposed] {
            let manifest = try Manifest(canonical: bytes)
            #expect(manifest.encoded() == bytes)
        }
        #expect(try Manifest(canonical: composed).headDigest != Manifest(canonical: decomposed).headDigest)
    }

    @Test("empty brackets stand nowhere")
    func empty() throws {
        for (key, brackets) in [("certificates", "[]"), ("people", "[ ]"), ("previous", "{}"), ("title", "[]")] {
            let altered = text.replacing("{\n  \"approval\"", with: "{\n  \"\(key)\": \(brackets),\n  \"approval\"")
            #expect(throws: ManifestError.document(.syntax(line: 2, expected: "something between the brackets"))) {
                try Manifest(canonical: Array(altered.utf8))
            }
        }
    }

    @Test("no beginning of a manifest is a manifest")
    func beginnings() throws {
        let bytes = Array(text.utf8)
        for count in stride(from: 0, to: bytes.count, by: 23) {
            do {
                _ = try Manifest(canonical: Array(bytes[..<count]))
                Issue.record("\(count) bytes are read")
            } catch {
                guard case .document(.syntax) = error else {
                    Issue.record("\(count) bytes: \(error)")
                    continue
                }
            }
        }
    }
}
