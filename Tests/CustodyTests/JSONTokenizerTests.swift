// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Custody
@testable import Encoding

@Suite("JSON in any layout")
struct JSONTokenizerTests {
    private func read(_ text: String) throws -> JSONValue { try JSONValue(anyLayout: Array(text.utf8)) }

    @Test(
        "layout, order and escapes are the writer's",
        arguments: [
            "{\n  \"a\": \"é\\\\\",\n  \"b\": [\n    1,\n    true\n  ]\n}\n", "{\"b\":[1,true],\"a\":\"é\\\\\"}",
            "\t{ \"b\" :\r\n[ 1 , true ] , \"\\u0061\" : \"\\u00e9\\\\\" } \n\n",
        ]
    )
    func layouts(text: String) throws {
        #expect(try read(text) == .object(["a": .string("é\\"), "b": .array([.integer(1), .boolean(true)])]))
    }

    @Test("every escape of JSON is read, and brackets may be empty")
    func escapes() throws {
        #expect(try read(#""\"\\\/\b\f\n\r\t\u00E9\ud83d\ude00\u0000""#) == .string("\"\\/\u{8}\u{c}\n\r\té😀\0"))
        #expect(try read("[ {}, [ ] ]") == .array([.object([:]), .array([])]))
    }

    /// What no reader of ours takes, with where it is noticed.
    static let refusals: [(String, Int, Int, String)] = [
        ("", 1, 1, JSONTokenizer.values), ("{", 1, 2, "a key in quotation marks"), ("[1,]", 1, 4, JSONTokenizer.values),
        ("{\"a\": 1,\n}", 2, 1, "a key in quotation marks"), ("{\"a\": 1\n \"b\": 2}", 2, 2, "',' or '}'"),
        ("[1}", 1, 3, "',' or ']'"), ("{]", 1, 2, "a key in quotation marks"),
        ("{\"é\": 1}", 1, 2, "a key of letters and digits"),
        ("{\"\": 1}", 1, 2, "a key of letters and digits"), ("{\"a\" 1}", 1, 6, "':'"),
        ("{a: 1}", 1, 2, "a key in quotation marks"),
        ("// x\n{}", 1, 1, JSONTokenizer.values), ("{} // x", 1, 4, "the end of the document"),
        ("{} {}", 1, 4, "the end of the document"), ("\u{feff}{}", 1, 1, "no byte-order mark"),
        ("[\"é\", nul]", 1, 7, "'null'"), ("[null]", 1, 2, JSONTokenizer.values),
        ("[-1]", 1, 2, JSONTokenizer.integers),
        ("[1.5]", 1, 2, JSONTokenizer.integers), ("[1e3]", 1, 2, JSONTokenizer.integers),
        ("[9007199254740992]", 1, 2, JSONTokenizer.integers), ("[1.]", 1, 4, "a digit"), ("[-]", 1, 3, "a digit"),
        ("[1e+]", 1, 5, "a digit"), ("[01]", 1, 2, JSONTokenizer.integers), ("[+1]", 1, 2, JSONTokenizer.values),
        ("\"a", 1, 3, "'\"'"), ("\"\t\"", 1, 2, "no control character in a string"),
        ("\"\\x\"", 1, 3, "an escape that JSON has"),
        ("\"\\", 1, 3, "an escape that JSON has"), ("\"\\u12g4\"", 1, 4, "four hexadecimal digits"),
        ("\"\\u+123\"", 1, 4, "four hexadecimal digits"), ("\"\\ud800\"", 1, 8, "the second half of a surrogate pair"),
        ("\"\\ud800\\u0041\"", 1, 14, "the second half of a surrogate pair"),
        ("\"\\udc00\"", 1, 8, "no second half of a surrogate pair"),
    ]

    @Test("what is no JSON is refused with line and column", arguments: refusals)
    func refused(text: String, line: Int, column: Int, what: String) {
        #expect(throws: JSONSyntaxError(.expected(what), line: line, column: column)) { try read(text) }
    }

    @Test("keys that come twice, depth and broken UTF-8 are refused where they stand")
    func hostile() throws {
        #expect(throws: JSONSyntaxError(.duplicate(key: "a"), line: 2, column: 3)) {
            try read("{\"a\": 1,\n  \"\\u0061\": [2\n]}")
        }
        #expect(throws: JSONSyntaxError(.tooDeep(limit: 12), line: 1, column: 13)) {
            try read(String(repeating: "[", count: 60_000))
        }
        #expect(throws: JSONSyntaxError(.tooDeep(limit: 12), line: 1, column: 61)) {
            try read(String(repeating: "{\"a\":", count: 60_000))
        }
        #expect(try read(String(repeating: "[", count: 12) + String(repeating: "]", count: 12)) != .array([]))
        for (bytes, column) in [([0x61, 0xff], 2), ([0xff, 0x61], 1), ([0x22, 0xc3, 0xa9, 0xc0, 0x80, 0x22], 3)] {
            #expect(throws: JSONSyntaxError(.notUTF8, line: 1, column: column)) {
                try JSONValue(anyLayout: bytes.map(UInt8.init))
            }
        }
        let error = JSONSyntaxError(.duplicate(key: "ro\u{1b}t"), line: 2, column: 7)
        #expect(error.description == "line 2, column 7: key 'ro\\u{1b}t' stands there twice")
    }
}
