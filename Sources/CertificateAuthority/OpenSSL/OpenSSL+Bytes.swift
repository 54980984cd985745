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

    /// What a `d2i_…` function makes of the beginning of bytes, or nothing when it fails.
    static func read<Value>(
        _ bytes: Span<UInt8>,
        _ decode: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> Value?
    ) -> Value? {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            var cursor = bytes.baseAddress
            return unsafe decode(&cursor, bytes.count)
        }
    }

    /// The bytes of an `ASN1_STRING *`, which any of its kinds is.
    static func bytes(of string: UnsafePointer<ASN1_STRING>?) -> [UInt8] {
        unsafe Array(UnsafeBufferPointer(start: ASN1_STRING_get0_data(string), count: Int(ASN1_STRING_length(string))))
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

/// The SHA-256 of public bytes that come piece by piece.
@safe
package struct SHA256Stream: ~Copyable {
    private let context: OpaquePointer

    package init() {
        guard let context = unsafe EVP_MD_CTX_new(), unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            preconditionFailure("OpenSSL has SHA-256")
        }
        unsafe self.context = context
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    package mutating func update(_ bytes: Span<UInt8>) {
        let status = unsafe bytes.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        precondition(status == 1, "a digest takes any bytes")
    }

    /// The 32 bytes.
    package consuming func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        let status = unsafe EVP_DigestFinal_ex(context, &digest, nil)
        precondition(status == 1, "a digest ends once")
        return digest
    }
}
