// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Testing

@testable import Escrow

/// A manifest of epoch 1 and one of epoch 2, as JSON to be altered.
enum SampleManifest {
    static var first: JSONValue { get throws { try made.get().first } }
    static var second: JSONValue { get throws { try made.get().second } }

    private static let made = Result {
        let world = try World()
        let document = try world.document()
        let next = try NewEpoch.make(of: Acme.material(), after: document, cast: world.cast)
        return (first: try JSONValue(canonical: document.bytes), second: try JSONValue(canonical: next.bytes))
    }

    /// Reads an altered manifest of epoch 1, or of epoch 2 when the place is `previous`.
    static func reading(_ path: String, as value: JSONValue?) throws {
        let manifest = path.hasPrefix("previous") ? try second : try first
        _ = try Manifest(canonical: manifest.setting(path, to: value).encoded())
    }
}

/// Each member of a manifest by itself: that it must be there, of its type and in its range.
@Suite struct ManifestMemberTests {
    static let strings = [
        "approval.officers[0].key", "approval.officers[1].name", "certificates[0]", "created", "format", "occasion",
        "people[0].card", "people[1].name", "people[2].sealingKey", "people[0].signingKey", "pkcs12.encryption",
        "pkcs12.kdf", "pkcs12.mac", "pkcs12.name", "pkcs12.sha256", "policy.commitments[1]",
        "policy.members[2].custodian", "previous.format", "previous.sha256", "set", "shares[0].box", "shares[1].path",
        "suite",
    ]
    static let integers = [
        "approval.threshold", "epoch", "pkcs12.iterations", "pkcs12.size", "policy.threshold", "previous.epoch",
        "shares[2].sealedIn",
    ]
    static let arrays = [
        "approval.officers", "certificates", "people", "policy.commitments", "policy.members", "shares",
    ]
    static let objects = [
        "approval", "approval.officers[1]", "people[0]", "pkcs12", "policy", "policy.members[1]", "previous",
        "shares[1]",
    ]

