// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
import KeyStores

extension CAMaterial {
    /// Has the CA's key sign a drill's receipt, after every key has signed for its own certificate.
    ///
    /// What is signed is the CA statement about the receipt: docs/format.md, section 3.9. All of it happens in memory.
    ///
    /// - Parameters:
    ///   - receipt: The canonical bytes.
    ///   - certificate: The one that the receipt names.
    ///   - path: Of the PKCS#12 file, for errors.
    /// - Returns: The signature.
    /// - Throws: ``OpeningFault/keysDoNotMatchManifest(path:)`` when a key does not sign for its certificate.
    package func sign(
        receipt: [UInt8],
        under certificate: Certificate,
        from path: String
    ) throws(EscrowError) -> [UInt8] {
        guard let newest = generations.first(where: { $0.certificates.contains(certificate) }),
            generations.allSatisfy(KeyProof.holds)
        else {
            throw .opening(.keysDoNotMatchManifest(path: path))
        }
        let statement = CASignatureFile.statement(of: "drill", about: receipt)
        let signature: [UInt8]
        do {
            signature = try newest.key.sign(statement: statement)
        } catch {
            throw .opening(.keysDoNotMatchManifest(path: path))
        }
        guard certificate.verify(signature: signature, over: statement) else {
            throw .opening(.keysDoNotMatchManifest(path: path))
        }
        return signature
    }
}
