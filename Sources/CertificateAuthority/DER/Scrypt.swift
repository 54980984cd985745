// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import SecretMemory

/// PBES2 with scrypt as its key derivation function.
///
/// *RFC 7914, section 7; RFC 8018, section 6.2.*
struct Scrypt: Equatable {
    let n: UInt64
    let r: UInt64
    let p: UInt64
    private let salt: [UInt8]
    private let keyByteCount: UInt64?

    /// N·r·p: 32 times what `openssl pkcs8 -scrypt` takes; 512 MiB.
    static let costLimit: UInt64 = 1 << 22

    /// - Returns: Nothing when the algorithm is another one.
    init?(_ algorithm: UnsafePointer<X509_ALGOR>) {
        defer { OpenSSLError.clearQueue() }
        guard unsafe OBJ_obj2nid(algorithm.pointee.algorithm) == NID_pbes2,
            let scheme = unsafe COpenSSL_PBE2PARAM(algorithm)
        else {
            return nil
        }
        defer { unsafe PBE2PARAM_free(scheme) }
        guard unsafe OBJ_obj2nid(scheme.pointee.keyfunc.pointee.algorithm) == NID_id_scrypt,
            let scrypt = unsafe COpenSSL_SCRYPT_PARAMS(scheme.pointee.keyfunc)
        else {
            return nil
        }
        defer { unsafe SCRYPT_PARAMS_free(scrypt) }
        n = unsafe Self.number(scrypt.pointee.costParameter)
        r = unsafe Self.number(scrypt.pointee.blockSize)
        p = unsafe Self.number(scrypt.pointee.parallelizationParameter)
        keyByteCount = unsafe scrypt.pointee.keyLength.map { unsafe Self.number($0) }
        salt = unsafe OpenSSL.bytes(of: scrypt.pointee.salt)
    }

    /// What does not fit is shown as the largest that does.
    private static func number(_ integer: UnsafeMutablePointer<ASN1_INTEGER>?) -> UInt64 {
        var number: UInt64 = 0
        return unsafe ASN1_INTEGER_get_uint64(&number, integer) == 1 ? number : .max
    }

    /// N·r·p, or nothing when that is more than ``costLimit``.
    var cost: Int? {
        let (blocks, isHuge) = n.multipliedReportingOverflow(by: r)
        let (cost, isHuger) = blocks.multipliedReportingOverflow(by: p)
        return isHuge || isHuger || cost > Self.costLimit ? nil : Int(cost)
    }

    /// Derives the key, and sets it and the cipher of the scheme.
    func start(_ context: OpaquePointer, _ algorithm: UnsafePointer<X509_ALGOR>, _ password: LentPassword) -> Bool {
        guard cost != nil, let scheme = unsafe COpenSSL_PBE2PARAM(algorithm) else {
            return false
        }
        defer { unsafe PBE2PARAM_free(scheme) }
        let encryption = unsafe scheme.pointee.encryption!
        let cipher = unsafe EVP_CIPHER_fetch(nil, OpenSSL.numbers(of: encryption.pointee.algorithm), nil)
        defer { unsafe EVP_CIPHER_free(cipher) }
        guard unsafe cipher != nil, unsafe EVP_DecryptInit_ex(context, cipher, nil, nil, nil) == 1,
            unsafe EVP_CIPHER_asn1_to_param(context, encryption.pointee.parameter) > 0
        else {
            return false
        }
        let count = Int(unsafe EVP_CIPHER_CTX_get_key_length(context))
        guard count > 0, keyByteCount == nil || keyByteCount == UInt64(count) else {
            return false
        }
        var isDerived = false
        let key = SecretBytes(count: count) { key in
            unsafe key.withUnsafeMutableBufferPointer { key in
                // 128·N·r for the large table, 128·r·p for the blocks, and what is of their size in small.
                let memory = 128 * (n * r + r * p + 2 * r) + (1 << 16)
                isDerived =
                    unsafe EVP_PBE_scrypt(
                        password.characters,
                        Int(password.count),
                        salt,
                        salt.count,
                        n,
                        r,
                        p,
                        memory,
                        key.baseAddress,
                        count
                    ) == 1
            }
        }
        return unsafe isDerived
            && key.span.withUnsafeBufferPointer { unsafe EVP_DecryptInit_ex(context, nil, nil, $0.baseAddress, nil) }
                == 1
    }
}
