// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority

/// A restored key where it lies now: what signs to prove the restore.
package protocol RestoredSigner: Sendable {
    /// Those that lie beside it, at least one, newest first.
    var certificates: [Certificate] { get }

    /// Signs a statement, and nothing else.
    ///
    /// - Parameter statement: What ``CAKeyStatement/text(kind:digestHex:)`` gives.
    /// - Throws: ``StoreError``
    func sign(statement: [UInt8]) throws(StoreError) -> StatementSignature
}

extension RestoredSigner {
    /// The certificate that it is held against.
    package var newest: Certificate { certificates[0] }

    /// Whether it signs for its newest certificate.
    ///
    /// - Throws: ``StoreError``
    package func proves(_ statement: [UInt8]) throws(StoreError) -> Bool {
        newest.verify(try sign(statement: statement), over: statement)
    }
}

/// A key that was read back from a file.
extension KeyGeneration: RestoredSigner {
    package func sign(statement: [UInt8]) throws(StoreError) -> StatementSignature {
        do throws(KeyError) {
            return StatementSignature(bytes: try key.sign(statement: statement))
        } catch {
            throw .key(path: name ?? newest.subject, error)
        }
    }
}
