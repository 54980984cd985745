// SPDX-License-Identifier: Apache-2.0

package import Ristretto255

/// Rebuilds one gate's secret from its members' shares, added one at a time and not kept.
///
/// RFC 9591, Appendix C.1, `secret_share_combine`: Σ λᵢ × shareᵢ, where λᵢ depends on the indices alone, and those are
/// public. The sum is all that it holds.
package struct Reconstruction: ~Copyable {
    private let gate: Path
    private let secret: Element
    private let publicShares: [ShareIndex: Element]
    private let factors: [ShareIndex: PublicScalar]
    private var received: Set<ShareIndex> = []
    private var sum = ScalarSum()

    /// - Parameters:
    ///   - gate: The gate's path, which errors name.
    ///   - commitments: The gate's own.
    ///   - publicShares: X of the members whose shares will come: exactly these.
    /// - Throws: ``SecretSharingError/notEnoughShares(gate:found:needed:)``
    package init(
        of gate: Path,
        commitments: Commitments,
        publicShares: [ShareIndex: Element]
    ) throws(SecretSharingError) {
        guard publicShares.count >= commitments.elements.count else {
            throw .notEnoughShares(gate: gate, found: publicShares.count, needed: commitments.elements.count)
        }
        self.gate = gate
        self.publicShares = publicShares
        secret = commitments.secret
        factors = ShareIndex.interpolatingValues(of: publicShares.keys.sorted { $0.value < $1.value })
    }

    /// Begins with a quorum whose X are not known yet: each costs as many multiplications as there are commitments.
    ///
    /// - Throws: ``SecretSharingError/notEnoughShares(gate:found:needed:)``
    package init(
        of gate: Path,
        commitments: Commitments,
        from quorum: Set<ShareIndex>
    ) throws(SecretSharingError) {
        let publicShares = quorum.map { ($0, commitments.publicShare(at: $0)) }
        try self.init(
            of: gate,
            commitments: commitments,
            publicShares: Dictionary(uniqueKeysWithValues: publicShares)
        )
    }

    /// Checks a share against the commitments, adds its part of the secret, and erases it.
    ///
    /// - Throws: ``SecretSharingError/unknownShare(_:)``, ``SecretSharingError/duplicateShare(_:)``,
    ///   ``SecretSharingError/shareDoesNotMatchCommitments(_:)``
    package mutating func add(_ share: consuming Scalar, at index: ShareIndex) throws(SecretSharingError) {
        let path = gate.member(Int(index.value))
        guard let publicShare = publicShares[index], let factor = factors[index] else {
            throw .unknownShare(path)
        }
        guard Element(generatorTimes: share) == publicShare else {
            throw .shareDoesNotMatchCommitments(path)
        }
        guard received.insert(index).inserted else {
            throw .duplicateShare(path)
        }
        sum.add(share, times: factor)
    }

    /// The gate's secret, once the whole quorum has been added.
    ///
    /// - Throws: ``SecretSharingError/notEnoughShares(gate:found:needed:)``,
    ///   ``SecretSharingError/secretDoesNotMatchCommitments(gate:)``
    package consuming func finish() throws(SecretSharingError) -> Scalar {
        let (gate, found, needed, secret) = (gate, received.count, publicShares.count, secret)
        guard found == needed else {
            throw .notEnoughShares(gate: gate, found: found, needed: needed)
        }
        let sum = sum.finish()
        guard Element(generatorTimes: sum) == secret else {
            throw .secretDoesNotMatchCommitments(gate: gate)
        }
        return sum
    }
}
