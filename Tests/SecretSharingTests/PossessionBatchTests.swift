// SPDX-License-Identifier: Apache-2.0

import Ristretto255
import SecretMemory
import TestSupport
import Testing

@testable import SecretSharing

/// Many proofs in one equation, and forgeries that an equation with weights of the forger's choice would take.
@Suite("Possession proofs in a batch")
struct PossessionBatchTests {
    /// Proofs of all shares of a policy, each over a document of its own.
    private struct Proofs {
        let sharing: Sharing<String>
        var proofs: [(path: Path, proof: PossessionProof, digest: [UInt8])] = []

        init(_ policy: Policy<String>) {
            let dealing = Dealing(of: Scalar.random(), under: policy)
            sharing = dealing.sharing
            var proofs = proofs
            dealing.handOut { path, _, share in
                let digest = [UInt8](repeating: UInt8(proofs.count), count: 32)
                proofs.append((path, PossessionProof(of: share, over: digest), digest))
            }
            self.proofs = proofs
        }

        func batch() throws -> PossessionBatch<String> {
            var batch = PossessionBatch(for: sharing)
            for (path, proof, digest) in proofs {
                try batch.add(proof, at: path, over: digest)
            }
            return batch
        }

        /// Changes a proof's response by a number.
        mutating func shift(_ index: Int, by difference: PublicScalar) throws {
            let proof = proofs[index].proof
            let response = proof.response.adding(difference)
            proofs[index].proof = try PossessionProof(commitment: proof.commitment.bytes, response: response.bytes)
        }
    }

    static let policies: [@Sendable () throws -> Policy<String>] = [
        { try .flat(2, of: 3) }, { try .flat(5, of: 9) }, { try .nested() },
        {
            // Deputies hold one share between them.
            let either = try Gate<String>(threshold: 1, members: [.custodian("lea"), .custodian("leo")])
            return try Policy(Gate(threshold: 2, members: [.gate(either), .custodian("sam"), .custodian("sue")]))
        },
    ]

    @Test("proofs of all shares hold together, whatever the weights", arguments: policies.indices)
    func valid(policy: Int) throws {
        let batch = try Proofs(Self.policies[policy]()).batch()
        #expect(batch.invalid() == [])
        for _ in 0..<10 {
            #expect(batch.holds(under: (0..<9).map { _ in PublicScalar.randomWeight() }))
        }
        #expect(batch.holds(under: (1...9).map { PublicScalar($0) }))
    }

    @Test("exactly the bad ones are named, each time again", arguments: 0..<40)
    func named(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var proofs = Proofs(try Self.policies[seed % Self.policies.count]())
        let bad = proofs.proofs.indices.filter { _ in Bool.random(using: &random) }
        for index in bad {
            switch Int.random(in: 0..<4, using: &random) {
            case 0: try proofs.shift(index, by: PublicScalar(.random(in: 1...UInt64(UInt32.max), using: &random)))
            case 1: proofs.proofs[index].digest[Int.random(in: 0..<32, using: &random)] ^= 0x10
            case 2:
                let (proof, other) = (proofs.proofs[index].proof, Element(generatorTimes: PublicScalar(7)))
                proofs.proofs[index].proof = try PossessionProof(
                    commitment: proof.commitment.adding(other).bytes,
                    response: proof.response.bytes
                )
            default:
                proofs.proofs[index].proof = PossessionProof(of: Scalar.random(), over: proofs.proofs[index].digest)
            }
        }
        let batch = try proofs.batch()
        for _ in 0..<3 {
            #expect(batch.invalid() == bad, "seed \(seed)")
        }
        for _ in 0..<3 {
            let weights = proofs.proofs.map { _ in PublicScalar.randomWeight() }
            #expect(batch.holds(under: weights) == bad.isEmpty, "seed \(seed)")
        }
    }

    @Test("two proofs that are wrong by +d and -d pass under equal weights, and the batch names both")
    func equalWeights() throws {
        var proofs = Proofs(try .flat(2, of: 3))
        let difference = PublicScalar(hashing: Array("d".utf8))
        try proofs.shift(0, by: difference)
        try proofs.shift(2, by: PublicScalar(0).subtracting(difference))
        let batch = try proofs.batch()
        #expect(batch.holds(under: [PublicScalar](repeating: PublicScalar(1), count: 3)))
        #expect(batch.invalid() == [0, 2])
    }

    @Test("two proofs that are wrong in the ratio of known weights pass under these, and the batch names both")
    func knownWeights() throws {
        var proofs = Proofs(try .nested())
        let weights = proofs.proofs.map { _ in PublicScalar.randomWeight() }
        // w₁·(d·w₄) - w₄·(d·w₁) = 0
        let difference = PublicScalar(hashing: Array("d".utf8))
        try proofs.shift(1, by: difference.multiplied(by: weights[4]))
        try proofs.shift(4, by: PublicScalar(0).subtracting(difference.multiplied(by: weights[1])))
        let batch = try proofs.batch()
        #expect(batch.holds(under: weights))
        #expect(batch.invalid() == [1, 4])
    }

    @Test("two custodians who exchange their proofs are both named")
    func exchanged() throws {
        var proofs = Proofs(try .flat(2, of: 3))
        let (first, second) = (proofs.proofs[0].proof, proofs.proofs[1].proof)
        (proofs.proofs[0].proof, proofs.proofs[1].proof) = (second, first)
        #expect(try proofs.batch().invalid() == [0, 1])
    }

