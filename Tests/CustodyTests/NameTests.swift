// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Custody
@testable import Encoding

@Suite("Names")
struct NameTests {
    static let longest = String(repeating: "a", count: 48)

    @Test(
        "a name follows the grammar",
        arguments: [
            "a", "alice", "bob2", "erin.smith@example.com", "a_b", "a-b+c", "x1.2", "off", "com10", "com", "lpt",
            "console",
            "a.con", "com1x", longest,
        ]
    )
    func good(text: String) throws {
        #expect(try Name(text).description == text)
    }

    @Test(
        "any other text is refused for its own reason",
        arguments: [
            ("", .empty), (longest + "a", .tooLong(byteCount: 49)), ("Alice", .character("A", in: "Alice")),
            ("a b", .character(" ", in: "a b")), ("a/b", .character("/", in: "a/b")),
            ("a\n", .character("\n", in: "a\n")),
            ("zoë", .character("ë", in: "zoë")), ("zoe\u{308}", .character("\u{308}", in: "zoe\u{308}")),
            ("a*", .character("*", in: "a*")), ("1a", .firstIsNoLetter("1a")), (".a", .firstIsNoLetter(".a")),
            ("-rf", .firstIsNoLetter("-rf")), ("a.", .lastIsSeparator("a.")), ("a-", .lastIsSeparator("a-")),
            ("a..b", .adjoiningSeparators("a..b")), ("a.@b", .adjoiningSeparators("a.@b")), ("of", .reserved("of")),
            ("con", .reserved("con")), ("nul.txt", .reserved("nul.txt")), ("com0", .reserved("com0")),
            ("com1.a", .reserved("com1.a")), ("lpt9", .reserved("lpt9")), ("aux", .reserved("aux")),
            ("prn", .reserved("prn")),
        ] as [(String, NameError)]
    )
    func refused(text: String, reason: NameError) {
        #expect(throws: reason) { try Name(text) }
    }

    @Test("names are ordered by their bytes")
    func order() throws {
        let names = try ["b", "a+b", "a-b", "a", "a.b", "a@b", "a1", "a_b"].map { try Name($0) }
        #expect(names.sorted().map(\.description) == ["a", "a+b", "a-b", "a.b", "a1", "a@b", "a_b", "b"])
    }
}
