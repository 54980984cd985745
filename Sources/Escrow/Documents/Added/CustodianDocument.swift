// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SecretSharing

/// A document in which a custodian says something, and which their signature must stand beside.
package protocol CustodianDocument: AddedDocument {
    var custodian: Name { get }
}

extension CustodianDocument {
    package var fileNameStart: String { custodian.description }

    package func signers(in epoch: Manifest) -> (admitted: [Signer], required: Name?) {
        (epoch.signer(named: custodian), custodian)
    }
}

/// A document in which a custodian claims to know their share.
package protocol ClaimingDocument: CustodianDocument {
    var claim: PossessionClaim { get }
    var possession: PossessionProof { get }
}

extension ClaimingDocument {
    package var heading: Heading { claim.heading }
    package var custodian: Name { claim.custodian }

    /// - Throws: ``DocumentError`` unless its proof holds for the share that it claims.
    func checkPossession(in epoch: EpochDocument) throws(DocumentError) {
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
