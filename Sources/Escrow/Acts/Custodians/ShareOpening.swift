// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
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

// What a custodian signs about their own share. Each opens the share anew, and nothing of it is left afterwards.
extension EpochDocument {
    /// Opens the custodian's share and makes the receipt of it.
    ///
    /// - Parameter identityPath: What errors call the identity.
    /// - Throws: What ``openShare(of:at:in:)`` throws.
    package func acknowledge(
        by identity: borrowing Identity,
        at identityPath: String,
        in escrow: EscrowDirectory,
        now: Timestamp
    ) throws(EscrowError) -> SignedDocument {
        let name = identity.name
        return try sign(by: identity, at: identityPath, in: escrow) { share in
            Receipt(of: name, in: self, at: now, provenBy: share)
        }
    }

    /// Opens the custodian's share and answers a challenge.
    ///
    /// - Throws: What ``openShare(of:at:in:)`` throws.
    package func prove(
        _ challenge: Filed<Challenge>,
        by identity: borrowing Identity,
        at identityPath: String,
        in escrow: EscrowDirectory,
        now: Timestamp
    ) throws(EscrowError) -> SignedDocument {
        let name = identity.name
        return try sign(by: identity, at: identityPath, in: escrow) { share in
            Proof(by: name, to: challenge, in: self, at: now, provenBy: share)
        }
    }

    /// Opens the custodian's share, and signs what it proves.
    private func sign(
        by identity: borrowing Identity,
        at identityPath: String,
        in escrow: EscrowDirectory,
        _ document: (borrowing Scalar) -> (some CustodianDocument)?
    ) throws(EscrowError) -> SignedDocument {
        let share = try openShare(of: identity, at: identityPath, in: escrow)
        guard let document = document(share) else {
            throw .person(.notACustodian(path: identityPath, identity.name))
        }
        return SignedDocument(document, in: self, by: identity)
    }

    /// Opens the custodian's share and seals it to the key of a request, which the caller has checked.
    ///
    /// - Throws: What ``openShare(of:at:in:)`` throws, and ``EscrowError/release(path:_:)``
    package func release(
        for request: Filed<Request>,
        by identity: borrowing Identity,
        at identityPath: String,
        in escrow: EscrowDirectory,
        now: Timestamp
    ) throws(EscrowError) -> ReleaseBox {
        let share = try openShare(of: identity, at: identityPath, in: escrow)
        return try ReleaseBox(of: share, by: identity, for: request, in: self, at: now)
    }
}
