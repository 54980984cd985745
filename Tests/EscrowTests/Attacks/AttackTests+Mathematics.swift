// SPDX-License-Identifier: Apache-2.0

import Ristretto255
import SecretMemory
import SystemPackage
import Testing

@testable import Custody
@testable import Encoding
@testable import Escrow
@testable import SecretSharing

/// Faults that auditors have found in implementations of Shamir's and Feldman's schemes and of Schnorr's proofs.
extension AttackTests {
    /// q, the order of the group: 32 bytes, little-endian.
    private static let order = Hex.decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")!

    /// The bytes of two little-endian numbers, added; the sum fits in 32 bytes.
    private static func sum(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var carry = 0
        return zip(left, right).map { left, right in
            let sum = Int(left) + Int(right) + carry
            carry = sum >> 8
            return UInt8(sum & 0xff)
        }
    }

    @Test("zero index: there is no share at 0, where the secret lies", arguments: [0, -1, 1001, 65_536])
    func zeroIndex(index: Int) throws {
        #expect(throws: SecretSharingError.indexOutOfRange(index)) { try ShareIndex(index) }
        #expect(Path("\(index)") == nil)
        let json = try JSONValue(canonical: document.bytes).setting("shares[0].path", to: .string("\(index)"))
        let error = DocumentError.wrongValue(field: "shares[0].path", expected: "member numbers such as '3' or '2.1'")
        #expect(throws: ManifestError.document(error)) { try Manifest(canonical: json.encoded()) }
    }

