// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Ristretto255
import SecretSharing
import SystemPackage
import Testing

@testable import Escrow

/// Sealed boxes that are not where they belong, and dealers who seal what they did not promise.
///
/// The boxes are no part of the head: whoever changes one keeps the head digest, and the fields inside must tell.
@Suite struct SealedShareTests {
    let world: World
    let document: EpochDocument
    let manifest: JSONValue

    init() throws {
        world = try World()
        document = try world.document()
        manifest = try JSONValue(canonical: document.bytes)
    }

    /// Opens alice's share in a manifest with another box in its place.
    private func open(_ box: [UInt8]) throws {
        let forged = manifest.setting("shares[0].box", to: .string(Base64.encode(box)))
        let document = try EpochDocument(forged.encoded(), in: "0001-forged")
        let alice = world.cast["alice"]
        _ = try document.openShare(of: alice.identity, at: alice.path, in: world.directory())
    }

    private func seal(
        _ share: borrowing Scalar,
        purpose: BoxPurpose = .share,
        set: [UInt8]? = nil,
        epoch: UInt32 = 1,
        path: [UInt16] = [1],
        sender: [UInt16] = [],
        context: SHA256Digest? = nil,
        recipient: Name = "alice",
        says: Name? = nil
    ) throws -> [UInt8] {
        let header = BoxHeader(
            purpose: purpose,
            set: set ?? document.manifest.set.bytes,
            epoch: epoch,
            path: path,
            sender: sender,
            context: context ?? document.manifest.headDigest,
            recipient: world.cast[recipient].card.sealingKey
        )
        return try SealedPayload.seal(value: share.bytes, header: header)
    }

    private func share(of name: Name) throws -> Scalar {
        let person = world.cast[name]
        return try document.openShare(of: person.identity, at: person.path, in: world.directory())
    }

    @Test("a box that says all the right things opens")
    func right() throws {
        try open(seal(share(of: "alice")))
    }

    @Test("a share sealed for another escrow of the same people is named by its set")
    func otherEscrow() throws {
        let other = try World()
        let box = try #require(try other.document().manifest.share(of: "alice")).box
        #expect(throws: EscrowError.box("alice", "1", .mismatch(.set))) { try open(box) }
    }

    @Test("a box that belongs elsewhere is named by its field")
    func elsewhere() throws {
        let other = SHA256Digest(of: [])
        #expect(throws: EscrowError.box("alice", "1", .mismatch(.path))) {
            try open(seal(share(of: "alice"), path: [2]))
        }
        #expect(throws: EscrowError.box("alice", "1", .mismatch(.path))) {
            try open(seal(share(of: "alice"), path: [1, 1]))
        }
        #expect(throws: EscrowError.box("alice", "1", .mismatch(.epoch))) {
            try open(seal(share(of: "alice"), epoch: 2))
        }
        #expect(throws: EscrowError.box("alice", "1", .mismatch(.purpose))) {
            try open(seal(share(of: "alice"), purpose: .release))
        }
        #expect(throws: EscrowError.box("alice", "1", .mismatch(.purpose))) {
            try open(seal(share(of: "alice"), purpose: .subshare, sender: [2]))
        }
        #expect(throws: EscrowError.opening(.headDigest("alice", "1"))) {
            try open(seal(share(of: "alice"), context: other))
        }
    }

    @Test("a share sealed to another custodian does not open")
    func otherCustodian() throws {
        #expect(throws: EscrowError.box("alice", "1", .doesNotOpen)) {
            try open(seal(share(of: "alice"), recipient: "bob"))
        }
    }

    @Test("swapped boxes do not open")
    func swapped() throws {
        let forged = manifest.setting("shares[0].box", to: manifest["shares[1].box"])
            .setting("shares[1].box", to: manifest["shares[0].box"])
        let document = try EpochDocument(forged.encoded(), in: "0001-forged")
        for (name, path) in [("alice", "1"), ("bob", "2")] as [(Name, Path)] {
            let person = world.cast[name]
            #expect(throws: EscrowError.box(name, path, .doesNotOpen)) {
                _ = try document.openShare(of: person.identity, at: person.path, in: world.directory())
            }
        }
    }

    @Test("every byte of a box counts", arguments: [UInt8(0x01), 0x80])
    func altered(mask: UInt8) throws {
        let box = document.manifest.shares[0].box
        for index in box.indices {
            var altered = box
            altered[index] ^= mask
            #expect(throws: EscrowError.box("alice", "1", .doesNotOpen), "byte \(index)") { try open(altered) }
        }
    }

    @Test("a dealer who seals a wrong share to one custodian is caught there, by name, and the others restore")
    func wrongShare() throws {
        let one = PublicScalar(1)
        let wrong = try share(of: "alice").adding(share(of: "bob"), times: one)
        let box = try seal(wrong)
        #expect(throws: EscrowError.share("alice", .shareDoesNotMatchCommitments("1"))) { try open(box) }
        // The share of another leaf, in a box that says it is alice's.
        let strange = try seal(share(of: "bob"))
        #expect(throws: EscrowError.share("alice", .shareDoesNotMatchCommitments("1"))) { try open(strange) }

        let forged = manifest.setting("shares[0].box", to: .string(Base64.encode(box)))
        let document = try EpochDocument(forged.encoded(), in: "0001-forged")
        let others = [world.cast["bob"], world.cast["carol"]]
        #expect(try document.restore(by: others, in: world.directory()) == [Acme.pkcs8(.root)])
    }

    @Test("a collection refuses a share that matches another leaf, twice the same, and one of nobody")
    func collection() throws {
        #expect(throws: SecretSharingError.shareDoesNotMatchCommitments("2")) {
            var collection = ShareCollection(for: document.manifest.sharing)
            try collection.add(share(of: "alice"), at: "2")
        }
        #expect(throws: SecretSharingError.duplicateShare("1")) {
            var collection = ShareCollection(for: document.manifest.sharing)
            try collection.add(share(of: "alice"), at: "1")
            try collection.add(share(of: "alice"), at: "1")
        }
        #expect(throws: SecretSharingError.unknownShare("4")) {
            var collection = ShareCollection(for: document.manifest.sharing)
            try collection.add(share(of: "alice"), at: "4")
        }
    }

    @Test("who is no custodian, and who has other keys under the same name, opens nothing")
    func others() throws {
        let dave = world.cast["dave"]
        #expect(throws: EscrowError.person(.notACustodian(path: "dave.identity", "dave"))) {
            _ = try document.openShare(of: dave.identity, at: dave.path, in: world.directory())
        }
        let alice = try Somebody("alice")
        #expect(throws: EscrowError.person(.identityIsNotThePerson(path: "alice.identity", "alice"))) {
            _ = try document.openShare(of: alice.identity, at: alice.path, in: world.directory())
        }
    }
}
