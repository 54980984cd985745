// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Ristretto255
package import SecretSharing

/// "I opened my share of this manifest, it is valid, and I accept its custody": docs/format.md, section 4.13.
package struct Receipt: AddedDocument {
    package static let format = DocumentFormat.receipt
    package static let directoryName = "receipts"

    package let claim: PossessionClaim
    package let possession: PossessionProof

    /// Makes the receipt of a custodian who has just opened their share.
    ///
    /// - Parameter share: y, secret.
    package init?(of custodian: Name, in epoch: EpochDocument, at created: Timestamp, provenBy share: borrowing Scalar)
    {
        guard let claim = PossessionClaim(of: custodian, in: epoch, at: created) else {
            return nil
        }
        self.claim = claim
        possession = PossessionProof(of: share, over: claim.members(Self.format))
    }

    package init(canonical bytes: [UInt8]) throws(DocumentError) {
        var fields = try Fields(try JSONValue(canonical: bytes))
        try fields.format(expecting: Self.format)
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
        claim.members(Self.format).merging(["possession": possession.json]) { member, _ in member }
    }

    package func signers(in epoch: Manifest) -> (admitted: [Signer], required: Name?) {
        (epoch.signer(named: custodian), custodian)
    }

    package func check(in epoch: EpochDocument) throws(DocumentError) {
        try claim.check(in: epoch.manifest)
        guard let element = epoch.manifest.sharing.publicShares[claim.path],
            possession.isValid(for: element, over: members)
        else {
            throw .wrongValue(field: "possession", expected: "a proof that holds for \(custodian)'s share")
        }
    }
}

extension Manifest {
    /// The custodian of this name as a signer; none when there is nobody.
    func signer(named name: Name) -> [Signer] {
        person(named: name).map { [$0.signer] } ?? []
    }
}
