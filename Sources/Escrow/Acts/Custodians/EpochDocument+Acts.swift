// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
import SecretSharing

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
        let share = try openShare(of: identity, at: identityPath, in: escrow)
        guard let receipt = Receipt(of: identity.name, in: self, at: now, provenBy: share) else {
            throw .person(.notACustodian(path: identityPath, identity.name))
        }
        return SignedDocument(receipt, in: self, by: identity)
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
        let share = try openShare(of: identity, at: identityPath, in: escrow)
        guard let proof = Proof(by: identity.name, to: challenge, in: self, at: now, provenBy: share) else {
            throw .person(.notACustodian(path: identityPath, identity.name))
        }
        return SignedDocument(proof, in: self, by: identity)
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
