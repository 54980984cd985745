// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation
import Testing

@testable import Custody
@testable import Encoding

@Suite("Characters that do not show")
struct HiddenCharacterTests {
    @Test(
        "a text with one of them is refused",
        arguments: [
            0x00, 0x1f, 0x7f, 0x9f, 0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x180b, 0x180f, 0x200b, 0x200f, 0x2028,
            0x202e, 0x2060, 0x206f, 0x3164, 0xe000, 0xf8ff, 0xfdd0, 0xfdef, 0xfe00, 0xfe0f, 0xfeff, 0xffa0, 0xfff0,
            0xfffb,
            0xfffe, 0xffff, 0x1bca0, 0x1bca3, 0x1d173, 0x1d17a, 0xe0000, 0xe1000, 0xf0000, 0x10ffff,
        ] as [UInt32]
    )
    func hidden(value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        #expect(scalar.isHidden && !TextRule.allows("a\(scalar)b"))
    }

    @Test(
        "their neighbours are not, nor is what no table of Unicode knows yet",
        arguments: [
            0x20, 0x7e, 0xa0, 0xac, 0xae, 0x34e, 0x350, 0x115e, 0x1161, 0x180a, 0x1810, 0x200a, 0x2010, 0x2027, 0x202f,
            0x205f,
            0x2070, 0x3163, 0x3165, 0xd7ff, 0xf900, 0xfdcf, 0xfdf0, 0xfe10, 0xfefe, 0xff9f, 0xffa1, 0xffef, 0xfffc,
            0xfffd,
            0x1bc9f, 0x1bca4, 0x1d172, 0x1d17b, 0x2ffff, 0xdffff,
        ] as [UInt32]
    )
    func shown(value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        #expect(!scalar.isHidden && TextRule.allows("a\(scalar)b"))
    }

    @Test("they are those of docs/format.md, Annex B, of all code points, and no other")
    func specification() throws {
        let path = URL(filePath: #filePath).appending(path: "../../../docs/format.md").standardized
        let text = try String(contentsOf: path, encoding: .utf8)
        func listed(_ title: String) throws -> [ClosedRange<UInt32>] {
            let start = try #require(text.range(of: "**\(title)**: U+"))
            let end = try #require(text[start.upperBound...].range(of: ".\n"))
            return try text[start.upperBound..<end.lowerBound].split { ", \n".contains($0) }.map { part in
                let ends = try part.split(separator: "-").map { try #require(UInt32($0, radix: 16)) }
                return ends[0]...ends[ends.count - 1]
            }
        }
        func isIn(_ list: [ClosedRange<UInt32>], _ value: UInt32) -> Bool { list.contains { $0.contains(value) } }
        let (hidden, blank) = (try listed("Hidden"), try listed("Blanks"))
        #expect(hidden.count == 22 && blank.count == 8)
        let differing = (UInt32.min...0x10ffff).filter { value in
            Unicode.Scalar(value).map { $0.isHidden != isIn(hidden, value) || $0.isBlank != isIn(blank, value) }
                ?? false
        }
        #expect(differing.isEmpty)
    }

    @Test(
        "blanks alone say nothing",
        arguments: [" ", "   ", "\u{a0}", "\u{3000}\u{2003}", "\u{2800}", "\u{1680}\u{202f}\u{205f}"]
    )
    func blanks(text: String) {
        #expect(!TextRule.allows(text) && TextRule.allows(text + "a"))
    }
}
