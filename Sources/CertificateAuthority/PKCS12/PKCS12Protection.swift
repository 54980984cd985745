// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Files

/// How a key file or one part of a PKCS#12 file is encrypted, read from its AlgorithmIdentifier without any password.
struct PKCS12Protection: Equatable {
    /// Such as `aes-256-cbc`, `des-ede3-cbc`, `rc2-40-cbc`.
    let encryption: String
    /// Such as `pbkdf2-hmac-sha256`, `scrypt`, `pkcs12kdf-sha1` or `pbkdf1-md5` of the older schemes.
    let kdf: String
    /// Of the key derivation; of scrypt N·r·p, which takes about as long as that many iterations of PBKDF2.
    let iterations: Int
    /// What people call it: the older schemes by their short names, such as `RC2-40` and `PBE-MD5-DES`.
    let shortName: String
    /// What OpenSSL must have to open it.
    let requirements: Requirements

    /// - Parameters:
    ///   - algorithm: `X509_ALGOR *` from the file, with whatever stands in it.
    ///   - part: `safe` or `key`, for the error.
    /// - Throws: ``PKCS12Error/iterationCountOutOfRange(part:found:limit:)``,
    ///   ``PKCS12Error/scryptTooCostly(n:r:p:)``, ``PKCS12Error/unsupportedAlgorithm(_:)`` for what is not known,
    ///   ``PKCS12Error/malformed(_:)``
    init(_ algorithm: UnsafePointer<X509_ALGOR>, part: String) throws(PKCS12Error) {
        let name = unsafe OpenSSL.name(of: algorithm.pointee.algorithm)
        switch unsafe OBJ_obj2nid(algorithm.pointee.algorithm) {
        case NID_pbes2: try unsafe self.init(pbes2: algorithm, part: part)
        case NID_pbe_WithSHA1And40BitRC2_CBC: try unsafe self.init(algorithm, "rc2-40-cbc", part: part)
        case NID_pbe_WithSHA1And128BitRC2_CBC: try unsafe self.init(algorithm, "rc2-128-cbc", part: part)
        case NID_pbe_WithSHA1And40BitRC4: try unsafe self.init(algorithm, "rc4-40", part: part)
        case NID_pbe_WithSHA1And128BitRC4: try unsafe self.init(algorithm, "rc4-128", part: part)
        case NID_pbe_WithSHA1And3_Key_TripleDES_CBC: try unsafe self.init(algorithm, "des-ede3-cbc", part: part)
        case NID_pbe_WithSHA1And2_Key_TripleDES_CBC: try unsafe self.init(algorithm, "des-ede-cbc", part: part)
        case NID_pbeWithMD2AndDES_CBC: try unsafe self.init(algorithm, "des-cbc", kdf: "pbkdf1-md2", part: part)
        case NID_pbeWithMD5AndDES_CBC: try unsafe self.init(algorithm, "des-cbc", kdf: "pbkdf1-md5", part: part)
        case NID_pbeWithSHA1AndDES_CBC: try unsafe self.init(algorithm, "des-cbc", kdf: "pbkdf1-sha1", part: part)
        case NID_pbeWithMD2AndRC2_CBC: try unsafe self.init(algorithm, "rc2-64-cbc", kdf: "pbkdf1-md2", part: part)
        case NID_pbeWithMD5AndRC2_CBC: try unsafe self.init(algorithm, "rc2-64-cbc", kdf: "pbkdf1-md5", part: part)
        case NID_pbeWithSHA1AndRC2_CBC: try unsafe self.init(algorithm, "rc2-64-cbc", kdf: "pbkdf1-sha1", part: part)
        default: throw .unsupportedAlgorithm(name)
        }
    }

    /// RFC 7292, Appendix C, and RFC 8018, section 6.1.
    private init(
        _ algorithm: UnsafePointer<X509_ALGOR>,
        _ encryption: String,
        kdf: String = "pkcs12kdf-sha1",
        part: String
    ) throws(PKCS12Error) {
        guard let parameters = unsafe COpenSSL_PBEPARAM(algorithm) else {
            throw .malformed(.drainingQueue(after: "read the parameters of \(encryption)"))
        }
        defer { unsafe PBEPARAM_free(parameters) }
        self.encryption = encryption
        self.kdf = kdf
        iterations = try unsafe PKCS12Limits.iterations(parameters.pointee.iter, part: part)
        requirements = unsafe Requirements(ofScheme: algorithm.pointee.algorithm)
        shortName =
            kdf.hasPrefix(bytesOf: "pbkdf1")
            ? unsafe OpenSSL.name(of: algorithm.pointee.algorithm) : Self.shortName(encryption)
    }

    private static func shortName(_ encryption: String) -> String {
        encryption.hasPrefix(bytesOf: "rc")
            ? encryption.uppercasedASCII.replacing(bytesOf: "-CBC", with: "") : encryption
    }

