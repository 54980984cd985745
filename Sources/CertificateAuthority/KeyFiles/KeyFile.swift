// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import SecretMemory

/// A file with one private key, taken apart as far as that goes without a passphrase.
///
/// What is wrong is looked for in this order: the form, the algorithms, their cost, the passphrase, the key.
@safe
struct KeyFile: ~Copyable {
    /// The key, or what is encrypted of it in the older form.
    private let der: SecretBytes
    private let traditional: TraditionalEncryption?
    private let encrypted: OpaquePointer?  // X509_SIG *, of PKCS#8

    deinit {
        unsafe X509_SIG_free(encrypted)
    }

    /// - Parameter file: PEM or DER; of several keys the first is taken.
    /// - Throws: ``KeyError/noKey``, ``KeyError/tooLarge(byteCount:limit:)``, ``KeyError/malformedHeader``,
    ///   ``KeyError/malformed(form:_:)``
    static func parse(_ file: borrowing SecretBytes) throws(KeyError) -> KeyFile {
        if file.span[0] == DERValue.sequence {  // no PEM file starts with the digit 0
            guard file.count <= byteLimit else {
                throw .tooLarge(byteCount: file.count, limit: byteLimit)
            }
            let encrypted = unsafe encryption(of: file)
            return unsafe KeyFile(der: SecretBytes(copying: file.span), traditional: nil, encrypted: encrypted)
        }
        guard let block = PEM.blocks(in: file.span).first(where: \.isPrivateKey) else {
            throw .noKey
        }
        guard block.range.count <= byteLimit else {
            throw .tooLarge(byteCount: block.range.count, limit: byteLimit)
        }
        guard let content = PEM.decode(secret: file.span.extracting(block.range)) else {
            throw .malformed(form: "PEM (\(block.label))", .drainingQueue(after: "decode it"))
        }
        let traditional = try TraditionalEncryption(header: content.header)
        let encrypted = unsafe traditional == nil ? encryption(of: content.bytes) : nil
        return unsafe KeyFile(der: content.takeBytes(), traditional: traditional, encrypted: encrypted)
    }

    /// The key of a file that is not encrypted.
    ///
    /// - Throws: ``KeyError``; ``KeyError/encrypted`` only when there is a passphrase that would open it.
    func key() throws(KeyError) -> PrivateKey {
        if let traditional {
            _ = try traditional.provider()
            throw .encrypted
        }
        guard unsafe encrypted == nil else {
            let protection = try protection
            _ = try protection.requirements.provider(for: protection.shortName)
            throw .encrypted
        }
        return try Self.plainKey(der)
    }

    /// The key, whatever bytes the letters of its passphrase were when it was encrypted.
    ///
    /// - Throws: ``KeyError``
    func key(inAnyFormOf passphrase: borrowing SecretBytes) throws(KeyError) -> PrivateKey {
        try PasswordForm.tryAll(of: passphrase, { $0 == .wrongPassphrase }) { passphrase throws(KeyError) in
            try key(passphrase)
        }
    }

    private func key(_ passphrase: borrowing SecretBytes) throws(KeyError) -> PrivateKey {
        if let traditional {
            let legacy = try traditional.provider()
            let plain = try unsafe passphrase.withCharacters { (characters, count) throws(KeyError) in
                try unsafe traditional.decrypt(der, LentPassword(characters: characters, count: count))
            }
            legacy?.unload()
            guard plain.isTraditionalKey || plain.isPKCS8 else {
                throw .wrongPassphrase
            }
            return try Self.plainKey(plain)
        }
        guard unsafe encrypted != nil else {
            return try Self.plainKey(der)
        }
        let plain = try decrypted(passphrase)
        guard plain.isPKCS8 else {
            throw .wrongPassphrase
        }
        return try Self.plainKey(plain)
    }

