// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
import Custody
import SecretMemory

/// The proof that a restored key is the CA's: it is read back from the store and signs a statement.
///
/// docs/format.md, section 3.9: the statement is `readback`, over 32 random bytes drawn here; nothing from outside is signed, and
/// the signature is not kept.
package enum ReadBack {
    /// Proves every generation against its newest certificate.
    ///
    /// - Throws: ``EscrowError/readBackFailed(store:)``
    package static func prove(_ restored: RestoredKey, store: String) throws(EscrowError) {
        guard restored.generations.allSatisfy(holds) else {
            throw .readBackFailed(store: store)
        }
    }

    /// Whether a key signs for its newest certificate.
    static func holds(_ generation: KeyGeneration) -> Bool {
        let drawn = SecretBytes.random(count: 32).withSpan { span in span.indices.map { span[$0] } }
        let statement = CAKeyStatement.text(kind: "readback", digestHex: SHA256Digest(of: drawn).description)
        guard let signature = try? generation.key.sign(statement: statement) else {
            return false
        }
        return generation.newest.verify(signature: signature, over: statement)
    }
}
