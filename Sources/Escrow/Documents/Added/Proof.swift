// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Ristretto255
package import SecretSharing

/// A custodian's answer to a challenge, that they know their share today: docs/format.md, section 4.15.
///
/// Whether the proof of possession holds is not part of being filed: many are verified at once, in ``ProofReview``.
package struct Proof: AddedDocument {
    package static let format = DocumentFormat.proof
    package static let directoryName = "proofs"

    /// The digest of the challenge's file.
    package let challenge: SHA256Digest
    package let claim: PossessionClaim
    package let possession: PossessionProof

    /// Answers a challenge.
    ///
    /// - Parameter share: y, secret.
    package init?(
        by custodian: Name,
        to challenge: Filed<Challenge>,
        in epoch: EpochDocument,
        at created: Timestamp,
        provenBy share: borrowing Scalar
    ) {
        guard let claim = PossessionClaim(of: custodian, in: epoch, at: created) else {
            return nil
        }
        self.claim = claim
        self.challenge = challenge.digest
        possession = PossessionProof(of: share, over: Self.members(claim, challenge.digest))
    }

    package init(canonical bytes: [UInt8]) throws(DocumentError) {
        var fields = try Fields(try JSONValue(canonical: bytes))
        try fields.format(expecting: Self.format)
        challenge = try fields.digest("challenge")
        claim = try PossessionClaim(&fields)
        possession = try fields.possession()
        try fields.finish()
    }

    package var created: Timestamp { claim.created }
    package var custodian: Name { claim.custodian }
    package var manifest: SHA256Digest { claim.manifest }
    package var set: SetIdentifier { claim.set }
    package var fileNameStart: String { claim.custodian.description }

    package var members: [String: JSONValue] {
        Self.members(claim, challenge).merging(["possession": possession.json]) { member, _ in member }
    }

    package func signers(in epoch: Manifest) -> (admitted: [Signer], required: Name?) {
        (epoch.signer(named: custodian), custodian)
    }

    package func check(in epoch: EpochDocument) throws(DocumentError) {
        try claim.check(in: epoch.manifest)
    }

    private static func members(_ claim: PossessionClaim, _ challenge: SHA256Digest) -> [String: JSONValue] {
        claim.members(format).merging(["challenge": .string(challenge.description)]) { member, _ in member }
    }
}
