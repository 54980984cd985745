// SPDX-License-Identifier: Apache-2.0

import COpenSSL
package import SecretMemory

/// A certification authority's private key, held by OpenSSL and freed with its one owner.
///
/// It is of a kind that ``KeyKind`` names: everything else is refused when it is read. Its numbers lie in OpenSSL's
/// secure heap once ``OpenSSL/start()`` was called.
@safe
package struct PrivateKey: ~Copyable, @unchecked Sendable {
    let handle: OpaquePointer  // EVP_PKEY *, never null; never changed once read, so threads may share it
    /// What kind of key it is.
    package let kind: KeyKind
    /// The public key: DER SubjectPublicKeyInfo.
    package let spki: [UInt8]

    /// Takes over a key from OpenSSL, and frees it when it is refused.
    ///
    /// - Throws: ``KeyError/keyTypeNotAccepted(_:)``, ``KeyError/openSSL(_:)``
    init(owning handle: OpaquePointer) throws(KeyError) {
        let (kind, spki): (KeyKind, [UInt8])
        do throws(KeyError) {
            kind = try unsafe KeyKind(of: handle)
            guard let encoded = unsafe OpenSSL.der({ unsafe i2d_PUBKEY(handle, $0) }) else {
                throw .openSSL(.drainingQueue(after: "encode the public key"))
            }
            spki = encoded
        } catch {
            unsafe EVP_PKEY_free(handle)
            throw error
        }
        unsafe self.handle = handle
        self.kind = kind
        self.spki = spki
    }

    deinit {
        unsafe EVP_PKEY_free(handle)
    }

    /// The key as it is backed up: unencrypted PKCS#8 in DER, what `openssl pkcs8 -topk8 -nocrypt -outform DER` writes.
    ///
    /// - Throws: ``KeyError/openSSL(_:)``
    package func pkcs8() throws(KeyError) -> SecretBytes {
        // EVP_PKEY2PKCS8 and i2d would free a copy of the key without erasing it.
        try unsafe encoded(COpenSSL_PrivateKeyInfo_encoder(handle))
    }

    /// What an encoder makes of the key; the encoder is freed.
    ///
    /// - Parameter encoder: `OSSL_ENCODER_CTX *`, the caller's no more.
    func encoded(_ encoder: OpaquePointer?) throws(KeyError) -> SecretBytes {
        var start: UnsafeMutablePointer<UInt8>?
        var count = 0
        defer { unsafe OSSL_ENCODER_CTX_free(encoder) }
        guard unsafe OSSL_ENCODER_to_data(encoder, &start, &count) == 1, let start = unsafe start, count > 0 else {
            throw .openSSL(.drainingQueue(after: "encode the private key"))
        }
        defer { unsafe COpenSSL_clear_free(start, count) }
        return SecretBytes(copying: unsafe UnsafeBufferPointer(start: start, count: count).span)
    }
}

/// Encrypted PKCS#8: how it is made.
extension PrivateKey {
    /// The key encrypted with a password, as key files and PKCS#12 bags hold it.
    ///
    /// - Parameters:
    ///   - password: Without terminating zero.
    ///   - iterations: Of the key derivation.
    ///   - isOld: 3DES with SHA-1 (RFC 7292, Appendix C) in place of PBES2 with AES-256 and HMAC-SHA-256.
    ///   - keyUsage: An attribute for Windows, ``KeyGeneration/keyUsage``.
    /// - Returns: `X509_SIG *`, the caller's to free.
    func shrouded(
        password: borrowing SecretBytes,
        iterations: Int,
        isOld: Bool = false,
        keyUsage: UInt8? = nil
    ) throws(KeyError) -> OpaquePointer {
        let der = try pkcs8()
        let info = unsafe OpenSSL.read(der.span) { unsafe d2i_PKCS8_PRIV_KEY_INFO(nil, $0, $1) }
        defer { unsafe PKCS8_PRIV_KEY_INFO_free(info) }
        if let keyUsage {
            guard unsafe PKCS8_add_keyusage(info, Int32(keyUsage)) == 1 else {
                throw .openSSL(.drainingQueue(after: "note what the private key is for"))
            }
        }
        let encrypted = unsafe password.withCharacters { (characters, count) -> OpaquePointer? in
            // With a cipher, the first number names the function that PBKDF2 iterates.
            unsafe PKCS8_encrypt(
                isOld ? NID_pbe_WithSHA1And3_Key_TripleDES_CBC : NID_hmacWithSHA256,
                isOld ? nil : EVP_aes_256_cbc(),
                characters,
                count,
                nil,
                isOld ? Self.oldSaltByteCount : Self.saltByteCount,
                Int32(iterations),
                info
            )
        }
        guard let encrypted = unsafe encrypted else {
            throw .openSSL(.drainingQueue(after: "encrypt the private key"))
        }
        return unsafe encrypted
    }

    static let saltByteCount: Int32 = 16
    /// What Windows itself writes.
    private static let oldSaltByteCount: Int32 = 8
}
