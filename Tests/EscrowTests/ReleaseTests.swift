// SPDX-License-Identifier: Apache-2.0

import Custody
import Ristretto255
import SecretSharing
import SystemPackage
import Testing

@testable import Escrow

/// Releases: a share on its way to one machine, for one request, and for nobody else.
@Suite struct ReleaseTests {
    let world: World
    let document: EpochDocument
    let key: Somebody
    let request: Filed<Request>
    /// Alice's, as it should be.
    let release: ReleaseBox

    init() throws {
        world = try World()
        document = try world.document()
        key = try Somebody("request")
        request = try world.request(to: key)
        release = try world.release(request, by: "alice")
    }

    private func expect(
        _ error: ReleaseError,
        opening release: ReleaseBox,
        with key: Somebody? = nil,
        for request: Filed<Request>? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let refused = EscrowError.release(path: "alice.release", error)
        #expect(throws: refused, sourceLocation: sourceLocation) {
            _ = try release.open(
                with: (key ?? self.key).identity,
                for: request ?? self.request,
                in: document,
                at: "alice.release"
            )
        }
    }

    /// Alice's release with another box or statement, signed by somebody.
    private func forged(
        box: [UInt8]? = nil,
        _ edits: [String: JSONValue] = [:],
        signedBy signer: Somebody? = nil,
        for format: DocumentFormat = .release
    ) throws -> ReleaseBox {
        let box = box ?? release.box
        let statement = edits.merging(["box": .string(SHA256Digest(of: box).description)]) { given, _ in given }
            .reduce(JSONValue.object(release.statement.members)) { $0.setting($1.key, to: $1.value) }.encoded()
        let (_, signature) = (signer ?? world.cast["alice"]).sign(statement, format)
        return try ReleaseBox(canonical: file(box: box, statement: statement, signature: signature.blob))
    }

    private func file(box: [UInt8], statement: [UInt8], signature: [UInt8]) -> [UInt8] {
        JSONValue.object([
            "box": .string(Base64.encode(box)), "format": .string("ca-escrow/v1/release-box"),
            "signature": .string(Base64.encode(signature)), "statement": .string(Base64.encode(statement)),
        ]).encoded()
    }

    private func seal(
        _ share: borrowing Scalar,
        purpose: BoxPurpose = .release,
        set: [UInt8]? = nil,
        epoch: UInt32 = 1,
        path: [UInt16] = [1],
        context: SHA256Digest? = nil,
        to recipient: Somebody? = nil
    ) throws -> [UInt8] {
        let header = BoxHeader(
            purpose: purpose,
            set: set ?? document.manifest.set.bytes,
            epoch: epoch,
            path: path,
            context: context ?? request.digest,
            recipient: (recipient ?? key).identity.sealingKey
        )
        return try SealedPayload.seal(value: share.bytes, header: header)
    }

    @Test("releases of a quorum restore the key, with nothing else of the custodians")
    func restores() throws {
        var collection = ShareCollection(for: document.manifest.sharing)
        for name in ["carol", "alice"] as [Name] {
            let sent = try world.release(request, by: name)
            let bytes = sent.encoded()
            let received = try ReleaseBox(canonical: bytes)
            #expect(received.encoded() == bytes)
            let share = try received.open(with: key.identity, for: request, in: document, at: "\(name).release")
            try collection.add(share, at: received.statement.path)
            try SignedDocument(statementOf: received, in: document).file()
        }
        let secret = try collection.finish()
        let archive = try document.pkcs12(given: nil, escrow: world.escrow)
        let material = try document.material(
            from: archive,
            at: document.manifest.pkcs12.name,
            secret: secret,
            added: []
        )
        #expect(try material.pkcs8 == [Acme.pkcs8(.root)])
        #expect(try world.audit().failed.isEmpty)
        #expect(try document.filed(ReleaseStatement.self).documents.map(\.document.custodian) == ["alice", "carol"])
    }

    @Test("captured for one request, it does not open for another, nor with another key")
    func anotherRequest() throws {
        let other = try Somebody("request")
        let second = try world.request(to: other)
        expect(
            .anotherRequest(found: request.digest, expected: second.digest),
            opening: release,
            with: other,
            for: second
        )
        expect(.box(.doesNotOpen), opening: release, with: other)
        expect(.box(.doesNotOpen), opening: release, with: world.cast["alice"])
        // A second request to the same key: the statement is of the first, and so is the box.
        let same = try world.request(to: key, at: "2026-12-01T12:00:01Z")
        expect(.anotherRequest(found: request.digest, expected: same.digest), opening: release, for: same)
        let moved = try forged([
            "request": .string(same.digest.description), "created": .string("2026-12-01T12:00:01Z"),
        ])
        expect(.box(.mismatch(.context)), opening: moved, for: same)
    }

    @Test("after the request has expired, its restore stops before any release is opened")
    func expired() throws {
        let review = try #require(try document.requests().first)
        let end = World.now.adding(seconds: 3 * 86_400)
        try review.check(at: end)
        let late = end.adding(seconds: 1)
        #expect(throws: EscrowError.request(request.identifier, .expired(end, now: late))) {
            try review.check(at: late)
        }
        // And one that was made too late, or too early, is not used by a clock that is wrong.
        for time in [late, World.now.adding(seconds: -1)] {
            expect(.outOfTime("alice", time), opening: try world.release(request, by: "alice", at: time))
        }
        expect(
            .outOfTime("alice", "2026-12-31T12:00:00Z"),
            opening: try forged(["created": .string("2026-12-31T12:00:00Z")])
        )
    }

    @Test("a box of another custodian is not alice's, even when she signs for it")
    func anotherCustodian() throws {
        let bobs = try world.release(request, by: "bob")
        let swapped = try ReleaseBox(
            canonical: file(
                box: bobs.box,
                statement: release.statementBytes,
                signature: release.signature.blob
            )
        )
        expect(.anotherBox("alice"), opening: swapped)
        expect(.box(.mismatch(.path)), opening: try forged(box: bobs.box))
        expect(.anotherPath("alice", "2"), opening: try forged(box: bobs.box, ["path": .string("2")]))
        expect(
            .signature(
                "bob",
                .otherKey(
                    found: world.cast["alice"].identity.signingKey.fingerprint,
                    expected: world.cast["bob"].identity.signingKey.fingerprint
                )
            ),
            opening: try forged(box: bobs.box, ["custodian": .string("bob"), "path": .string("2")])
        )
    }

    @Test("every byte of the box counts, for the statement and for the seal")
    func everyByte() throws {
        for index in release.box.indices {
            var box = release.box
            box[index] ^= index % 2 == 0 ? 0x01 : 0x80
            let altered = try ReleaseBox(
                canonical: file(box: box, statement: release.statementBytes, signature: release.signature.blob)
            )
            expect(.anotherBox("alice"), opening: altered)
            expect(.box(.doesNotOpen), opening: try forged(box: box))
        }
    }

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
                .anotherManifest(found: document.digest, expected: document.digest)
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

    @Test("a box that belongs elsewhere is named by its field, though alice signs for it")
    func elsewhere() throws {
        let share = try world.share(of: "alice")
        expect(.box(.mismatch(.purpose)), opening: try forged(box: seal(share, purpose: .share)))
        expect(.box(.mismatch(.set)), opening: try forged(box: seal(share, set: [UInt8](repeating: 1, count: 16))))
        expect(.box(.mismatch(.epoch)), opening: try forged(box: seal(share, epoch: 2)))
        expect(.box(.mismatch(.path)), opening: try forged(box: seal(share, path: [1, 1])))
        expect(
            .box(.mismatch(.context)),
            opening: try forged(box: seal(share, context: document.manifest.headDigest))
        )
        expect(.box(.doesNotOpen), opening: try forged(box: seal(share, to: world.cast["bob"])))
        // Her box of the manifest itself is no release: it is sealed to her.
        expect(.box(.doesNotOpen), opening: try forged(box: document.manifest.shares[0].box))
    }

    @Test("a wrong share is named by its custodian, and the others restore")
    func wrongShare() throws {
        let other = try world.share(of: "bob")
        let wrong = try forged(box: seal(other))
        #expect(throws: SecretSharingError.shareDoesNotMatchCommitments("1")) {
            let share = try wrong.open(with: key.identity, for: request, in: document, at: "alice.release")
            var collection = ShareCollection(for: document.manifest.sharing)
            try collection.add(share, at: wrong.statement.path)
        }
    }

    @Test("no share leaves for a key that no box may be sealed to, by nobody, or in another manifest")
    func making() throws {
        #expect(throws: EscrowError.notACustodian(path: "dave.identity", "dave")) {
            try world.release(request, by: "dave")
        }
        let other = try World()
        let foreign = try other.request(to: key)
        let sent = try world.release(foreign, by: "alice")
        expect(
            .anotherManifest(found: try other.document().digest, expected: document.digest),
            opening: sent,
            for: foreign
        )
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
