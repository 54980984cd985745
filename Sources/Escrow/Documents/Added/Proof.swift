// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SecretSharing

/// A custodian's answer to a challenge, that they know their share today: docs/format.md, section 4.15.
///
/// Whether the proof of possession holds is not part of being filed: many are verified at once, in ``ProofReview``.
package struct Proof: ClaimingDocument {
    package static let format = DocumentFormat.proof
    package static let directoryName = "proofs"

    /// The digest of the challenge's file.
    package let challenge: SHA256Digest
    package let claim: PossessionClaim
    package let possession: PossessionProof

    package static let shape = Shape<Proof>(
        Self.init,
        Member("challenge", .digest, \.challenge),
        Member(allOf: PossessionClaim.shape, \.claim),
        Member("possession", .possession, \.possession)
    )

    package func check(in epoch: EpochDocument) throws(DocumentError) {
        try claim.check(in: epoch.manifest)
    }
}
