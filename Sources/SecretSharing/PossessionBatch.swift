// SPDX-License-Identifier: Apache-2.0

import Ristretto255

/// Possession proofs of shares of one sharing, verified together: docs/format.md, section 3.11.
///
/// Verifying costs one multiplication a proof and one a commitment, where a proof by itself costs two. What comes out
/// never depends on the weights: when the sum does not hold, each proof is verified by itself.
package struct PossessionBatch<Custodian: Hashable & Sendable>: Sendable {
    private let sharing: Sharing<Custodian>
    private var entries: [Entry] = []

    private struct Entry {
        let proof: PossessionProof
        let path: Path
        let gate: Path
        let publicShare: Element
        let digest: [UInt8]
    }

    package init(for sharing: Sharing<Custodian>) {
        self.sharing = sharing
    }

    /// Adds the proof of the share at a leaf.
    ///
    /// - Parameter digest: D, 32 bytes.
    /// - Throws: ``SecretSharingError/unknownShare(_:)``
    package mutating func add(
        _ proof: PossessionProof,
        at path: Path,
        over digest: [UInt8]
    ) throws(SecretSharingError) {
        guard let publicShare = sharing.publicShares[path], let gate = path.gate else {
            throw .unknownShare(path)
        }
        entries.append(Entry(proof: proof, path: path, gate: gate, publicShare: publicShare, digest: digest))
    }

    /// The positions, in the order of adding, of the proofs that do not hold.
    package func invalid() -> [Int] {
        // The weights are drawn now, when every proof is here, and belong to nobody but the verifier.
        let weights = entries.map { _ in PublicScalar.randomWeight() }
        guard !holds(under: weights) else {
            return []
        }
        return entries.indices.filter { index in
            let entry = entries[index]
            return !entry.proof.isValid(for: entry.publicShare, over: entry.digest)
        }
    }

    /// (Σ wᵢ zᵢ)·G = Σ wᵢ·Rᵢ + Σ over gates Σ over j (Σ wᵢ cᵢ mᵢʲ)·Aⱼ.
    func holds(under weights: [PublicScalar]) -> Bool {
        guard entries.allSatisfy({ !$0.proof.commitment.isIdentity && !$0.publicShare.isIdentity }) else {
            return false
        }
        var response = PublicScalar(0)
        var sum = Element.identity
        var factors: [Path: [PublicScalar]] = [:]
        for (entry, weight) in zip(entries, weights) {
            response = response.adding(weight.multiplied(by: entry.proof.response))
            sum = sum.adding(entry.proof.commitment.multiplied(by: weight))
            let challenge = PossessionProof.challenge(
                publicShare: entry.publicShare,
                commitment: entry.proof.commitment,
                digest: entry.digest
            )
            var factor = weight.multiplied(by: challenge)
            let count = sharing.commitments[entry.gate]?.elements.count ?? 0
            var ofGate = factors[entry.gate] ?? [PublicScalar](repeating: PublicScalar(0), count: count)
            for degree in ofGate.indices {
                ofGate[degree] = ofGate[degree].adding(factor)
                factor = factor.multiplied(by: entry.path.index.scalar)
            }
            factors[entry.gate] = ofGate
        }
        for (gate, factors) in factors {
            for (factor, commitment) in zip(factors, sharing.commitments[gate]?.elements ?? []) {
                sum = sum.adding(commitment.multiplied(by: factor))
            }
        }
        return Element(generatorTimes: response) == sum
    }
}
