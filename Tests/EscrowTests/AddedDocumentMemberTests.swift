// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Testing

@testable import Escrow

/// The members of every kind of document that people add: exactly these, each of its type.
@Suite struct AddedDocumentMemberTests {
    /// One of each kind.
    private static let made = Result { () -> [any AddedDocument] in
        let world = try World()
        let document = try world.document()
        let challenge = try world.challenge()
        let request = try world.request(to: Somebody("request"))
        let refusal = try world.refuse(request, by: "bob")
        let override = try world.override([refusal], of: request, signedBy: ["olga", "omar"])
        return [
            try Receipt(canonical: world.acknowledge("alice").bytes), challenge.document,
            try Proof(canonical: world.prove(challenge, by: "alice").bytes), request.document,
            try world.release(request, by: "alice").statement, refusal.document, override.document,
            Suspension(of: "carol", because: .lost, by: "olga", in: document, at: World.now),
        ]
    }

    static let kinds = [
        "receipt", "challenge", "proof", "request", "release", "refusal", "override", "suspension",
    ]

    private func document(_ kind: String) throws -> any AddedDocument {
        try #require(Self.made.get().first { type(of: $0).format.kind == kind })
    }

    private func expect<Document: AddedDocument>(
        _ error: DocumentError,
        from _: Document,
        reading json: JSONValue
    ) {
        #expect(throws: error) { try Document(canonical: json.encoded()) }
    }

    @Test("a document reads back byte for byte", arguments: kinds)
    func readsBack(kind: String) throws {
        func check<Document: AddedDocument>(_ document: Document) throws {
            let bytes = document.encoded()
            #expect(try Document(canonical: bytes).encoded() == bytes)
            #expect(throws: DocumentError.notCanonical(line: 1)) { try Document(canonical: [0x20] + bytes) }
        }
        try check(document(kind))
    }

    @Test("every member must be there, and no other", arguments: kinds)
    func members(kind: String) throws {
        let document = try document(kind)
        let json = JSONValue.object(document.members)
        for key in document.members.keys {
            expect(.missing(field: key), from: document, reading: json.setting(key, to: nil))
        }
        expect(.unknown(field: "more"), from: document, reading: json.setting("more", to: .boolean(true)))
        for (key, value) in document.members {
            if case .object(let inner) = value {
                for name in inner.keys {
                    let path = "\(key).\(name)"
                    expect(.missing(field: path), from: document, reading: json.setting(path, to: nil))
                }
                let path = "\(key).more"
                expect(.unknown(field: path), from: document, reading: json.setting(path, to: .boolean(true)))
            }
        }
    }

    @Test("every member has one type", arguments: kinds)
    func types(kind: String) throws {
        let document = try document(kind)
        let json = JSONValue.object(document.members)
        for (key, value) in document.members {
            let expected =
                switch value {
                case .object: "an object"
                case .array: "an array"
                case .integer: "an integer"
                default: "a string"
                }
            expect(
                .wrongType(field: key, expected: expected),
                from: document,
                reading: json.setting(key, to: .boolean(true))
            )
        }
    }

    @Test("a value that its member cannot have is refused by name", arguments: kinds)
    func values(kind: String) throws {
        let document = try document(kind)
        let json = JSONValue.object(document.members)
        let time = "a time like 2026-03-01T12:00:00Z"
        let text = "1 to 500 characters, none invisible and no control character"
        for key in document.members.keys {
            let (value, error): (String, DocumentError)
            switch key {
            case "format":
                (value, error) = (
                    "ca-escrow/v1/other",
                    .wrongFormat(found: "ca-escrow/v1/other", expected: "ca-escrow/v1/\(kind)")
                )
            case "created", "expires", "notBefore":
                (value, error) = ("2026-02-30T12:00:00Z", .wrongValue(field: key, expected: time))
            case "manifest", "share", "challenge", "box", "request", "nonce":
                let wrong = String(repeating: "AB", count: 32)
                (value, error) = (wrong, .wrongValue(field: key, expected: "64 lower-case hexadecimal digits"))
            case "set":
                let wrong = String(repeating: "ab", count: 17)
                (value, error) = (wrong, .wrongValue(field: key, expected: "32 lower-case hexadecimal digits"))
            case "path":
                (value, error) = ("01", .wrongValue(field: key, expected: "member numbers such as '3' or '2.1'"))
            case "restoreKey":
                let wrong = String(repeating: "00", count: 32)
                let expected = "an X25519 key in canonical form and of full order"
                (value, error) = (wrong, .wrongValue(field: key, expected: expected))
            case "destination", "machine", "purpose", "reason":
                (value, error) = ("left\u{202e}right", .wrongValue(field: key, expected: text))
            case "because":
                let expected = "lost or stolen or passphrase or left or died or unreachable"
                (value, error) = ("whim", .wrongValue(field: key, expected: expected))
            case "code":
                (value, error) = ("retired", .wrongValue(field: key, expected: "veto"))
            case "custodian", "officer", "name":
                (value, error) = ("Alice", .wrongName(field: key, .character("A", in: "Alice")))
            default:
                continue
            }
            expect(error, from: document, reading: json.setting(key, to: .string(value)))
        }
    }

    @Test("the root is no custodian's leaf", arguments: ["", "0", "1.0", "1001", "1.1.1.1.1", "1 "])
    func leaf(path: String) throws {
        let receipt = try document("receipt")
        let json = JSONValue.object(receipt.members).setting("path", to: .string(path))
        let error = DocumentError.wrongValue(field: "path", expected: "member numbers such as '3' or '2.1'")
        expect(error, from: receipt, reading: json)
    }

    @Test("R and z are canonical", arguments: ["receipt", "proof"])
    func possession(kind: String) throws {
        let document = try document(kind)
        let json = JSONValue.object(document.members)
        let error = DocumentError.wrongValue(field: "possession", expected: "a canonical element and scalar")
        let order = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"
        for (member, value) in [
            ("possession.z", order), ("possession.z", String(repeating: "ff", count: 32)),
            ("possession.R", "01" + String(repeating: "00", count: 31)),
            ("possession.R", String(repeating: "ff", count: 32)),
        ] {
            expect(error, from: document, reading: json.setting(member, to: .string(value)))
        }
        expect(
            .wrongValue(field: "possession.R", expected: "64 lower-case hexadecimal digits"),
            from: document,
            reading: json.setting("possession.R", to: .string("abcd"))
        )
    }

    @Test("a file of another kind is not read as this one", arguments: kinds)
    func otherKind(kind: String) throws {
        let document = try document(kind)
        for other in Self.kinds where other != kind {
            let found = "ca-escrow/v1/\(other)"
            let error = DocumentError.wrongFormat(found: found, expected: "ca-escrow/v1/\(kind)")
            expect(error, from: document, reading: .object(try self.document(other).members))
        }
    }
}
