// SPDX-License-Identifier: Apache-2.0

import COpenSSL
package import SecretMemory

/// Key files: PEM in every form that OpenSSL knows, and DER.
extension PrivateKey {
    /// How often PBKDF2 with HMAC-SHA-256 is iterated for a key that goes to a file: OWASP's figure of 2023.
    package static let pemIterationCount = 600_000

    /// Reads a key file that is not encrypted.
    ///
    /// - Throws: ``KeyError/encrypted`` when it is; other ``KeyError``, also for what no passphrase would be tried on.
    package init(pem: borrowing SecretBytes) throws(KeyError) {
        try Self.checkCost(of: pem)
        try unsafe self.init(file: pem, Passphrase())
    }

    /// Reads a key file: PKCS#8, PKCS#1 or SEC 1 in PEM, encrypted or not, or the same in DER.
    ///
    /// - Parameters:
    ///   - pem: The file; of several keys the first is read.
    ///   - passphrase: As typed, without line end or terminating zero; not looked at when the key is not encrypted.
    /// - Throws: ``KeyError/wrongPassphrase`` by OpenSSL's codes, never its words; other ``KeyError``.
    package init(pem: borrowing SecretBytes, passphrase: borrowing SecretBytes) throws(KeyError) {
        guard passphrase.count <= Self.passphraseByteLimit else {
            throw .passphraseTooLong(byteCount: passphrase.count)
        }
        try Self.checkCost(of: pem)
        self = try unsafe passphrase.span.withUnsafeBytes { (bytes) throws(KeyError) in
            try unsafe PrivateKey(file: pem, Passphrase(bytes: bytes))
        }
    }

    private init(file: borrowing SecretBytes, _ passphrase: consuming Passphrase) throws(KeyError) {
        var passphrase = unsafe passphrase
        let key: OpaquePointer? = unsafe withUnsafeMutablePointer(to: &passphrase) { passphrase in
            unsafe file.withCharacters { bytes, count in
                let isDER = unsafe bytes[0] == 0x30  // SEQUENCE; no PEM file starts with the digit 0
                return isDER
                    ? unsafe Self.readDER(bytes, count, passphrase) : unsafe Self.readPEM(bytes, count, passphrase)
            }
        }
        // OpenSSL's UI, through which its decoders ask, keeps the answer in an array that nobody erases.
        eraseUnusedStack()
        if let key = unsafe key {
            OpenSSLError.clearQueue()
            try unsafe self.init(owning: key)
            return
        }
        let error = OpenSSLError.drainingQueue(after: "read the private key")
        guard unsafe passphrase.wasAsked else {
            throw error.isMissingPEM ? .noKey : .openSSL(error)
        }
        guard unsafe passphrase.bytes != nil else {
            throw .encrypted
        }
        // One wrong passphrase in 256 yields good padding and then bytes that are no key: every failure after the
        // question counts as that, unless no provider has the cipher.
        throw !error.isBadDecrypt && error.isUnsupportedAlgorithm ? .openSSL(error) : .wrongPassphrase
    }

    private static func readPEM(
        _ bytes: UnsafePointer<CChar>,
        _ count: Int32,
        _ passphrase: UnsafeMutablePointer<Passphrase>
    ) -> OpaquePointer? {
        guard let bio = unsafe BIO_new_mem_buf(bytes, count) else {
            return nil
        }
        defer { unsafe BIO_free(bio) }
        return unsafe PEM_read_bio_PrivateKey(bio, nil, givePassphrase, passphrase)
    }

    private static func readDER(
        _ bytes: UnsafePointer<CChar>,
        _ count: Int32,
        _ passphrase: UnsafeMutablePointer<Passphrase>
    ) -> OpaquePointer? {
        let start = unsafe UnsafeRawPointer(bytes).assumingMemoryBound(to: UInt8.self)
        var cursor: UnsafePointer<UInt8>? = unsafe start
        if let key = unsafe d2i_AutoPrivateKey(nil, &cursor, Int(count)) {
            return unsafe key
        }
        guard let bio = unsafe BIO_new_mem_buf(bytes, count) else {
            return nil
        }
        defer { unsafe BIO_free(bio) }
        return unsafe d2i_PKCS8PrivateKey_bio(bio, nil, givePassphrase, passphrase)
    }

    /// The key for a file: PKCS#8 under PBES2 with AES-256-CBC, PBKDF2 with HMAC-SHA-256 and a salt of 16 bytes.
    ///
    /// - Parameter passphrase: As typed, 1 to 1,024 bytes.
    /// - Returns: The text of the file, which is no secret to those without the passphrase.
    /// - Throws: ``KeyError/passphraseTooLong(byteCount:)``, ``KeyError/openSSL(_:)``
    package func encryptedPEM(passphrase: borrowing SecretBytes) throws(KeyError) -> [UInt8] {
        guard passphrase.count <= Self.passphraseByteLimit else {
            throw .passphraseTooLong(byteCount: passphrase.count)
        }
        let encrypted = try unsafe shrouded(password: passphrase, iterations: Self.pemIterationCount)
        defer { unsafe X509_SIG_free(encrypted) }
        guard let der = unsafe OpenSSL.der({ unsafe i2d_X509_SIG(encrypted, $0) }) else {
            throw .openSSL(.drainingQueue(after: "encode the encrypted private key"))
        }
        return PEM.text(label: "ENCRYPTED PRIVATE KEY", der)
    }

    /// The key for a file that is not encrypted: PKCS#8.
    ///
    /// - Throws: ``KeyError/openSSL(_:)``
    package func plainPEM() throws(KeyError) -> SecretBytes {
        let der = try pkcs8()
        return PEM.text(label: "PRIVATE KEY", secret: der)
    }

    /// `PEM_BUFSIZE`, what OpenSSL's callback has room for.
    static let passphraseByteLimit = 1024
}

/// What travels through OpenSSL's last argument to the callback, which can capture nothing.
@unsafe private struct Passphrase {
    var bytes: UnsafeRawBufferPointer?
    var wasAsked = false
}

/// With no callback, OpenSSL would ask the terminal.
private let givePassphrase:
    @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 = {
        buffer,
        capacity,
        _,
        context in
        let passphrase = unsafe context!.assumingMemoryBound(to: Passphrase.self)
        unsafe passphrase.pointee.wasAsked = true
        guard let bytes = unsafe passphrase.pointee.bytes, bytes.count <= Int(capacity) else {
            return -1
        }
        unsafe UnsafeMutableRawPointer(buffer!).copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
        return Int32(bytes.count)
    }

extension OpenSSLError {
    /// Whether a PEM reader met no block of the kind it looks for.
    fileprivate var isMissingPEM: Bool {
        codes.allSatisfy { code in
            code.library == ERR_LIB_OSSL_DECODER || (code.library == ERR_LIB_PEM && code.reason == PEM_R_NO_START_LINE)
        }
    }
}