    @Test("a batch of nothing holds; a proof of no leaf of the policy is refused; R = O never holds")
    func edges() throws {
        let proofs = Proofs(try .flat(2, of: 3))
        var batch = PossessionBatch(for: proofs.sharing)
        #expect(batch.invalid() == [])
        #expect(throws: SecretSharingError.unknownShare(.root.member(4))) {
            try batch.add(proofs.proofs[0].proof, at: .root.member(4), over: proofs.proofs[0].digest)
        }
        #expect(throws: SecretSharingError.unknownShare(.root)) {
            try batch.add(proofs.proofs[0].proof, at: .root, over: proofs.proofs[0].digest)
        }
        let zeros = [UInt8](repeating: 0, count: 32)
        try batch.add(PossessionProof(commitment: zeros, response: zeros), at: .root.member(1), over: zeros)
        #expect(batch.invalid() == [0])
    }

    /// c' = H(G, R, D): the hash that leaves X out.
    private func weakChallenge(_ commitment: Element, _ digest: [UInt8]) -> PublicScalar {
        let fields = [
            Array("ca-escrow/v1/possession/challenge".utf8), Element.generator.bytes, commitment.bytes, digest,
        ]
        return PublicScalar(hashing: fields.flatMap { [0, 0, 0, UInt8($0.count)] + $0 })
    }

    @Test("the weak Fiat-Shamir forgery, an X that is solved for, does not verify")
    func weakFiatShamir() throws {
        let digest = [UInt8](repeating: 7, count: 32)
        let commitment = Element(generatorTimes: Scalar.random())
        let response = PublicScalar(hashing: Array("z".utf8))
        // z·G = R + c'·X for an X whose y nobody knows.
        let weak = weakChallenge(commitment, digest)
        let publicShare = Element(generatorTimes: response).subtracting(commitment)
            .multiplied(by: try weak.inverted())
        #expect(Element(generatorTimes: response) == commitment.adding(publicShare.multiplied(by: weak)))
        let proof = try PossessionProof(commitment: commitment.bytes, response: response.bytes)
        #expect(!proof.isValid(for: publicShare, over: digest))
    }
}

/// What two proofs under one nonce would give away, and that a stuck generator does not make such two.
@Suite("Possession proofs from a stuck random generator")
struct StuckGeneratorTests {
    /// (z₁ - z₂) / (c₁ - c₂), which is y when both have one k.
    private func difference(
        _ first: (proof: PossessionProof, digest: [UInt8]),
        _ second: (proof: PossessionProof, digest: [UInt8]),
        _ publicShare: Element
    ) throws -> Element {
        func challenge(_ one: (proof: PossessionProof, digest: [UInt8])) -> PublicScalar {
            PossessionProof.challenge(publicShare: publicShare, commitment: one.proof.commitment, digest: one.digest)
        }
        let challenges = try challenge(first).subtracting(challenge(second)).inverted()
        let quotient = first.proof.response.subtracting(second.proof.response).multiplied(by: challenges)
        return Element(generatorTimes: quotient)
    }

    @Test("the same fresh bytes give another k for another document: the difference is not y")
    func documents() throws {
        let share = Scalar.random()
        let publicShare = Element(generatorTimes: share)
        let proofs = (1...4).map { document in
            let digest = [UInt8](repeating: UInt8(document), count: 32)
            let stuck = [UInt8](repeating: 0, count: 32)
            let proof = PossessionProof(of: share, over: digest, fresh: SecretBytes(copying: stuck.span))
            return (proof: proof, digest: digest)
        }
        #expect(Set(proofs.map(\.proof.commitment)).count == 4)
        for (position, first) in proofs.enumerated() {
            #expect(first.proof.isValid(for: publicShare, over: first.digest))
            for second in proofs[..<position] {
                #expect(try difference(first, second, publicShare) != publicShare)
            }
        }
    }

    @Test("the same document once more is the same proof, byte for byte: nothing to subtract")
    func sameDocument() {
        let share = Scalar.random()
        let digest = [UInt8](repeating: 1, count: 32)
        let stuck = [UInt8](repeating: 0, count: 32)
        let first = PossessionProof(of: share, over: digest, fresh: SecretBytes(copying: stuck.span))
        let second = PossessionProof(of: share, over: digest, fresh: SecretBytes(copying: stuck.span))
        #expect(second == first)
    }

    @Test("the same document under another share has another k")
    func shares() {
        let digest = [UInt8](repeating: 1, count: 32)
        let stuck = [UInt8](repeating: 0, count: 32)
        let first = PossessionProof(of: Scalar.random(), over: digest, fresh: SecretBytes(copying: stuck.span))
        let second = PossessionProof(of: Scalar.random(), over: digest, fresh: SecretBytes(copying: stuck.span))
        #expect(first.commitment != second.commitment)
    }

    @Test("a k that is used twice gives y away: the equation above is the right one")
    func control() throws {
        let share = Scalar.random()
        let nonce = Scalar.random()
        let publicShare = Element(generatorTimes: share)
        let commitment = Element(generatorTimes: nonce)
        let proofs = try (1...2).map { document in
            let digest = [UInt8](repeating: UInt8(document), count: 32)
            let challenge = PossessionProof.challenge(
                publicShare: publicShare,
                commitment: commitment,
                digest: digest
            )
            let response = nonce.adding(share, times: challenge).published()
            let proof = try PossessionProof(commitment: commitment.bytes, response: response.bytes)
            #expect(proof.isValid(for: publicShare, over: digest))
            return (proof: proof, digest: digest)
        }
        #expect(try difference(proofs[0], proofs[1], publicShare) == publicShare)
    }
}