    @Test("duplicate index: one share twice is no quorum")
    func duplicateIndex() throws {
        #expect(throws: SecretSharingError.duplicateShare("1")) {
            var collection = ShareCollection(for: document.manifest.sharing)
            try collection.add(world.share(of: "alice"), at: "1")
            try collection.add(world.share(of: "alice"), at: "1")
        }
        let commitments = try #require(document.manifest.sharing.commitments[.root])
        let (one, two) = (try ShareIndex(1), try ShareIndex(2))
        #expect(throws: SecretSharingError.duplicateShare("1")) {
            var reconstruction = try Reconstruction(of: .root, commitments: commitments, from: [one, two])
            try reconstruction.add(world.share(of: "alice"), at: one)
            try reconstruction.add(world.share(of: "alice"), at: one)
        }
        #expect(throws: PolicyError<Name>.custodianAppearsTwice("alice")) {
            let names: [Name] = ["alice", "bob", "alice"]
            return try Policy(Gate(threshold: 2, members: names.map { .custodian($0) }))
        }
    }

    @Test("index = 0 mod q: q is no scalar, and no number of a path wraps")
    func indexZeroModuloOrder() throws {
        #expect(throws: Ristretto255Error.scalarNotCanonical) { try PublicScalar(canonical: Self.order) }
        let decimal = "7237005577332262213973186563042994240857116359379907606001950938285454250989"
        #expect(Path(decimal) == nil)
        // Every index that there is differs from 0 and from the others, modulo q as well: no λ divides by 0.
        let indices = try (1...ShareIndex.limit).map { try ShareIndex($0).scalar }
        #expect(Set(indices).count == ShareIndex.limit && !indices.contains(PublicScalar(0)))
        #expect(throws: Ristretto255Error.zeroHasNoInverse) { try PublicScalar(0).inverted() }
    }

    @Test("identity element: no commitment, no share and no proof is O")
    func identityElement() throws {
        let some = Element(generatorTimes: PublicScalar(7))
        for (elements, degree) in [([Element.identity, some], 0), ([some, .identity], 1)] {
            #expect(throws: SecretSharingError.commitmentIsIdentity(gate: .root, degree: degree)) {
                try Sharing(policy: document.manifest.policy, commitments: [.root: Commitments(elements)])
            }
        }
        // 7 + 7x at -1 would be O; at 1, with A_1 = -A_0, it is.
        #expect(throws: SecretSharingError.publicShareIsIdentity("1")) {
            let elements = [some, Element.identity.subtracting(some)]
            return try Sharing(policy: document.manifest.policy, commitments: [.root: Commitments(elements)])
        }
        let zeros = [UInt8](repeating: 0, count: 32)
        let trivial = try PossessionProof(commitment: zeros, response: zeros)
        #expect(!trivial.isValid(for: .identity, over: zeros))
        #expect(!trivial.isValid(for: some, over: zeros))
        // As a key to seal to: a point of small order.
        #expect(throws: BoxError.recipientNotAcceptable) {
            let header = document.headerOfFirstShare(to: zeros)
            _ = try SealedPayload.seal(value: world.share(of: "alice").bytes, header: header)
        }
    }

    @Test("y + q: a second encoding of one share, or of one response, is none")
    func shareBeyondOrder() throws {
        let share = try bytes(world.share(of: "alice").bytes)
        let beyond = Self.sum(share, Self.order)
        #expect(throws: Ristretto255Error.scalarNotCanonical) { _ = try Scalar(canonical: beyond.span) }
        var topBit = share
        topBit[31] |= 0x80
        #expect(throws: Ristretto255Error.scalarNotCanonical) { _ = try Scalar(canonical: topBit.span) }
        let zero = [UInt8](repeating: 0, count: 32)
        let proof = try PossessionProof(of: world.share(of: "alice"), over: zero)
        let response = Self.sum(proof.response.bytes, Self.order)
        #expect(throws: Ristretto255Error.scalarNotCanonical) {
            try PossessionProof(commitment: proof.commitment.bytes, response: response)
        }
        // Neither is sealed in a box that alice would open.
        let alice = world.cast["alice"]
        let header = document.headerOfFirstShare(to: alice.identity.sealingKey)
        let payload = SealedPayload.payload(value: secret(beyond), header: header.encoded)
        let box = try SealedPayload.sealed(payload, to: alice.identity.sealingKey)
        #expect(throws: BoxError.mismatch(.value)) { _ = try alice.identity.open(box: box, expecting: header) }
    }

    @Test("over-long commitments: a polynomial of a higher degree than the threshold says")
    func overLongCommitments() throws {
        // The dealer makes 3 of 3 look like 2 of 3: any two who trust the policy would restore something else.
        let elements = [7, 5, 3].map { Element(generatorTimes: PublicScalar($0)) }
        #expect(throws: SecretSharingError.wrongCommitmentCount(gate: .root, expected: 2, found: 3)) {
            try Sharing(policy: document.manifest.policy, commitments: [.root: Commitments(elements)])
        }
        let json = try JSONValue(canonical: document.bytes)
            .setting("policy.commitments", to: .array(elements.map { .string(Hex.encode($0.bytes)) }))
        #expect(
            throws: ManifestError.sharing(.wrongCommitmentCount(gate: .root, expected: 2, found: 3))
        ) { try Manifest(canonical: json.encoded()) }
    }

    @Test("forged shares after Tompa and Woll: the cheater is named before anybody adds their share up")
    func forgedShare() throws {
        // Unchecked, alice's y + d would make bob see s + λ·d, from which she alone subtracts λ·d.
        let d = PublicScalar(hashing: Array("known to alice".utf8))
        let lambda = PublicScalar(2)  // 2 / (2 - 1), for the quorum {1, 2}
        func forged() throws -> Scalar {
            let one = try Scalar(canonical: PublicScalar(1).bytes.span)
            return try world.share(of: "alice").adding(one, times: d)
        }
        let minusOne = PublicScalar(0).subtracting(PublicScalar(1))
        let unchecked = try forged().multiplied(by: lambda).adding(world.share(of: "bob"), times: minusOne)
        let difference = Element(generatorTimes: d.multiplied(by: lambda))
        let seen = Element(generatorTimes: unchecked)
        let secret = document.manifest.sharing.secret
        #expect(seen != secret && seen.subtracting(difference) == secret)
        // Checked, it goes nowhere, and the others go on.
        var collection = ShareCollection(for: document.manifest.sharing)
        let error = #expect(throws: SecretSharingError.self) { try collection.add(forged(), at: "1") }
        #expect(error == .shareDoesNotMatchCommitments("1"))
        for (name, path) in [("bob", "2"), ("carol", "3")] as [(Name, Path)] {
            try collection.add(world.share(of: name), at: path)
        }
        let rebuilt = try collection.finish()
        let isTheSecret = Element(generatorTimes: rebuilt) == secret
        #expect(isTheSecret)
    }

    @Test("Frozen Heart: every public value is in the challenge, and a change of any ends the proof")
    func frozenHeart() throws {
        let digest = [UInt8](repeating: 7, count: 32)
        let share = Scalar.random()
        let publicShare = Element(generatorTimes: share)
        let proof = PossessionProof(of: share, over: digest)
        #expect(proof.isValid(for: publicShare, over: digest))
        let other = Element(generatorTimes: PublicScalar(9))
        var altered = digest
        altered[31] ^= 1
        let challenges = [
            PossessionProof.challenge(publicShare: publicShare, commitment: proof.commitment, digest: digest),
            PossessionProof.challenge(publicShare: other, commitment: proof.commitment, digest: digest),
            PossessionProof.challenge(publicShare: publicShare, commitment: other, digest: digest),
            PossessionProof.challenge(publicShare: publicShare, commitment: proof.commitment, digest: altered),
        ]
        #expect(Set(challenges).count == 4)
        #expect(!proof.isValid(for: other, over: digest) && !proof.isValid(for: publicShare, over: altered))
        // Label and generator are there, too, each behind its length: hashed by hand, byte for byte.
        let fields = [
            Array("ca-escrow/v1/possession/challenge".utf8), Element.generator.bytes, publicShare.bytes,
            proof.commitment.bytes, digest,
        ]
        func hash(_ fields: [[UInt8]]) -> PublicScalar {
            PublicScalar(hashing: fields.reduce(into: []) { $0 += [0, 0, 0, UInt8($1.count)] + $1 })
        }
        #expect(hash(fields) == challenges[0])
        // The forgeries that each missing value would allow: z chosen first, then what the hash left out.
        let response = PublicScalar(hashing: Array("z".utf8))
        let left = Element(generatorTimes: response)
        for without in [2, 3] {
            let weak = hash(fields.indices.filter { $0 != without }.map { fields[$0] })
            let (x, r): (Element, Element)
            if without == 2 {
                (x, r) = (left.subtracting(proof.commitment).multiplied(by: try weak.inverted()), proof.commitment)
            } else {
                (x, r) = (publicShare, left.subtracting(publicShare.multiplied(by: weak)))
            }
            #expect(left == r.adding(x.multiplied(by: weak)))
            let forgery = try PossessionProof(commitment: r.bytes, response: response.bytes)
            #expect(!forgery.isValid(for: x, over: digest))
        }
        // A proof over one document is none over another: the document is all but the proof.
        let receipt = try JSONValue(canonical: world.acknowledge("alice").bytes)
        let later = receipt.setting("created", to: .string("2026-12-01T12:00:01Z"))
        let path = try world.file(Receipt.self, later.encoded(), signedBy: [world.cast["alice"]])
        let error = DocumentError.wrongValue(field: "possession", expected: "a proof that holds for alice's share")
        #expect(throws: EscrowError.document(path: path.string, error)) {
            try Filed<Receipt>(at: path, in: document)
        }
    }

    @Test("nonce reuse: no two proofs share a nonce, a stuck generator repeats none, and one that is repeated tells y")
    func nonceReuse() throws {
        let (first, second) = ([UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32))
        let y = try bytes(world.share(of: "alice").bytes)
        func share() throws -> Scalar { try Scalar(canonical: y.span) }
        func stuck() -> SecretBytes { secret([UInt8](repeating: 0xa5, count: 32)) }
        let drawn = try (0..<64).map { _ in PossessionProof(of: try share(), over: first).commitment }
        #expect(Set(drawn).count == 64)
        let proofs = [
            PossessionProof(of: try share(), over: first, fresh: stuck()),
            PossessionProof(of: try share(), over: second, fresh: stuck()),
        ]
        #expect(proofs[0].commitment != proofs[1].commitment)
        // Of one document it is the same proof, so there is no second equation.
        #expect(PossessionProof(of: try share(), over: first, fresh: stuck()) == proofs[0])
        // What would leak: with one k, two responses give y.
        let k = PublicScalar(hashing: Array("k".utf8))
        let commitment = Element(generatorTimes: k)
        let publicY = try PublicScalar(canonical: y)
        let publicShare = Element(generatorTimes: publicY)
        let c = [first, second].map {
            PossessionProof.challenge(publicShare: publicShare, commitment: commitment, digest: $0)
        }
        let z = c.map { k.adding($0.multiplied(by: publicY)) }
        let told = z[0].subtracting(z[1]).multiplied(by: try c[0].subtracting(c[1]).inverted())
        #expect(told == publicY)
    }
}
