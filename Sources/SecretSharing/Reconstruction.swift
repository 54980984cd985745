// SPDX-License-Identifier: Apache-2.0

package import Ristretto255

/// Rebuilds one gate's secret from its members' shares, added one at a time and not kept.
///
/// RFC 9591, Appendix C.1, `secret_share_combine`: Σ λᵢ × shareᵢ, where λᵢ depends on the indices alone, and those are
/// public. The sum of 32 bytes is all that it holds.
package struct Reconstruction: ~Copyable {
    private let gate: Path
    private let commitments: Commitments
    private let quorum: Set<ShareIndex>
    private var received: Set<ShareIndex> = []
    private var sum: Scalar?

    /// - Parameters:
    ///   - gate: The gate's path, which errors name.
    ///   - quorum: The members whose shares will come: exactly these.
    /// - Throws: ``SecretSharingError/notEnoughShares(gate:found:needed:)``
    package init(
        of gate: Path,
        commitments: Commitments,
        from quorum: Set<ShareIndex>
    ) throws(SecretSharingError) {
        guard quorum.count >= commitments.elements.count else {
            throw .notEnoughShares(gate: gate, found: quorum.count, needed: commitments.elements.count)
        }
        self.gate = gate
        self.quorum = quorum
        self.commitments = commitments
        sum = nil
    }

    /// Checks a share against the commitments, adds its part of the secret, and erases it.
    ///
    /// - Throws: ``SecretSharingError/unknownShare(_:)``, ``SecretSharingError/duplicateShare(_:)``,
    ///   ``SecretSharingError/shareDoesNotMatchCommitments(_:)``
    package mutating func add(_ share: consuming Scalar, at index: ShareIndex) throws(SecretSharingError) {
        let path = gate.member(Int(index.value))
        guard quorum.contains(index) else {
            throw .unknownShare(path)
        }
        guard Element(generatorTimes: share) == commitments.publicShare(at: index) else {
            throw .shareDoesNotMatchCommitments(path)
        }
        guard received.insert(index).inserted else {
            throw .duplicateShare(path)
        }
        let factor = lagrangeCoefficient(of: index)
        if let before = sum.take() {
            sum = before.adding(share, times: factor)
        } else {
            sum = share.multiplied(by: factor)
        }
    }

    /// The gate's secret, once the whole quorum has been added.
    ///
    /// - Throws: ``SecretSharingError/notEnoughShares(gate:found:needed:)``,
    ///   ``SecretSharingError/secretDoesNotMatchCommitments(gate:)``
    package consuming func finish() throws(SecretSharingError) -> Scalar {
        let (gate, found, needed, secret) = (gate, received.count, quorum.count, commitments.secret)
        guard found == needed, let sum = sum.take() else {
            throw .notEnoughShares(gate: gate, found: found, needed: needed)
        }
        guard Element(generatorTimes: sum) == secret else {
            throw .secretDoesNotMatchCommitments(gate: gate)
        }
        return sum
    }

    /// λᵢ = Π xⱼ / (xⱼ − xᵢ) over all j ≠ i: RFC 9591, Section 4.2, `derive_interpolating_value`.
    private func lagrangeCoefficient(of index: ShareIndex) -> PublicScalar {
        var numerator = PublicScalar(1)
        var denominator = PublicScalar(1)
        for other in quorum where other != index {
            numerator = numerator.multiplied(by: other.scalar)
            denominator = denominator.multiplied(by: other.scalar.subtracting(index.scalar))
        }
        do {
            return numerator.multiplied(by: try denominator.inverted())
        } catch {
            preconditionFailure("the indices of a quorum differ from one another: \(error)")
        }
    }
}
