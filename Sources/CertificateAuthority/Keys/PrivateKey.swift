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
        let kind: KeyKind
        let spki: [UInt8]?
        do throws(KeyError) {
            kind = try unsafe KeyKind(of: handle)
            spki = unsafe OpenSSL.der { unsafe i2d_PUBKEY(handle, $0) }
        } catch {
            unsafe EVP_PKEY_free(handle)
            throw error
        }
        guard let spki else {
            unsafe EVP_PKEY_free(handle)
            throw .openSSL(.drainingQueue(after: "encode the public key"))
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
