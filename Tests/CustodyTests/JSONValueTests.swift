// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import Custody
@testable import Encoding

@Suite("Canonical documents")
struct JSONValueTests {
    static let integer = "an integer from 0 to 9007199254740991, in digits"
    static let value = "a string, an integer, true, false, an array or an object"
    static let escape = "no escape but \\\" and \\\\"

    /// What another reader might take, and why it is refused here.
    static let hostile: [(String, DocumentError)] = [
        ("{\n  \"a\": 1.0\n}\n", .syntax(line: 2, expected: integer)),
        ("{\n  \"a\": 1e2\n}\n", .syntax(line: 2, expected: integer)),
        ("{\n  \"a\": 1E2\n}\n", .syntax(line: 2, expected: integer)),
        ("{\n  \"a\": -0\n}\n", .syntax(line: 2, expected: integer)),
        ("{\n  \"a\": -1\n}\n", .syntax(line: 2, expected: integer)),
        ("{\n  \"a\": 01\n}\n", .syntax(line: 2, expected: integer)),
        ("{\n  \"a\": 00\n}\n", .syntax(line: 2, expected: integer)),
        ("{\n  \"a\": 9007199254740992\n}\n", .syntax(line: 2, expected: integer)),
        ("{\n  \"a\": 18446744073709551617\n}\n", .syntax(line: 2, expected: integer)),
        ("{\n  \"a\": +1\n}\n", .syntax(line: 2, expected: value)),
        ("{\n  \"a\": .5\n}\n", .syntax(line: 2, expected: value)),
        ("{\n  \"a\": NaN\n}\n", .syntax(line: 2, expected: value)),
        ("{\n  \"a\": null\n}\n", .syntax(line: 2, expected: value)),
        ("{\n  \"a\": True\n}\n", .syntax(line: 2, expected: value)),
        ("{\n  \"a\": 'b'\n}\n", .syntax(line: 2, expected: value)),
        ("{\n  \"a\": tru\n}\n", .syntax(line: 2, expected: "'true'")),
        ("\u{feff}{\n  \"a\": 1\n}\n", .syntax(line: 1, expected: "no byte-order mark")),
        ("{\n  \"a\": 1,\n  \"a\": 2\n}\n", .duplicate(key: "a", line: 3)),
        ("{\n  \"a\": 1,\n  \"b\": 2,\n  \"a\": 1\n}\n", .duplicate(key: "a", line: 4)),
        ("{\n  \"a\": \"\\/\"\n}\n", .syntax(line: 2, expected: escape)),
        ("{\n  \"a\": \"\\u0041\"\n}\n", .syntax(line: 2, expected: escape)),
        ("{\n  \"\\u0061\": 1\n}\n", .syntax(line: 2, expected: escape)),
        ("{\n  \"a\": \"\\n\"\n}\n", .syntax(line: 2, expected: escape)),
        ("{\n  \"a\": \"\\", .syntax(line: 2, expected: escape)),
        ("{\n  \"a\": \"b", .syntax(line: 2, expected: "'\"'")),
        ("{\n  \"a\": \"\t\"\n}\n", .syntax(line: 2, expected: "no control character in a string")),
        ("{\n  \"a\": \"\n\"\n}\n", .syntax(line: 2, expected: "no control character in a string")),
        ("{\r\n  \"a\": 1\r\n}\r\n", .notCanonical(line: 1)),
        ("{\n  \"a\": 1,\n}\n", .syntax(line: 3, expected: "a key in quotation marks")),
        ("[\n  1,\n]\n", .syntax(line: 3, expected: value)),
        ("{\n  \"a\": 1\n}\n{}", .syntax(line: 4, expected: "the end of the document")),
        ("{\n  \"a\": 1\n}\n\u{0}", .syntax(line: 4, expected: "the end of the document")),
        ("{\n  \"a\": 1\n}\n\n", .notCanonical(line: 4)),
        ("{\n  \"a\": 1\n}", .notCanonical(line: 3)),
        (" {\n  \"a\": 1\n}\n", .notCanonical(line: 1)),
        ("{\"a\":1}\n", .notCanonical(line: 1)),
        ("{\n  \"a\" : 1\n}\n", .notCanonical(line: 2)),
        ("{\n    \"a\": 1\n}\n", .notCanonical(line: 2)),
        ("{\n\t\"a\": 1\n}\n", .notCanonical(line: 2)),
        ("{\n  \"a\": 1, \n  \"b\": 1\n}\n", .notCanonical(line: 2)),
        ("{\n  \"b\": 1,\n  \"a\": 1\n}\n", .notCanonical(line: 2)),
        ("{\n  \"a\": 1,\n  \"B\": 1\n}\n", .notCanonical(line: 2)),
        ("{}\n", .syntax(line: 1, expected: "something between the brackets")),
        ("{\n  \"a\": []\n}\n", .syntax(line: 2, expected: "something between the brackets")),
        ("{\n  \"a\": {\n  }\n}\n", .syntax(line: 3, expected: "something between the brackets")),
        ("{\n  \"\": 1\n}\n", .syntax(line: 2, expected: "a key of letters and digits")),
        ("{\n  \"a b\": 1\n}\n", .syntax(line: 2, expected: "a key of letters and digits")),
        ("{\n  \"é\": 1\n}\n", .syntax(line: 2, expected: "a key of letters and digits")),
        ("{\n  a: 1\n}\n", .syntax(line: 2, expected: "a key in quotation marks")),
        ("{\n  \"a\" 1\n}\n", .syntax(line: 2, expected: "':'")),
        ("{\n  \"a\": 1\n  \"b\": 1\n}\n", .syntax(line: 3, expected: "',' or '}'")),
        ("[\n  1\n}\n", .syntax(line: 3, expected: "',' or ']'")),
        ("/* */{\n  \"a\": 1\n}\n", .syntax(line: 1, expected: value)),
        ("", .syntax(line: 1, expected: value)),
        ("{", .syntax(line: 1, expected: "a key in quotation marks")),
    ]

