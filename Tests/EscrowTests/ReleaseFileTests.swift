// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Testing

@testable import Escrow

/// The file that travels, and the statement in it.
@Suite final class ReleaseFileTests: ReleaseScene {
    @Test("a statement that was altered is not alice's")
    func statement() throws {
        let digest = String(repeating: "ab", count: 32)
        let wrong: [(String, String, ReleaseError)] = [
            ("created", "2026-12-01T12:00:01Z", .signature("alice", .doesNotVerify)),
            ("box", digest, .signature("alice", .doesNotVerify)),
            (
                "request", digest,
                .anotherRequest(found: try #require(SHA256Digest(hex: digest)), expected: request.digest)
            ),
            (
                "manifest", digest,
                .anotherManifest(found: try #require(SHA256Digest(hex: digest)), expected: document.digest)
            ),
            (
                "set", String(repeating: "ab", count: 16),
                .anotherSet(
                    found: SetIdentifier(bytes: Array(repeating: 0xab, count: 16)),
                    expected: document.manifest.set
                )
            ),
            ("path", "2", .anotherPath("alice", "2")), ("custodian", "dave", .nobody("dave")),
        ]
        for (member, value, error) in wrong {
            let statement = JSONValue.object(release.statement.members).setting(member, to: .string(value)).encoded()
            let altered = file(box: release.box, statement: statement, signature: release.signature.blob)
            expect(error, opening: try ReleaseBox(canonical: altered))
        }
        // The signature of a receipt over the same bytes is none of a release.
        let namespace = SignatureError.wrongNamespace(found: "ca-escrow-receipt-v1", expected: "ca-escrow-release-v1")
        expect(.signature("alice", namespace), opening: try forged(for: .receipt))
        let eve = try Auditors.eve
        let otherKey = SignatureError.otherKey(
            found: eve.identity.signingKey.fingerprint,
            expected: world.cast["alice"].identity.signingKey.fingerprint
        )
        expect(.signature("alice", otherKey), opening: try forged(signedBy: eve))
    }

    @Test("the file has exactly its members")
    func members() throws {
        let json = try JSONValue(canonical: release.encoded())
        for key in ["box", "format", "signature", "statement"] {
            #expect(throws: DocumentError.missing(field: key)) {
                try ReleaseBox(canonical: json.setting(key, to: nil).encoded())
            }
        }
        let wrong: [(String, JSONValue, DocumentError)] = [
            ("more", .boolean(true), .unknown(field: "more")),
            (
                "box", .string(Base64.encode(Array(release.box.dropLast()))),
                .wrongValue(field: "box", expected: "base64 of 192 bytes")
            ),
            (
                "signature", .string(Base64.encode([1, 2, 3])),
                .wrongValue(field: "signature", expected: "an SSH signature in binary form")
            ),
            (
                "statement", .string(Base64.encode(Array("{}\n".utf8))),
                .syntax(line: 1, expected: "something between the brackets")
            ),
            (
                "statement", .string(Base64.encode(request.bytes)),
                .wrongFormat(found: "ca-escrow/v1/request", expected: "ca-escrow/v1/release")
            ),
            (
                "format", .string("ca-escrow/v1/release"),
                .wrongFormat(found: "ca-escrow/v1/release", expected: "ca-escrow/v1/release-box")
            ),
        ]
        for (member, value, error) in wrong {
            #expect(throws: error, "\(member)") {
                try ReleaseBox(canonical: json.setting(member, to: value).encoded())
            }
        }
    }
}
