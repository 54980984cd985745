// SPDX-License-Identifier: Apache-2.0

import Ristretto255
import SecretMemory
import Testing

@testable import SecretSharing

@Suite("Possession proofs")
struct PossessionProofTests {
    @Test("the published vector comes out")
    func vector() throws {
        let vector = try #require(try vectors("ca-escrow-v1.json")["possession"] as? [String: Any])
        let document = try #require(vector["document"] as? [String: Any])
        let possession = try #require(document["possession"] as? [String: String])
        let digest = [UInt8](hex: try #require(vector["D"] as? String))
        let share = try Scalar(hex: #require(vector["y"] as? String))
        let fresh = [UInt8](hex: try #require(vector["freshRandomBytes"] as? String))
        let proof = PossessionProof(of: share, over: digest, fresh: SecretBytes(copying: fresh.span))
        #expect(proof.commitment.bytes.hex == possession["R"])
        #expect(proof.response.bytes.hex == possession["z"])
        let publicShare = Element(generatorTimes: share)
        let challenge = PossessionProof.challenge(
            publicShare: publicShare,
            commitment: proof.commitment,
            digest: digest
        )
        #expect(challenge.bytes.hex == vector["c"] as? String)
        #expect(proof.isValid(for: publicShare, over: digest))
    }

    @Test("another document, another share, an altered proof and the identity are refused")
    func refused() throws {
        let share = Scalar.random()
        let (publicShare, digest) = (Element(generatorTimes: share), [UInt8](repeating: 7, count: 32))
        let proof = PossessionProof(of: share, over: digest)
        #expect(proof.isValid(for: publicShare, over: digest))
        #expect(!proof.isValid(for: publicShare, over: [UInt8](repeating: 8, count: 32)))
        #expect(!proof.isValid(for: Element(generatorTimes: Scalar.random()), over: digest))
        let other = PossessionProof(of: share, over: digest)
        #expect(other != proof, "fresh bytes make a fresh nonce")
        let mixed = try PossessionProof(commitment: proof.commitment.bytes, response: other.response.bytes)
        #expect(!mixed.isValid(for: publicShare, over: digest))
        let zeros = [UInt8](repeating: 0, count: 32)
        let trivial = try PossessionProof(commitment: zeros, response: zeros)
        #expect(!trivial.isValid(for: .identity, over: digest))
        #expect(!trivial.isValid(for: publicShare, over: digest))
    }

    @Test("non-canonical encodings are refused")
    func nonCanonical() throws {
        let good = Element.generator.bytes
        #expect(throws: Ristretto255Error.elementNotCanonical) {
            try PossessionProof(
                commitment: [UInt8](repeating: 255, count: 32),
                response: [UInt8](repeating: 0, count: 32)
            )
        }
        #expect(throws: Ristretto255Error.scalarNotCanonical) {
            try PossessionProof(commitment: good, response: [UInt8](hex: RFC9496Tests.order))
        }
    }

    @Test("a generator that is stuck does not repeat the nonce for another document")
    func stuckGenerator() {
        let share = Scalar.random()
        let stuck = [UInt8](repeating: 0xa5, count: 32)
        let first = PossessionProof(
            of: share,
            over: [UInt8](repeating: 1, count: 32),
            fresh: SecretBytes(copying: stuck.span)
        )
        let second = PossessionProof(
            of: share,
            over: [UInt8](repeating: 2, count: 32),
            fresh: SecretBytes(copying: stuck.span)
        )
        #expect(first.commitment != second.commitment)
    }
}
