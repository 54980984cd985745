// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import Ristretto255
package import SecretSharing

/// "I opened my share of this manifest, it is valid, and I accept its custody": docs/format.md, section 4.13.
package struct Receipt: ClaimingDocument {
    package static let format = DocumentFormat.receipt
    package static let directoryName = "receipts"

    package let claim: PossessionClaim
    package let possession: PossessionProof

    package static let shape = Shape<Receipt>(
        Self.init,
        Member(allOf: PossessionClaim.shape, \.claim),
        Member("possession", .possession, \.possession)
    )

    package func check(in epoch: EpochDocument) throws(DocumentError) {
        try claim.check(in: epoch.manifest)
        try checkPossession(in: epoch)
    }
}

extension Receipt {
    /// Makes the receipt of a custodian who has just opened their share.
    ///
    /// - Parameter share: y, secret.
    package init?(of custodian: Name, in epoch: EpochDocument, at created: Timestamp, provenBy share: borrowing Scalar)
    {
        guard let claim = PossessionClaim(of: custodian, in: epoch, at: created) else {
            return nil
        }
        self.init(provenBy: share) { Receipt(claim: claim, possession: $0) }
    }
}
