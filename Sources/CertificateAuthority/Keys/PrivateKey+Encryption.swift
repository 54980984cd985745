// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import SecretMemory

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
        let info = unsafe der.withCharacters { (bytes, count) -> OpaquePointer? in
            var cursor: UnsafePointer<UInt8>? = unsafe UnsafeRawPointer(bytes).assumingMemoryBound(to: UInt8.self)
            return unsafe d2i_PKCS8_PRIV_KEY_INFO(nil, &cursor, Int(count))
        }
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