    @Test("a hostile spelling is refused for its own reason", arguments: hostile)
    func refused(text: String, reason: DocumentError) {
        #expect(throws: reason) { try JSONValue(canonical: Array(text.utf8)) }
    }

    @Test(
        "bytes that are no UTF-8 are refused",
        arguments: [[0xff, 0xfe, 0x7b, 0], [0x22, 0xc0, 0x80, 0x22, 0x0a]] as [[UInt8]]
    )
    func notUTF8(bytes: [UInt8]) {
        #expect(throws: DocumentError.notUTF8) { try JSONValue(canonical: bytes) }
        #expect(throws: DocumentError.syntax(line: 1, expected: "a key in quotation marks")) {
            try JSONValue(canonical: Array("{}".utf8).flatMap { [$0, 0] })
        }
    }

    @Test("nesting goes 12 deep and no deeper")
    func depth() throws {
        let twelve = (0..<12).reduce(JSONValue.integer(1)) { value, _ in .array([value]) }
        #expect(try JSONValue(canonical: twelve.encoded()) == twelve)
        let thirteen = Array(String(repeating: "[", count: 13).utf8)
        #expect(throws: DocumentError.tooDeep(line: 1)) { try JSONValue(canonical: thirteen) }
    }

    @Test("strings are told apart by their bytes")
    func bytes() throws {
        let (composed, decomposed) = (JSONValue.string("\u{e9}"), JSONValue.string("e\u{301}"))
        #expect(composed != decomposed)
        #expect(try JSONValue(canonical: decomposed.encoded()) == decomposed)
        #expect(decomposed.encoded() == [0x22, 0x65, 0xcc, 0x81, 0x22, 0x0a])
    }

    @Test(
        "four megabytes of nonsense are refused, and end",
        .timeLimit(.minutes(10)),  // quadratic time would take hours
        arguments: ["[", "1", "\"", "\"a\":", "{\"a\":", "[1],", "[\n1,1", "\\\\", " ", "{\"a\":1}", "\u{e9}"]
    )
    func large(unit: String) {
        let bytes = Array(String(repeating: unit, count: (4 << 20) / unit.utf8.count).utf8)
        #expect(throws: DocumentError.self) { try JSONValue(canonical: bytes) }
    }

    @Test("a large document is read")
    func largeAndGood() throws {
        let person = JSONValue.object(["box": .string(String(repeating: "A", count: 256)), "path": .string("1.2.3")])
        let bytes = JSONValue.object(["people": .array(Array(repeating: person, count: 12_000))]).encoded()
        #expect(bytes.count > 3 << 20)
        #expect(try JSONValue(canonical: bytes).encoded() == bytes)
    }
}

@Suite("Canonical documents and Python's json.dumps")
struct JSONPythonTests {
    @Test("Python writes our random documents in the same bytes", arguments: [1, 2, 3] as [UInt64])
    func agreement(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let documents = (0..<150).map { _ in Self.document(&random) }
        let folder = try TemporaryFolder()
        for (index, document) in documents.enumerated() {
            try folder.write(document.encoded(), to: "\(index)")
        }
        let program = """
            import json
            for index in range(\(documents.count)):
                data = open(str(index), "rb").read()
                value = json.loads(data.decode())
                text = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\\n"
                assert text.encode() == data, index
            """
        #expect(try folder.run(["python3", "-c", program]).status == 0)
        for document in documents {
            #expect(try JSONValue(canonical: document.encoded()) == document)
        }
    }

    private static func document(_ random: inout SeededGenerator, depth: Int = 0) -> JSONValue {
        switch Int.random(in: depth < 5 ? 0..<6 : 2..<6, using: &random) {
        case 0:
            return .array((0..<Int.random(in: 1...4, using: &random)).map { _ in document(&random, depth: depth + 1) })
        case 1:
            let keys = (0..<Int.random(in: 1...5, using: &random)).map { _ in key(&random) }
            return .object(Dictionary(keys.map { ($0, document(&random, depth: depth + 1)) }) { first, _ in first })
        case 2: return .boolean(Bool.random(using: &random))
        case 3: return .integer(UInt64.random(in: 0...JSONValue.maximumInteger, using: &random))
        case 4: return .integer(UInt64.random(in: 0...11, using: &random))
        default: return .string(text(&random))
        }
    }

    private static func key(_ random: inout SeededGenerator) -> String {
        let characters = Array("abAB019zZ")
        return String(
            (0..<Int.random(in: 1...4, using: &random)).map { _ in characters.randomElement(using: &random) ?? "a" }
        )
    }

    private static func text(_ random: inout SeededGenerator) -> String {
        let scalars = Array("ab \"\\/<&\u{7f}\u{80}é\u{301}漢😀\u{2028}\u{feff}\u{10ffff}".unicodeScalars)
        let length = Int.random(in: 0...12, using: &random)
        return (0..<length).map { _ in String(scalars.randomElement(using: &random) ?? "a") }.joined()
    }
}
