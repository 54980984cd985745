// SPDX-License-Identifier: Apache-2.0

import COpenSSL
package import SecretMemory

/// How a private key travels between this process and a token: PKCS#8 under a one-time AES-256 key.
package enum KeyWrapping {
    /// AES-256.
    package static let keyByteCount = 32
    /// The longest key that is unwrapped, in bytes: RSA-16384 takes 9,300.
    package static let byteLimit = 64 << 10

    /// Wraps a key by RFC 5649.
    ///
    /// - Parameter pkcs8: The key in DER.
    /// - Returns: The key under `wrapping`; no secret to those who do not have that one.
    /// - Throws: ``OpenSSLError``
    package static func wrap(
        _ pkcs8: borrowing SecretBytes,
        under wrapping: borrowing SecretBytes
    ) throws(OpenSSLError) -> [UInt8] {
        // Up to 7 bytes of padding and 8 of the check value.
        var wrapped = [UInt8](repeating: 0, count: pkcs8.count + 16)
        let count = unsafe pkcs8.span.withUnsafeBufferPointer { input in
            unsafe wrapped.withUnsafeMutableBufferPointer { output in
                unsafe run(input, output, wrapping, EVP_aes_256_wrap_pad(), isEncrypting: true)
            }
        }
        guard let count else {
            throw .drainingQueue(after: "wrap the private key")
        }
        return Array(wrapped.prefix(count))
    }

    /// Unwraps what a token calls `CKM_AES_KEY_WRAP_KWP` or `CKM_AES_KEY_WRAP_PAD`: the second is RFC 5649 in one token,
    /// and in another padding as in PKCS#7 under RFC 3394.
    ///
    /// - Parameter isKey: Whether it is the key that was asked for: the check values are 64 bits and less.
    /// - Returns: The key, or nothing when it is in neither form.
    package static func unwrap(
        _ wrapped: [UInt8],
        under wrapping: borrowing SecretBytes,
        isKey: (borrowing PrivateKey) -> Bool
    ) -> PrivateKey? {
        defer { OpenSSLError.clearQueue() }
        for isPadded in [true, false] {
            guard let plain = decrypt(wrapped, under: wrapping, isPadded: isPadded), let der = der(in: plain.span)
            else {
                continue
            }
            let pkcs8 = SecretBytes(copying: plain.span.extracting(first: der))
            do throws(KeyError) {
                let key = try PrivateKey(pkcs8: pkcs8)
                if isKey(key) {
                    // Tokens leave the public key out of an EC key, and OpenSSL would go on doing so; not all do without.
                    if case .ec = key.kind {
                        _ = unsafe EVP_PKEY_set_int_param(key.handle, OSSL_PKEY_PARAM_EC_INCLUDE_PUBLIC, 1)
                    }
                    return key
                }
            } catch {
                continue  // in this form it is no key; the other may be right
            }
        }
        return nil
    }

    /// - Returns: What was wrapped with its padding, or nothing when it is not in this form.
    static func decrypt(
        _ wrapped: [UInt8],
        under wrapping: borrowing SecretBytes,
        isPadded: Bool
    ) -> SecretBytes? {
        guard wrapped.count >= 16, wrapped.count % 8 == 0, wrapped.count <= byteLimit else {
            return nil
        }
        var count: Int?
        let plain = SecretBytes(count: wrapped.count) { output in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe wrapped.withUnsafeBufferPointer { input in
                    let cipher = unsafe isPadded ? EVP_aes_256_wrap_pad() : EVP_aes_256_wrap()
                    count = unsafe run(input, output, wrapping, cipher, isEncrypting: false)
                }
            }
        }
        guard let count, count > 0 else {
            return nil
        }
        return SecretBytes(copying: plain.span.extracting(first: count))
    }

    private static func run(
        _ input: UnsafeBufferPointer<UInt8>,
        _ output: UnsafeMutableBufferPointer<UInt8>,
        _ wrapping: borrowing SecretBytes,
        _ cipher: OpaquePointer?,
        isEncrypting: Bool
    ) -> Int? {
        guard wrapping.count == keyByteCount, let context = unsafe EVP_CIPHER_CTX_new() else {
            return nil
        }
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        unsafe COpenSSL_allow_wrapping(context)
        let isReady = unsafe wrapping.span.withUnsafeBufferPointer { key in
            unsafe EVP_CipherInit_ex(context, cipher, nil, key.baseAddress, nil, isEncrypting ? 1 : 0) == 1
        }
        var count: Int32 = 0
        guard isReady,
            unsafe EVP_CipherUpdate(context, output.baseAddress, &count, input.baseAddress, Int32(input.count)) == 1,
            count > 0, Int(count) <= output.count
        else {
            return nil
        }
        return Int(count)
    }

    /// How many bytes the DER at the beginning takes.
    ///
    /// - Returns: Nothing unless it is one SEQUENCE with a length in its shortest form, followed by nothing, by up to 7
    ///   zero bytes, or by up to 16 bytes that each say how many they are.
    static func der(in bytes: Span<UInt8>) -> Int? {
        guard let value = DERValue(in: bytes, at: 0..<bytes.count), value.tag == DERValue.sequence, value.isShortest,
            !value.content.isEmpty
        else {
            return nil
        }
        let end = value.whole.upperBound
        let padding = bytes.count - end
        var (isZero, isCount) = (padding < 8, padding <= 16)
        for index in end..<bytes.count {
            isZero = isZero && bytes[index] == 0
            isCount = isCount && Int(bytes[index]) == padding
        }
        return isZero || isCount ? end : nil
    }
}