    /// RFC 8018, section 6.2; PBKDF2 and scrypt only, since the cost of others has no bound here.
    private init(pbes2 algorithm: UnsafePointer<X509_ALGOR>, part: String) throws(PKCS12Error) {
        guard let parameters = unsafe COpenSSL_PBE2PARAM(algorithm) else {
            throw .malformed(.drainingQueue(after: "read the parameters of PBES2"))
        }
        defer { unsafe PBE2PARAM_free(parameters) }
        let function = unsafe parameters.pointee.keyfunc!
        let cipher = unsafe parameters.pointee.encryption.pointee.algorithm
        encryption = unsafe PKCS12Words.cipher(cipher)
        let cipherName = unsafe Self.shortName(OpenSSL.name(of: cipher).lowercasedASCII)
        if let scrypt = unsafe Scrypt(algorithm) {
            guard let cost = scrypt.cost else {
                throw .scryptTooCostly(n: scrypt.n, r: scrypt.r, p: scrypt.p)
            }
            kdf = "scrypt"
            iterations = cost
            shortName = cipherName
            requirements = unsafe Requirements(cipher: OpenSSL.numbers(of: cipher), digest: nil)
            return
        }
        guard unsafe OBJ_obj2nid(function.pointee.algorithm) == NID_id_pbkdf2 else {
            throw .unsupportedAlgorithm(unsafe OpenSSL.name(of: function.pointee.algorithm))
        }
        guard let derivation = unsafe COpenSSL_PBKDF2PARAM(function) else {
            throw .malformed(.drainingQueue(after: "read the parameters of PBKDF2"))
        }
        defer { unsafe PBKDF2PARAM_free(derivation) }
        // HMAC with SHA-1 is what is meant when nothing is said.
        let prf = unsafe derivation.pointee.prf.map { unsafe OBJ_obj2nid($0.pointee.algorithm) } ?? NID_hmacWithSHA1
        let name = unsafe derivation.pointee.prf.map { unsafe OpenSSL.name(of: $0.pointee.algorithm) }
        kdf =
            "pbkdf2-"
            + (unsafe derivation.pointee.prf.map { unsafe PKCS12Words.prf($0.pointee.algorithm) } ?? "hmac-sha1")
        iterations = try unsafe PKCS12Limits.iterations(derivation.pointee.iter, part: part)
        // What a file shows does not depend on the OpenSSL here. No digest has an empty name: such a part is not opened.
        let digest = Requirements.digest(ofPRF: prf)
        shortName = digest == nil ? "PBKDF2 with \(name ?? "an unknown function")" : cipherName
        requirements = unsafe Requirements(cipher: OpenSSL.numbers(of: cipher), digest: digest ?? "")
    }
}

/// What a file from outside may ask of us before it has shown that the password is right.
enum PKCS12Limits {
    /// The most that NSS and GnuTLS write; more than .NET reads.
    static let iterations = 600_000
    /// All derivations of a file together: seconds, where NSS and GnuTLS have a dozen keys and certificates.
    static let totalIterations = 10_000_000
    /// The same for a file that no password protects: it is opened before anybody is asked.
    static let totalIterationsWithoutPassword = 1_000_000
    /// docs/format.md, section 4.6.
    static let byteCount = 16 << 20
    /// Safes within safes.
    static let depth = 4
    /// Safes and bags: each of them may cost a key derivation.
    static let parts = 200

    /// - Throws: ``PKCS12Error/iterationCountOutOfRange(part:found:limit:)``
    static func iterations(_ number: UnsafePointer<ASN1_INTEGER>?, part: String) throws(PKCS12Error) -> Int {
        var found: Int64 = 0
        // What does not fit into 64 bits is shown as the largest that does.
        let isSmall = unsafe ASN1_INTEGER_get_int64(&found, number) == 1
        OpenSSLError.clearQueue()
        guard isSmall, found >= 1, found <= Int64(iterations) else {
            throw .iterationCountOutOfRange(part: part, found: isSmall ? Int(found) : .max, limit: iterations)
        }
        return Int(found)
    }
}

extension OpenSSL {
    /// The short name of an object identifier, or its numbers.
    static func name(of object: OpaquePointer?) -> String {
        let number = unsafe OBJ_obj2nid(object)
        if number != NID_undef, let name = unsafe OBJ_nid2sn(number) {
            return unsafe String(cString: name)
        }
        return unsafe numbers(of: object)
    }

    /// The numbers of an object identifier, such as `1.2.840.113549.3.7`: a name that OpenSSL finds algorithms by.
    static func numbers(of object: OpaquePointer?) -> String {
        var text = [CChar](repeating: 0, count: 128)
        let count = unsafe OBJ_obj2txt(&text, Int32(text.count), object, 1)
        return String(decoding: text.prefix(min(max(0, Int(count)), 127)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