    @Test(
        "a member that is missing is named",
        arguments: (strings + integers + arrays + objects + ["rehearsal"]).filter { path in
            // Items of an array are counted elsewhere, and `previous` may be absent.
            !path.hasSuffix("]") && path != "previous" && !path.hasPrefix("policy.members[2]")
        }
    )
    func missing(_ path: String) throws {
        #expect(throws: ManifestError.document(.missing(field: path))) {
            try SampleManifest.reading(path, as: nil)
        }
    }

    @Test("a member that nobody knows is named", arguments: ["", "policy.members[2]."] + objects.map { "\($0)." })
    func unknown(_ prefix: String) throws {
        #expect(throws: ManifestError.document(.unknown(field: "\(prefix)more"))) {
            try SampleManifest.reading("\(prefix)more", as: .boolean(true))
        }
    }

    @Test("a member of another type is named", arguments: strings)
    func notAString(_ path: String) throws {
        #expect(throws: ManifestError.document(.wrongType(field: path, expected: "a string"))) {
            try SampleManifest.reading(path, as: .integer(1))
        }
    }

    @Test("a number in quotation marks is no number", arguments: integers)
    func notAnInteger(_ path: String) throws {
        #expect(throws: ManifestError.document(.wrongType(field: path, expected: "an integer"))) {
            try SampleManifest.reading(path, as: .string("1"))
        }
    }

    @Test("what is no array is named", arguments: arrays)
    func notAnArray(_ path: String) throws {
        #expect(throws: ManifestError.document(.wrongType(field: path, expected: "an array"))) {
            try SampleManifest.reading(path, as: .string("x"))
        }
    }

    @Test("what is no object is named", arguments: objects)
    func notAnObject(_ path: String) throws {
        #expect(throws: ManifestError.document(.wrongType(field: path, expected: "an object"))) {
            try SampleManifest.reading(path, as: .array([.string("x")]))
        }
    }

    @Test("what is neither true nor false is named", arguments: ["rehearsal", "retired"])
    func notABoolean(_ path: String) throws {
        #expect(throws: ManifestError.document(.wrongType(field: path, expected: "true or false"))) {
            try SampleManifest.reading(path, as: .integer(0))
        }
    }

    @Test(
        "numbers out of range are refused",
        arguments: [
            ("approval.threshold", 1...1000), ("epoch", 1...9999), ("pkcs12.iterations", 1...600_000),
            ("pkcs12.size", 1...16_777_216), ("policy.threshold", 1...1000), ("previous.epoch", 1...9999),
            ("shares[0].sealedIn", 1...9999),
        ]
    )
    func outOfRange(path: String, range: ClosedRange<Int>) throws {
        let error = DocumentError.wrongValue(
            field: path,
            expected: "an integer from \(range.lowerBound) to \(range.upperBound)"
        )
        for number in [range.lowerBound - 1, range.upperBound + 1, 1 << 53 - 1] {
            #expect(throws: ManifestError.document(error)) {
                try SampleManifest.reading(path, as: .integer(UInt64(number)))
            }
        }
    }

    /// Values of the right type that no member may hold.
    static let values: [(path: String, values: [String], expected: String)] = [
        (
            "created", ["2026-02-30T12:00:00Z", "2026-11-23T12:00:00+00:00", "2026-11-23 12:00:00Z", "", "now"],
            "a time like 2026-03-01T12:00:00Z"
        ),
        (
            "occasion", ["Installation", "other", ""],
            "installation or renewal-same-key or renewal-new-key or custodian-change or officer-change or after-restore or scheduled"
        ),
        (
            "suite", ["ristretto255", "RISTRETTO255+x25519+ed25519", "p256+x25519+ed25519", ""],
            "ristretto255+x25519+ed25519"
        ),
        (
            "people[0].card", ["", String(repeating: "AB", count: 32), String(repeating: "ab", count: 31)],
            "64 lower-case hexadecimal digits"
        ),
        ("pkcs12.sha256", ["", String(repeating: "ab", count: 33)], "64 lower-case hexadecimal digits"),
        ("previous.sha256", ["xy", String(repeating: "ab", count: 33)], "64 lower-case hexadecimal digits"),
        ("set", ["", "00", String(repeating: "0A", count: 16)], "32 lower-case hexadecimal digits"),
        (
            "approval.officers[0].key",
            ["", "ssh-ed25519", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC0", "ssh-ed25519 AAAA"],
            "an Ed25519 key of OpenSSH without comment"
        ),
        ("people[0].signingKey", ["olga"], "an Ed25519 key of OpenSSH without comment"),
        (
            "people[0].sealingKey", ["00", String(repeating: "00", count: 33)], "64 lower-case hexadecimal digits"
        ),
        (
            "people[0].sealingKey",
            [
                // Of small order, beyond the prime, with the top bit.
                String(repeating: "00", count: 32), "01" + String(repeating: "00", count: 31),
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "ed" + String(repeating: "ff", count: 30) + "7f", "ee" + String(repeating: "ff", count: 30) + "7f",
                "09" + String(repeating: "00", count: 30) + "80",
            ],
            "an X25519 key in canonical form and of full order"
        ),
        (
            "pkcs12.name",
            [
                "", ".x.p12", "../x.p12", "a/b.p12", "/x", "x y", "-x", "_x", "x\\y", String(repeating: "x", count: 65),
            ],
            "a plain file name of letters, digits, '.', '_' and '-'"
        ),
        ("pkcs12.encryption", ["æs", "a\u{7f}"], "printable ASCII"),
        (
            "shares[0].path", ["", "0", "01", "1.", ".1", "1.0", "1001", "1.1.1.1.1", "a", "-1"],
            "member numbers such as '3' or '2.1'"
        ),
        (
            "shares[0].box",
            [
                "", "=", "A", Base64.encode([UInt8](repeating: 1, count: 191)),
                Base64.encode([UInt8](repeating: 1, count: 193)), String(repeating: "*", count: 256),
                // The URL's alphabet.
                String(repeating: "_", count: 256),
            ],
            "base64 of 192 bytes"
        ),
        ("certificates[0]", ["", "AA=", "AAA", "MII"], "base64"),
        ("policy.commitments[0]", ["", "00"], "64 lower-case hexadecimal digits"),
        (
            "title",
            ["", "a\u{200b}b", "a\u{202e}b", "\u{feff}", "x\u{85}", String(repeating: "x", count: 501)],
            "1 to 500 characters, none invisible and no control character"
        ),
    ]

    @Test("values that a member may not hold are refused", arguments: values)
    func wrongValue(path: String, values: [String], expected: String) throws {
        for value in values {
            #expect(
                throws: ManifestError.document(.wrongValue(field: path, expected: expected)),
                "\(path) = \(value)"
            ) {
                try SampleManifest.reading(path, as: .string(value))
            }
        }
    }

    @Test("a key with a comment is refused, although OpenSSH would read it")
    func comment() throws {
        let key = try #require(try SampleManifest.first["approval.officers[0].key"]?.text)
        #expect(
            throws: ManifestError.document(
                .wrongValue(
                    field: "approval.officers[0].key",
                    expected: "an Ed25519 key of OpenSSH without comment"
                )
            )
        ) {
            try SampleManifest.reading("approval.officers[0].key", as: .string("\(key) olga"))
        }
    }

    @Test(
        "names outside the grammar are refused with the reason",
        arguments: [
            ("", NameError.empty), ("Alice", .character("A", in: "Alice")), ("of", .reserved("of")),
            ("al ice", .character(" ", in: "al ice")), ("1alice", .firstIsNoLetter("1alice")),
            ("alice.", .lastIsSeparator("alice.")), ("a..b", .adjoiningSeparators("a..b")),
            ("../a", .character("/", in: "../a")), ("con.a", .reserved("con.a")),
            // "é" in one and in two characters.
            ("andr\u{e9}", .character("\u{e9}", in: "andr\u{e9}")),
            ("andre\u{301}", .character("\u{301}", in: "andre\u{301}")),
            (String(repeating: "a", count: 49), .tooLong(byteCount: 49)),
        ]
    )
    func names(name: String, error: NameError) throws {
        for path in ["approval.officers[0].name", "people[0].name", "policy.members[0].custodian"] {
            #expect(throws: ManifestError.document(.wrongName(field: path, error))) {
                try SampleManifest.reading(path, as: .string(name))
            }
        }
    }

    @Test("another kind of document, and another version, is named")
    func format() throws {
        for format in ["ca-escrow/v2/manifest", "ca-escrow/v1/card", "", "manifest"] {
            for path in ["format", "previous.format"] {
                #expect(
                    throws: ManifestError.document(.wrongFormat(found: format, expected: "ca-escrow/v1/manifest"))
                ) {
                    try SampleManifest.reading(path, as: .string(format))
                }
            }
        }
    }

    @Test("what is no certificate is named by its place", arguments: ["AAAA", "MAA="])
    func certificate(base64: String) throws {
        do {
            try SampleManifest.reading("certificates[0]", as: .string(base64))
            Issue.record("it was read")
        } catch let error as ManifestError {
            // What OpenSSL says of it differs by version.
            guard case .certificate(field: "certificates[0]", _) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test("a certificate with something behind it is no certificate")
    func trailingBytes() throws {
        let der = try Acme.certificate(.root).der + [0]
        do {
            try SampleManifest.reading("certificates[0]", as: .string(Base64.encode(der)))
            Issue.record("it was read")
        } catch let error as ManifestError {
            guard case .certificate(field: "certificates[0]", _) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }
}
