// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import SecretMemory

/// Encrypted PKCS#8: what it costs to open, and how it is made.
extension PrivateKey {
    /// Refuses an encrypted PKCS#8 key whose derivation would take for ever, before anything is derived.
    ///
    /// - Throws: ``KeyError/tooManyIterations(found:limit:)``, ``KeyError/scryptTooCostly(n:r:p:)``
    static func checkCost(of file: borrowing SecretBytes) throws(KeyError) {
        let encrypted = unsafe file.withCharacters { bytes, count -> OpaquePointer? in
            guard let bio = unsafe BIO_new_mem_buf(bytes, count) else {
                return nil
            }
            defer { unsafe BIO_free(bio) }
            return unsafe bytes[0] == 0x30
                ? unsafe d2i_PKCS8_bio(bio, nil) : unsafe PEM_read_bio_PKCS8(bio, nil, { _, _, _, _ in -1 }, nil)
        }
        OpenSSLError.clearQueue()
        guard let encrypted = unsafe encrypted else {
            return  // not encrypted, or in the older form, which iterates nothing
        }
        defer { unsafe X509_SIG_free(encrypted) }
        var algorithm: UnsafePointer<X509_ALGOR>?
        unsafe X509_SIG_get0(encrypted, &algorithm, nil)
        do {
            _ = try unsafe PKCS12Protection(algorithm!, part: "key")
        } catch .iterationCountOutOfRange(_, let found, let limit) {
            throw .tooManyIterations(found: found, limit: limit)
        } catch {
            // Others than PBES2 need ciphers that only the legacy provider has, which is not loaded for key files.
            try unsafe checkScrypt(algorithm!)
        }
    }

    /// OpenSSL bounds what scrypt takes of memory, and not how long it takes.
    private static func checkScrypt(_ algorithm: UnsafePointer<X509_ALGOR>) throws(KeyError) {
        defer { OpenSSLError.clearQueue() }
        guard unsafe OBJ_obj2nid(algorithm.pointee.algorithm) == NID_pbes2,
            let scheme = unsafe COpenSSL_PBE2PARAM(algorithm)
        else {
            return
        }
        defer { unsafe PBE2PARAM_free(scheme) }
        guard unsafe OBJ_obj2nid(scheme.pointee.keyfunc.pointee.algorithm) == NID_id_scrypt,
            let scrypt = unsafe COpenSSL_SCRYPT_PARAMS(scheme.pointee.keyfunc)
        else {
            return
        }
        defer { unsafe SCRYPT_PARAMS_free(scrypt) }
        let (n, r, p) = unsafe (
            number(scrypt.pointee.costParameter), number(scrypt.pointee.blockSize),
            number(scrypt.pointee.parallelizationParameter)
        )
        let (blocks, isHuge) = n.multipliedReportingOverflow(by: r)
        let (cost, isHuger) = blocks.multipliedReportingOverflow(by: p)
        guard !isHuge, !isHuger, cost <= scryptCostLimit else {
            throw .scryptTooCostly(n: n, r: r, p: p)
        }
    }

    /// What does not fit is shown as the largest that does.
    private static func number(_ integer: UnsafeMutablePointer<ASN1_INTEGER>?) -> UInt64 {
        var number: UInt64 = 0
        return unsafe ASN1_INTEGER_get_uint64(&number, integer) == 1 ? number : .max
    }

    /// N·r·p: 32 times what `openssl pkcs8 -scrypt` takes.
    static let scryptCostLimit: UInt64 = 1 << 22

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
