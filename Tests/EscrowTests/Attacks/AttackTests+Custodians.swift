// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Ristretto255
import SecretMemory
import SystemPackage
import Testing

@testable import Escrow
@testable import SecretSharing

/// Custodians, and thieves of what custodians have.
extension AttackTests {
    /// A polynomial of degree 1 through a given share at index 1, under a secret of anybody's choice.
    private func polynomial(through share: borrowing Scalar, under secret: borrowing Scalar) -> Polynomial {
        let minusOne = PublicScalar(0).subtracting(PublicScalar(1))
        let difference = share.adding(secret, times: minusOne)
        return Polynomial(secret: secret, threshold: 2) { _ in difference.multiplied(by: PublicScalar(1)) }
    }

    @Test(
        "fewer custodians than a quorum, together: they learn nothing of s beyond A_0; a quorum that conspires restores"
    )
    func fewerThanAQuorum() throws {
        let world = try World(policy: "3 of (alice, bob, carol, dave)")
        let document = try world.document()
        for names in [[], ["alice"], ["alice", "dave"]] as [[Name]] {
            #expect(
                throws: SecretSharingError.notEnoughShares(gate: .root, found: names.count, needed: 3)
            ) {
                _ = try document.secret(by: names.map { world.cast[$0] }, in: world.directory())
            }
        }
        // Somebody else's box opens with nobody's identity but its owner's.
        let (alice, bob) = (world.cast["alice"], world.cast["bob"])
        let header = BoxHeader(
            purpose: .share,
            set: document.manifest.set.bytes,
            epoch: 1,
            path: [2],
            context: document.manifest.headDigest,
            recipient: bob.identity.sealingKey
        )
        #expect(throws: BoxError.doesNotOpen) {
            _ = try alice.identity.open(box: document.manifest.shares[1].box, expecting: header)
        }
        // The loss: nothing tells a quorum that conspires from one that was asked.
        #expect(try world.restore(by: ["alice", "bob", "dave"]) == [Acme.pkcs8(.root)])
    }

    @Test("a thief of one share: every secret has a polynomial through it")
    func oneShare() throws {
        #expect(throws: SecretSharingError.notEnoughShares(gate: .root, found: 1, needed: 2)) {
            _ = try document.secret(by: [world.cast["alice"]], in: world.directory())
        }
        let stolen = try world.share(of: "alice")
        for _ in 0..<8 {
            let polynomial = polynomial(through: stolen, under: Scalar.random())
            let isOnIt = polynomial.share(at: try ShareIndex(1)).bytes.isEqual(to: stolen.bytes)
            #expect(isOnIt)
        }
        // What decides is A_0 alone, a discrete logarithm away; a guess is found out by it.
        let guess = polynomial(through: stolen, under: Scalar.random()).commitments().secret
        #expect(guess != document.manifest.sharing.secret)
    }

    @Test("a custodian with a bad share or medium: named at once, and the next steps in; too few are a loss")
    func badShare() throws {
        var collection = ShareCollection(for: document.manifest.sharing)
        let error = #expect(throws: SecretSharingError.self) {
            let bad = try world.share(of: "alice").adding(world.share(of: "bob"), times: PublicScalar(1))
            try collection.add(bad, at: "1")
        }
        #expect(error == .shareDoesNotMatchCommitments("1"))
        for (name, path) in [("bob", "2"), ("carol", "3")] as [(Name, Path)] {
            try collection.add(world.share(of: name), at: path)
        }
        let secret = try collection.finish()
        let isTheSecret = Element(generatorTimes: secret) == document.manifest.sharing.secret
        #expect(isTheSecret)
        // A medium with one flipped bit: the box does not open, and says whose it is.
        var json = try JSONValue(canonical: document.bytes)
        var box = document.manifest.shares[0].box
        box[40] ^= 1
        json["shares[0].box"] = .string(Base64.encode(box))
        let damaged = try EpochDocument(json.encoded(), in: "0001-damaged")
        let alice = world.cast["alice"]
        #expect(throws: EscrowError.box("alice", "1", .doesNotOpen)) {
            _ = try damaged.openShare(of: alice.identity, at: alice.path, in: world.directory())
        }
        // The loss: with one good share of two the escrow is gone, and no other way leads to s.
        #expect(throws: SecretSharingError.notEnoughShares(gate: .root, found: 1, needed: 2)) {
            _ = try document.secret(by: [world.cast["carol"]], in: world.directory())
        }
    }

    @Test("a thief of an identity file: every guess fails alike; a file without passphrase is the loss")
    func identityFile() throws {
        let cost = try DerivationCost(passes: 1, memoryByteCount: 64 << 20)
        let file = try world.cast["alice"].identity.sealed(passphrase: secret("correct horse"), cost: cost)
        for guess in ["x", "correct hors", "Correct horse", "correct horse "] {
            #expect(throws: IdentityError.wrongPassphrase("alice")) {
                _ = try file.open(passphrase: secret(guess))
            }
        }
        #expect(throws: IdentityError.passphraseNeeded("alice")) { _ = try file.open(passphrase: nil) }
        // What a new file costs a guesser, and that the file's own words cannot make it cheaper.
        #expect(DerivationCost.moderate == (try DerivationCost(passes: 3, memoryByteCount: 256 << 20)))
        let json = try JSONValue(canonical: file.encoded())
        let cheaper = try IdentityFile(
            canonical: json.setting("unlocks[0].kdf.memory", to: .integer(65 << 20)).encoded()
        )
        #expect(throws: IdentityError.wrongPassphrase("alice")) {
            _ = try cheaper.open(passphrase: secret("correct horse"))
        }
        #expect(throws: IdentityError.memoryOutOfRange(byteCount: 1 << 20)) {
            _ = try IdentityFile(canonical: json.setting("unlocks[0].kdf.memory", to: .integer(1 << 20)).encoded())
        }
        // The loss: without a passphrase the thief is alice.
        let bare = try world.cast["alice"].identity.sealed(passphrase: nil)
        let thief = try IdentityFile(canonical: bare.encoded()).open(passphrase: nil)
        let share = try document.openShare(of: thief, at: "stolen.identity", in: world.directory())
        let isHers = document.manifest.sharing.matches(share, at: "1")
        #expect(isHers)
    }

    @Test("a thief of the PKCS#12 file: 130 random bits stand before it")
    func keyFile() throws {
        let file = try world.folder.read(world.pkcs12)
        let rebuilt = try document.secret(by: [world.cast["alice"], world.cast["bob"]], in: world.directory())
        let password = bytes(rebuilt.bytes.withSpan { ArchivePassword.derive(from: $0) })
        #expect(password.count == 26)  // of 5 bits each
        #expect(password.allSatisfy { "abcdefghijklmnopqrstuvwxyz234567".utf8.contains($0) })
        for position in [0, 12, 25] {
            var guess = password
            guess[position] = guess[position] == UInt8(ascii: "a") ? UInt8(ascii: "b") : UInt8(ascii: "a")
            #expect(throws: PKCS12Error.wrongPassword) {
                let guess = secret(guess)
                _ = try PKCS12Reader.read(file, password: guess)
            }
        }
        #expect(throws: PKCS12Error.wrongPassword) {
            let short = secret("a")
            _ = try PKCS12Reader.read(file, password: short)
        }
        // The same key escrowed again is under another password.
        let again = try World()
        let other = try again.document().secret(by: [world.cast["alice"], world.cast["bob"]], in: again.directory())
        let otherPassword = bytes(other.bytes.withSpan { ArchivePassword.derive(from: $0) })
        #expect(otherPassword != password)
    }
}
