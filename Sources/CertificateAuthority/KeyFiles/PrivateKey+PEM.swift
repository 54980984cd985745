// SPDX-License-Identifier: Apache-2.0

import COpenSSL
package import SecretMemory

/// Key files: PEM in every form that OpenSSL knows, and DER.
extension PrivateKey {
    /// How often PBKDF2 with HMAC-SHA-256 is iterated for a key that goes to a file: OWASP's figure of 2023.
    package static let pemIterationCount = 600_000

    /// Reads a key file that is not encrypted.
    ///
    /// - Throws: ``KeyError/encrypted`` when it is; other ``KeyError``, also for what no passphrase would be tried on.
    package init(pem: borrowing SecretBytes) throws(KeyError) {
        self = try KeyFile.parse(pem).key()
    }

    /// Reads a key file: PKCS#8, PKCS#1 or SEC 1 in PEM, encrypted or not, or the same in DER.
    ///
    /// A passphrase that is not ASCII is tried as UTF-8, as Latin-1, and as OpenSSL before 1.1.0 took it.
    ///
    /// - Parameters:
    ///   - pem: The file; of several keys the first is read.
    ///   - passphrase: As typed, without line end or terminating zero; not looked at when the key is not encrypted.
    /// - Throws: ``KeyError/wrongPassphrase`` when a decryption ends in no private key, and for nothing else; other
    ///   ``KeyError``
    package init(pem: borrowing SecretBytes, passphrase: borrowing SecretBytes) throws(KeyError) {
        guard passphrase.count <= Self.passphraseByteLimit else {
            throw .passphraseTooLong(byteCount: passphrase.count)
        }
        self = try KeyFile.parse(pem).key(inAnyFormOf: passphrase)
    }

    /// The key for a file: PKCS#8 under PBES2 with AES-256-CBC, PBKDF2 with HMAC-SHA-256 and a salt of 16 bytes.
    ///
    /// - Parameter passphrase: As typed, 1 to 1,024 bytes.
    /// - Returns: The text of the file, which is no secret to those without the passphrase.
    /// - Throws: ``KeyError/passphraseTooLong(byteCount:)``, ``KeyError/openSSL(_:)``
    package func encryptedPEM(passphrase: borrowing SecretBytes) throws(KeyError) -> [UInt8] {
        guard passphrase.count <= Self.passphraseByteLimit else {
            throw .passphraseTooLong(byteCount: passphrase.count)
        }
        let encrypted = try unsafe shrouded(password: passphrase, iterations: Self.pemIterationCount)
        defer { unsafe X509_SIG_free(encrypted) }
        guard let der = unsafe OpenSSL.der({ unsafe i2d_X509_SIG(encrypted, $0) }) else {
            throw .openSSL(.drainingQueue(after: "encode the encrypted private key"))
        }
        return PEM.text(label: "ENCRYPTED PRIVATE KEY", der)
    }

    /// The key for a file that is not encrypted: PKCS#8.
    ///
    /// - Throws: ``KeyError/openSSL(_:)``
    package func plainPEM() throws(KeyError) -> SecretBytes {
        let der = try pkcs8()
        return PEM.text(label: "PRIVATE KEY", secret: der)
    }

    /// `PEM_BUFSIZE`, what OpenSSL's own programs have room for.
    static let passphraseByteLimit = 1024
}

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