    private func decrypted(_ passphrase: borrowing SecretBytes) throws(KeyError) -> SecretBytes {
        let protection = try protection
        let legacy = try protection.requirements.provider(for: protection.shortName)
        var algorithm: UnsafePointer<X509_ALGOR>?
        var content: UnsafePointer<ASN1_OCTET_STRING>?
        unsafe X509_SIG_get0(encrypted, &algorithm, &content)
        let plain = try unsafe passphrase.withCharacters { (characters, count) throws(KeyError) in
            do throws(PasswordDecryption.Failure) {
                return try unsafe PasswordDecryption.decrypt(
                    content!,
                    algorithm!,
                    LentPassword(characters: characters, count: count)
                )
            } catch {
                switch error {
                case .notStarted(let error): throw KeyError.malformed(form: "encrypted PKCS#8", error)
                case .badDecrypt: throw KeyError.wrongPassphrase
                }
            }
        }
        legacy?.unload()
        return plain
    }

    /// - Throws: ``KeyError/tooManyIterations(found:limit:)``, ``KeyError/scryptTooCostly(n:r:p:)``,
    ///   ``KeyError/unsupportedAlgorithm(_:)``, ``KeyError/malformed(form:_:)``
    private var protection: PasswordProtection {
        get throws(KeyError) {
            var algorithm: UnsafePointer<X509_ALGOR>?
            unsafe X509_SIG_get0(encrypted, &algorithm, nil)
            do throws(PasswordProtection.Fault) {
                return try unsafe PasswordProtection(algorithm!)
            } catch {
                switch error {
                case .iterationCountOutOfRange(let found, let limit):
                    throw .tooManyIterations(found: found, limit: limit)
                case .scryptTooCostly(let n, let r, let p): throw .scryptTooCostly(n: n, r: r, p: p)
                case .unsupportedAlgorithm(let name): throw .unsupportedAlgorithm(name)
                case .malformed(let error): throw .malformed(form: "encrypted PKCS#8", error)
                }
            }
        }
    }

    private static func plainKey(_ der: borrowing SecretBytes) throws(KeyError) -> PrivateKey {
        guard !der.isPKCS8 else {
            return try PrivateKeyInfo.parse(der).key()
        }
        guard der.isTraditionalKey else {
            throw .noKey
        }
        guard let key = unsafe OpenSSL.read(der.span, { unsafe d2i_AutoPrivateKey(nil, $0, $1) }) else {
            throw .malformed(form: "PKCS#1 or SEC 1", .drainingQueue(after: "read it"))
        }
        OpenSSLError.clearQueue()
        return try unsafe PrivateKey(owning: key)
    }

    /// The encryption of PKCS#8, by which it is told from a plain key.
    private static func encryption(of der: borrowing SecretBytes) -> OpaquePointer? {
        defer { OpenSSLError.clearQueue() }
        return unsafe OpenSSL.read(der.span) { unsafe d2i_X509_SIG(nil, $0, $1) }
    }

    /// A key of RSA-16384 takes 13 KiB in PEM; OpenSSL's heap for keys is finite.
    private static let byteLimit = 64 << 10
}

extension SecretBytes {
    /// Whether the bytes begin as PKCS#8 does: a version, then an algorithm.
    ///
    /// Bytes that a wrong passphrase left look so once in 2³⁸.
    var isPKCS8: Bool { begins(with: [DERValue.sequence]) }

    /// Whether the bytes begin as a key of the older form does: a version, then a number or the key itself.
    fileprivate var isTraditionalKey: Bool { begins(with: [DERValue.integer, DERValue.octetString]) }

    /// Whether there is a sequence of a small number and a value with one of these tags.
    private func begins(with tags: [UInt8]) -> Bool {
        withSpan { bytes in
            // Of an indefinite length, as in BER, only the beginning is seen.
            let isIndefinite = bytes.count > 2 && bytes[1] == 0x80
            let start = isIndefinite ? 2 : DERValue(in: bytes, at: 0..<bytes.count)?.content.lowerBound
            guard bytes[0] == DERValue.sequence, let start, start < bytes.count,
                let version = DERValue(in: bytes, at: start..<bytes.count), version.tag == DERValue.integer,
                version.content.count == 1, bytes[version.content.lowerBound] <= 1,
                version.whole.upperBound < bytes.count
            else {
                return false
            }
            return tags.contains(bytes[version.whole.upperBound])
        }
    }
}
