// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import SecretSharing
import SystemPackage
import Testing

@testable import Escrow

/// Releases: a share on its way to one machine, for one request, and for nobody else.
@Suite final class ReleaseTests: ReleaseScene {
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
        #expect(throws: EscrowError.person(.notACustodian(path: "dave.identity", "dave"))) {
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
}
