// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import SecretMemory

/// Bytes in and out of OpenSSL.
extension OpenSSL {
    /// SHA-256.
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        unsafe digest(bytes, EVP_sha256())
    }

    /// SHA-256 of a public key (DER SubjectPublicKeyInfo) or certificate in lower-case hex.
    package static func sha256Hex(_ bytes: [UInt8]) -> String {
        hex(sha256(bytes))
    }

    /// SHA-1, where a format asks for it.
    package static func sha1(_ bytes: [UInt8]) -> [UInt8] {
        unsafe digest(bytes, EVP_sha1())
    }

    private static func digest(_ bytes: [UInt8], _ algorithm: OpaquePointer?) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        let status = unsafe EVP_Digest(bytes, bytes.count, &result, &count, algorithm, nil)
        precondition(status == 1, "OpenSSL has the digests that are asked for")
        return Array(result.prefix(Int(count)))
    }

    package static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// What an `i2d_…` function writes, or nothing when it fails.
    ///
    /// Only for what is public.
    static func der(_ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>) -> Int32) -> [UInt8]? {
        var start: UnsafeMutablePointer<UInt8>?
        let count = unsafe encode(&start)
        guard count > 0, let start = unsafe start else {
            return nil
        }
        defer { unsafe COpenSSL_free(start) }
        return unsafe Array(UnsafeBufferPointer(start: start, count: Int(count)))
    }

    /// What `write` prints into a memory BIO, or nothing when it fails.
    ///
    /// Only for what is public.
    static func text(_ write: (OpaquePointer) -> Bool) -> [UInt8]? {
        guard let bio = unsafe BIO_new(BIO_s_mem()) else {
            return nil
        }
        defer { unsafe BIO_free(bio) }
        guard unsafe write(bio) else {
            return nil
        }
        var start: UnsafeMutablePointer<CChar>?
        let count = unsafe COpenSSL_BIO_get_mem_data(bio, &start)
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: max(0, count)))
    }
}

extension SecretBytes {
    /// Lends the bytes as C functions with a `const char *` and a length want them.
    func withCharacters<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafePointer<CChar>, Int32) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe span.withUnsafeBytes { (bytes) throws(Failure) in
            try unsafe body(bytes.baseAddress!.assumingMemoryBound(to: CChar.self), Int32(bytes.count))
        }
    }
}
