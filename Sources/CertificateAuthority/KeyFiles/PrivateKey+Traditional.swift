// SPDX-License-Identifier: Apache-2.0

import COpenSSL
package import SecretMemory

/// The older form of PEM, as step writes it: `EC PRIVATE KEY` and `RSA PRIVATE KEY`.
extension PrivateKey {
    /// What stands after BEGIN in the older form; `nil` for keys that have none, such as Ed25519.
    private var traditionalLabel: String? {
        switch kind {
        case .rsa: "RSA PRIVATE KEY"
        case .ec: "EC PRIVATE KEY"
        case .ed25519, .ed448: nil
        }
    }

    /// The key for a file of the older form: `Proc-Type: 4,ENCRYPTED`, `DEK-Info: AES-256-CBC`; encrypted PKCS#8 for keys
    /// that have none.
    ///
    /// The form derives its key with one round of MD5: nothing but the length of the passphrase protects it.
    ///
    /// - Parameter passphrase: As typed, 1 to 1,024 bytes.
    /// - Returns: The text of the file, which is no secret to those without the passphrase.
    /// - Throws: ``KeyError``
    package func traditionalPEM(passphrase: borrowing SecretBytes) throws(KeyError) -> [UInt8] {
        guard traditionalLabel != nil else {
            return try encryptedPEM(passphrase: passphrase)
        }
        guard passphrase.count <= Self.passphraseByteLimit else {
            throw .passphraseTooLong(byteCount: passphrase.count)
        }
        let text = unsafe passphrase.withCharacters { (characters, count) -> [UInt8]? in
            let bytes = unsafe UnsafeRawPointer(characters).assumingMemoryBound(to: UInt8.self)
            return unsafe OpenSSL.text { bio in
                unsafe PEM_write_bio_PrivateKey_traditional(
                    bio,
                    handle,
                    EVP_aes_256_cbc(),
                    bytes,
                    count,
                    nil,
                    nil
                ) == 1
            }
        }
        guard let text else {
            throw .openSSL(.drainingQueue(after: "encrypt the private key"))
        }
        return text
    }

    /// The key for a file of the older form that is not encrypted; PKCS#8 for keys that have none.
    ///
    /// - Throws: ``KeyError/openSSL(_:)``
    package func traditionalPlainPEM() throws(KeyError) -> SecretBytes {
        guard let label = traditionalLabel else {
            return try plainPEM()
        }
        let der = try unsafe encoded(COpenSSL_traditional_encoder(handle))
        return PEM.text(label: label, secret: der)
    }
}
