// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Custody
@testable import Encoding

@Suite("Fields")
struct FieldsTests {
    /// Reads member `a` of an object that holds it under `people[0]`.
    private func read(_ value: JSONValue, _ body: (inout Fields) throws -> Void) throws {
        let document = JSONValue.object(["people": .array([.object(["a": value])])])
        var fields = try Fields(document)
        _ = try fields.list("people") { item, path throws(DocumentError) in (item, path) }.map { item, path in
            var person = try Fields(item, at: path)
            try body(&person)
            try person.finish()
        }
        try fields.finish()
    }

    @Test("a member of the wrong type is named by its path")
    func wrongType() throws {
        let path = "people[0].a"
        let readers: [(String, (inout Fields) throws -> Void)] = [
            ("a string", { _ = try $0.take("a", .string) }), ("a string", { _ = try $0.take("a", .text) }),
            ("an integer", { _ = try $0.take("a", .integer()) }), ("true or false", { _ = try $0.take("a", .boolean) }),
            ("a string", { _ = try $0.take("a", .hex(byteCount: 1)) }), ("a string", { _ = try $0.take("a", .digest) }),
            ("a string", { _ = try $0.take("a", .timestamp) }), ("a string", { _ = try $0.take("a", .name) }),
            ("an object", { _ = try $0.object("a") }), ("an array", { _ = try $0.list("a") { value, _ in value } }),
        ]
        for (expected, reader) in readers {
            let value: JSONValue = expected == "an array" ? .boolean(true) : .array([.boolean(true)])
            #expect(throws: DocumentError.wrongType(field: path, expected: expected)) { try read(value, reader) }
        }
    }

    @Test("a member of the wrong value is named by its path")
    func wrongValue() throws {
        let readers: [(JSONValue, String, (inout Fields) throws -> Void)] = [
            (.string("é"), "printable ASCII", { _ = try $0.take("a", .string) }),
            (.string("\u{7f}"), "printable ASCII", { _ = try $0.take("a", .string) }),
            (.integer(5), "an integer from 1 to 4", { _ = try $0.take("a", .integer(in: 1...4)) }),
            (.string("AB"), "2 lower-case hexadecimal digits", { _ = try $0.take("a", .hex(byteCount: 1)) }),
            (.string("abab"), "2 lower-case hexadecimal digits", { _ = try $0.take("a", .hex(byteCount: 1)) }),
            (.string("Zh=="), "base64 of 1 bytes", { _ = try $0.take("a", .base64(byteCount: 1)) }),
            (.string(""), "base64", { _ = try $0.take("a", .base64()) }),
            (.string("ab"), "64 lower-case hexadecimal digits", { _ = try $0.take("a", .digest) }),
            (.string("2026"), "a time like 2026-03-01T12:00:00Z", { _ = try $0.take("a", .timestamp) }),
            (.string("y"), "x or z", { _ = try $0.take("a", .word(among: ["x", "z"])) }),
            (.string("ssh-rsa A"), "an Ed25519 key of OpenSSH without comment", { _ = try $0.take("a", .signingKey) }),
            (
                .string(String(repeating: "0", count: 64)), "an X25519 key in canonical form and of full order",
                { _ = try $0.take("a", .sealingKey) }
            ),
        ]
        for (value, expected, reader) in readers {
            #expect(throws: DocumentError.wrongValue(field: "people[0].a", expected: expected)) {
                try read(value, reader)
            }
        }
    }

    @Test("a key in a document has no comment")
    func keyWithComment() throws {
        let key = try Identity.test().signingKey
        try read(.string(key.openSSH)) { fields in
            let found = try fields.take("a", .signingKey)
            #expect(found == key)
        }
        let expected = "an Ed25519 key of OpenSSH without comment"
        for text in [key.openSSH + " alice", key.openSSH + "\n", key.openSSH + " ", " " + key.openSSH] {
            #expect(throws: DocumentError.wrongValue(field: "people[0].a", expected: expected)) {
                try read(.string(text)) { _ = try $0.take("a", .signingKey) }
            }
        }
    }

    @Test("members that are missing, unknown or named wrongly are told")
    func presence() throws {
        #expect(throws: DocumentError.unknown(field: "people[0].a")) { try read(.integer(1)) { _ in } }
        #expect(throws: DocumentError.missing(field: "people[0].b")) {
            try read(.integer(1)) { _ = try $0.take("b", .string) }
        }
        #expect(throws: DocumentError.wrongName(field: "people[0].a", .reserved("of"))) {
            try read(.string("of")) { _ = try $0.take("a", .name) }
        }
        #expect(throws: DocumentError.wrongFormat(found: "ca-escrow/v1/card", expected: "ca-escrow/v1/identity")) {
            var fields = try Fields(.object(["format": .string("ca-escrow/v1/card")]))
            try fields.format(expecting: .identity)
        }
        #expect(throws: DocumentError.wrongType(field: "", expected: "an object")) { _ = try Fields(.integer(1)) }
    }

    @Test("what is optional may be absent")
    func optional() throws {
        try read(.string("x")) { fields in
            let (absentText, absentTime) = (
                try fields.take("b", .optional(.text)), try fields.take("b", .optional(.timestamp))
            )
            let absentList = try fields.optionalList("b") { value, _ in value }
            let text = try fields.take("a", .optional(.text))
            let isStillThere = fields.has("a")
            #expect(absentText == nil && absentTime == nil && absentList == [])
            #expect(text == "x" && !isStillThere)
        }
    }

    static let allowedTexts = [
        "x", "Zoë", "Zoe\u{308}", "漢字 😀", String(repeating: "é", count: 500), "\u{a0}x",
    ]
    static let forbiddenTexts = [
        "", "\n", "\t", "\u{0}", "\u{7f}", "\u{85}", "\u{ad}", "\u{61c}", "\u{200b}", "\u{200f}", "\u{2028}",
        "\u{202e}",
        "\u{2060}", "\u{206f}", "\u{fe0f}", "\u{feff}", "\u{fffb}", "\u{e0041}", "\u{e0fff}",
        String(repeating: "x", count: 501), "a\r\nb",
    ]

    @Test("text may be in any language", arguments: allowedTexts)
    func text(text: String) {
        #expect(TextRule.allows(text))
    }

    @Test("nothing in a text is invisible", arguments: forbiddenTexts)
    func invisible(text: String) {
        #expect(!TextRule.allows(text))
    }

    @Test("a format and its namespace agree")
    func format() {
        #expect(DocumentFormat("rotation-offer").namespace == "ca-escrow-rotation-offer-v1")
        #expect(DocumentFormat(format: "ca-escrow/v1/manifest") == DocumentFormat("manifest"))
        for text in ["ca-escrow/v2/manifest", "ca-escrow/v1/", "ca-escrow/v1/Manifest", "ca-escrow/v1/a/b", "manifest"]
        {
            #expect(DocumentFormat(format: text) == nil)
        }
    }
}
