// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import SecretMemory

/// Decrypts what a password protects: PKCS#8 key files, key bags and safes of PKCS#12.
///
/// What is not known of the algorithm is told from what the password did: only the end of the decryption, and what came
/// out, are the password's fault.
enum PasswordDecryption {
    enum Failure: Error {
        /// The key derivation or the cipher could not be started.
        case notStarted(OpenSSLError)
        /// The padding is wrong: another password, or a damaged file.
        case badDecrypt
    }

    /// - Parameters:
    ///   - encrypted: `ASN1_OCTET_STRING *`
    ///   - algorithm: Within bounds: ``PasswordProtection`` has seen it.
    /// - Returns: What may be the plaintext: a cipher without padding gives bytes for every password.
    static func decrypt(
        _ encrypted: UnsafePointer<ASN1_OCTET_STRING>,
        _ algorithm: UnsafePointer<X509_ALGOR>,
        _ password: LentPassword
    ) throws(Failure) -> SecretBytes {
        let context = unsafe EVP_CIPHER_CTX_new()
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        guard let context = unsafe context, unsafe start(context, algorithm, password),
            // These ciphers end in a tag, for which the format has no place.
            unsafe EVP_CIPHER_get_flags(EVP_CIPHER_CTX_get0_cipher(context)) & UInt(EVP_CIPH_FLAG_AEAD_CIPHER) == 0
        else {
            throw .notStarted(.drainingQueue(after: "decrypt"))
        }
        return try unsafe finish(
            context,
            UnsafeBufferPointer(start: ASN1_STRING_get0_data(encrypted), count: Int(ASN1_STRING_length(encrypted)))
        )
    }

    /// Decrypts with a cipher whose key is set.
    static func finish(
        _ context: OpaquePointer,
        _ encrypted: UnsafeBufferPointer<UInt8>
    ) throws(Failure) -> SecretBytes {
        guard !encrypted.isEmpty else {
            throw .badDecrypt
        }
        var total = 0
        let room = encrypted.count + Int(EVP_MAX_BLOCK_LENGTH)
        let plain = SecretBytes(count: room) { plain in
            unsafe plain.withUnsafeMutableBufferPointer { plain in
                var (updated, final): (Int32, Int32) = (0, 0)
                guard
                    unsafe EVP_DecryptUpdate(
                        context,
                        plain.baseAddress,
                        &updated,
                        encrypted.baseAddress,
                        Int32(encrypted.count)
                    ) == 1,
                    unsafe EVP_DecryptFinal_ex(context, plain.baseAddress! + Int(updated), &final) == 1
                else {
                    return
                }
                total = Int(updated + final)
            }
        }
        OpenSSLError.clearQueue()
        guard total > 0 else {
            throw .badDecrypt
        }
        return SecretBytes(copying: plain.span.extracting(0..<total))
    }

    private static func start(
        _ context: OpaquePointer,
        _ algorithm: UnsafePointer<X509_ALGOR>,
        _ password: LentPassword
    ) -> Bool {
        guard let scrypt = unsafe Scrypt(algorithm) else {
            return unsafe EVP_PBE_CipherInit(
                algorithm.pointee.algorithm,
                password.characters,
                password.count,
                algorithm.pointee.parameter,
                context,
                0
            ) == 1
        }
        // OpenSSL's own way from here stops at 32 MiB.
        return unsafe scrypt.start(context, algorithm, password)
    }
}
