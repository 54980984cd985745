// SPDX-License-Identifier: Apache-2.0

package import Custody
import Encoding
package import Ristretto255
import SecretMemory
import SecretSharing

extension EpochDocument {
    /// Opens a custodian's own share and checks all that it is bound to: the head of the manifest, and its commitments.
    ///
    /// - Parameters:
    ///   - identityPath: What errors call the identity.
    ///   - escrow: Where the epoch lies in which the share was sealed, when that is an earlier one.
    /// - Throws: ``PersonFault/notACustodian(path:_:)``, ``PersonFault/identityIsNotThePerson(path:_:)``,
    ///   ``OpeningFault/headDigest(_:_:)``, ``EscrowError/box(_:_:_:)``, ``EscrowError/share(_:_:)``
    package func openShare(
        of identity: borrowing Identity,
        at identityPath: String,
        in escrow: EscrowDirectory
    ) throws(EscrowError) -> Scalar {
        let name = identity.name
        guard let person = manifest.person(named: name), let sealed = manifest.share(of: name) else {
            throw .person(.notACustodian(path: identityPath, name))
        }
        guard person.sealingKey == identity.sealingKey, person.signingKey == identity.signingKey else {
            throw .person(.identityIsNotThePerson(path: identityPath, name))
        }
        guard let sealedIn = ancestor(sealed.sealedIn, in: escrow), sealedIn.manifest.set == manifest.set else {
            throw .opening(.headDigest(name, sealed.path))
        }
        try checkShares()
        let header = BoxHeader(
            purpose: .share,
            set: manifest.set.bytes,
            epoch: UInt32(sealed.sealedIn),
            path: sealed.path.numbers,
            context: sealedIn.manifest.headDigest,
            recipient: person.sealingKey
        )
        let share: Scalar
        do {
            let value = try identity.open(box: sealed.box, expecting: header)
            share = try Scalar(canonical: value.span)
        } catch let error as BoxError {
            throw error == .mismatch(.context)
                ? .opening(.headDigest(name, sealed.path)) : .box(name, sealed.path, error)
        } catch {
            throw .share(name, .shareDoesNotMatchCommitments(sealed.path))
        }
        guard manifest.sharing.matches(share, at: sealed.path) else {
            throw .share(name, .shareDoesNotMatchCommitments(sealed.path))
        }
        return share
    }
}
