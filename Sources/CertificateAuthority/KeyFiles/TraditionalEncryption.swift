// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import SecretMemory

/// How a key file of the older form is encrypted: `Proc-Type: 4,ENCRYPTED`, `DEK-Info: AES-256-CBC,…`.
///
/// *RFC 1421, sections 4.6.1.1 and 4.6.1.3, with the ciphers and the key derivation of OpenSSL.*
struct TraditionalEncryption: Equatable {
    /// As the file has it, such as `DES-EDE3-CBC`.
    let cipher: String
    private let initializationVector: [UInt8]

    /// - Parameter header: What stands before the key in PEM.
    /// - Returns: Nothing when there is no header.
    /// - Throws: ``KeyError/malformedHeader``
    init?(header: String) throws(KeyError) {
        let lines = header.utf8.split(separator: UInt8(ascii: "\n")).map { $0.filter { $0 > 0x20 } }
        guard !lines.isEmpty else {
            return nil
        }
        guard lines.count > 1, lines[0] == Array("Proc-Type:4,ENCRYPTED".utf8), lines[1].starts(with: Self.infoLabel)
        else {
            throw .malformedHeader
        }
        let info = lines[1].dropFirst(Self.infoLabel.count)
        let parts = info.split(separator: UInt8(ascii: ","), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let vector = Self.bytes(hex: parts[1]) else {
            throw .malformedHeader
        }
        cipher = String(decoding: parts[0], as: UTF8.self)
        initializationVector = vector
    }

    private static let infoLabel = Array("DEK-Info:".utf8)

    private static func bytes(hex: some Collection<UInt8>) -> [UInt8]? {
        defer { OpenSSLError.clearQueue() }
        let text = String(decoding: hex, as: UTF8.self)
        var bytes = [UInt8](repeating: 0, count: text.utf8.count / 2)
        var count = 0
        guard unsafe OPENSSL_hexstr2buf_ex(&bytes, bytes.count, &count, text, 0) == 1 else {
            return nil
        }
        return Array(bytes.prefix(count))
    }

    /// Loads what the cipher needs, as ``Requirements/provider(for:)`` does, and looks at what the file says of it.
    ///
    /// - Throws: ``KeyError/malformedHeader``, ``KeyError/unsupportedAlgorithm(_:)``,
    ///   ``KeyError/needsLegacyProvider(algorithm:)``
    func provider() throws(KeyError) -> LegacyProvider? {
        let legacy = try Requirements(cipher: cipher, digest: "MD5").provider(for: cipher)
        let found = unsafe EVP_CIPHER_fetch(nil, cipher, nil)
        defer { unsafe EVP_CIPHER_free(found) }
        let byteCount = Int(unsafe EVP_CIPHER_get_iv_length(found))
        // OpenSSL writes such files, and fills up the salt with what lies behind the vector in its memory.
        guard byteCount >= Self.saltByteCount else {
            legacy?.unload()
            throw .unsupportedAlgorithm(cipher)
        }
        guard initializationVector.count == byteCount else {
            legacy?.unload()
            throw .malformedHeader
        }
        return legacy
    }

    /// - Returns: What may be the plaintext.
    /// - Throws: ``KeyError/unsupportedAlgorithm(_:)``, ``KeyError/wrongPassphrase``
    func decrypt(_ encrypted: borrowing SecretBytes, _ passphrase: LentPassword) throws(KeyError) -> SecretBytes {
        let found = unsafe EVP_CIPHER_fetch(nil, cipher, nil)
        let context = unsafe EVP_CIPHER_CTX_new()
        defer {
            unsafe EVP_CIPHER_CTX_free(context)
            unsafe EVP_CIPHER_free(found)
            OpenSSLError.clearQueue()
        }
        guard let found = unsafe found, let context = unsafe context, unsafe start(context, found, passphrase) else {
            throw .unsupportedAlgorithm(cipher)
        }
        return try unsafe encrypted.span.withUnsafeBufferPointer { (bytes) throws(KeyError) in
            do throws(PasswordDecryption.Failure) {
                return try unsafe PasswordDecryption.finish(context, bytes)
            } catch {
                throw .wrongPassphrase
            }
        }
    }

    /// One round of MD5 makes the key, with the beginning of the initialization vector for its salt.
    private func start(_ context: OpaquePointer, _ found: OpaquePointer, _ passphrase: LentPassword) -> Bool {
        var isStarted = false
        let key = SecretBytes(count: Int(EVP_MAX_KEY_LENGTH)) { key in
            unsafe key.withUnsafeMutableBufferPointer { key in
                unsafe passphrase.characters!.withMemoryRebound(to: UInt8.self, capacity: Int(passphrase.count)) {
                    characters in
                    isStarted =
                        unsafe EVP_BytesToKey(
                            found,
                            EVP_md5(),
                            initializationVector,
                            characters,
                            passphrase.count,
                            1,
                            key.baseAddress,
                            nil
                        ) > 0
                }
            }
        }
        return unsafe isStarted
            && key.span.withUnsafeBufferPointer {
                unsafe EVP_DecryptInit_ex(context, found, nil, $0.baseAddress, initializationVector)
            } == 1
    }

    /// `PKCS5_SALT_LEN`, in bytes.
    private static let saltByteCount = 8
}
