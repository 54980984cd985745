// SPDX-License-Identifier: Apache-2.0

package import KeyStores

/// The proof that a restored key is the CA's: read back from the store, or inside the token, it signs a statement.
///
/// ``KeyStore/restore(_:protection:ownership:passphrase:)`` reads it back, and ``RestoredSigner/proves(_:)`` holds its
/// signature against the certificate. docs/format.md, section 3.9: the statement is `readback`, over 32 random bytes
/// drawn for it; nothing from outside is signed, and the signature is not kept.
package enum RestoredKeyProof {
    /// Proves every generation against its newest certificate.
    ///
    /// - Throws: ``OpeningFault/readBackFailed(store:)``
    package static func prove(_ restored: RestoredKey, store: String) throws(EscrowError) {
        guard restored.signers.allSatisfy(KeyProof.holds) else {
            throw .opening(.readBackFailed(store: store))
        }
    }
}
