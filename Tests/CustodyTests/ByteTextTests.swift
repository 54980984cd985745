// SPDX-License-Identifier: Apache-2.0

import Files
import Testing

/// Text where Swift's own operations go by characters, and these do not.
@Suite("Text by its bytes") struct ByteTextTests {
    @Test("two spellings of one letter are two texts, and look-alikes of ASCII are not ASCII")
    func equality() {
        let pairs = [("\u{e9}", "e\u{301}"), ("K", "\u{212a}"), (";", "\u{37e}"), ("`", "\u{1fef}"), ("a", "a\u{301}")]
        for (left, right) in pairs {
            #expect(left.isEqual(bytesOf: left) && !left.isEqual(bytesOf: right) && !right.isEqual(bytesOf: left))
            #expect(left.precedes(bytesOf: right) != right.precedes(bytesOf: left))
            #expect([right].contains(bytesOf: right) && ![right].contains(bytesOf: left))
            #expect([left, right, left].distinctByBytes().count == 2)
        }
        #expect(["b", "\u{e9}", "e\u{301}", "a"].sortedByBytes().map { Array($0.utf8) }.first == [0x61])
    }

    @Test("a start and an end are found whatever accent follows, and what is left has every byte")
    func ends() throws {
        #expect("-\u{301}x".hasPrefix(bytesOf: "-") && !"\u{e9}".hasPrefix(bytesOf: "e"))
        #expect("e\u{301}".hasSuffix(bytesOf: "\u{301}") && !"x".hasSuffix(bytesOf: "xx"))
        #expect(try #require("sql:\u{301}a".rest(after: "sql:")).utf8.elementsEqual("\u{301}a".utf8))
        #expect(try #require("a\u{301}.sig".rest(before: ".sig")).utf8.elementsEqual("a\u{301}".utf8))
        #expect("a".rest(after: "b") == nil && "a".rest(before: "b") == nil)
        #expect("\r\n".rest(before: "\n") == "\r")
        let sides = try #require("a.json.\u{301}b.json.c".sides(of: ".json."))
        #expect(sides.before == "a" && sides.behind.utf8.elementsEqual("\u{301}b.json.c".utf8))
        #expect("a.json".sides(of: ".json.") == nil)
    }

    @Test("a separator separates whatever accent follows")
    func parts() {
        #expect("a/\u{301}b//".parts(between: "/").map { Array($0.utf8) } == [[0x61], [0xcc, 0x81, 0x62], [], []])
        #expect("a=b=c".parts(between: "=", maxSplits: 1) == ["a", "b=c"])
        #expect("".parts(between: "/") == [""])
        #expect("a\r\nb\n\n".words(between: "\n") == ["a\r", "b"])
        #expect("x;\u{37e}".parts(between: ";").count == 2)
        #expect("'\u{301}".contains(byte: "'") && !"\u{37e}".contains(byte: ";"))
    }

    @Test("what is replaced is found byte for byte, from the start on")
    func replacing() {
        #expect("'\u{301}'".replacing(bytesOf: "'", with: "\\'").utf8.elementsEqual("\\'\u{301}\\'".utf8))
        #expect("aaa".replacing(bytesOf: "aa", with: "b") == "ba")
        #expect("a\r\nb".replacing(bytesOf: "\r\n", with: "\n") == "a\nb")
    }

    @Test("letters of ASCII alone change their case")
    func letterCase() {
        #expect("AbK\u{212a}\u{c9}".lowercasedASCII.utf8.elementsEqual("abk\u{212a}\u{c9}".utf8))
        #expect("abz\u{e9}\u{17f}".uppercasedASCII.utf8.elementsEqual("ABZ\u{e9}\u{17f}".utf8))
    }
}
