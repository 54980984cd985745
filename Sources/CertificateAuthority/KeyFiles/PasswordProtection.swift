// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Files

/// How a key file or one part of a PKCS#12 file is encrypted, read from its AlgorithmIdentifier without any password.
struct PasswordProtection: Equatable {
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

    /// Why what is encrypted so is not decrypted with any password.
    enum Fault: Error {
        case iterationCountOutOfRange(found: Int, limit: Int)
        case scryptTooCostly(n: UInt64, r: UInt64, p: UInt64)
        /// Not known here.
        case unsupportedAlgorithm(String)
        case malformed(OpenSSLError)
    }

    /// The most that NSS and GnuTLS write; more than .NET reads.
    static let iterationLimit = 600_000

    /// - Parameter algorithm: `X509_ALGOR *` from the file, with whatever stands in it.
    /// - Throws: ``Fault``
    init(_ algorithm: UnsafePointer<X509_ALGOR>) throws(Fault) {
        let name = unsafe OpenSSL.name(of: algorithm.pointee.algorithm)
        switch unsafe OBJ_obj2nid(algorithm.pointee.algorithm) {
        case NID_pbes2: try unsafe self.init(pbes2: algorithm)
        case NID_pbe_WithSHA1And40BitRC2_CBC: try unsafe self.init(algorithm, "rc2-40-cbc")
        case NID_pbe_WithSHA1And128BitRC2_CBC: try unsafe self.init(algorithm, "rc2-128-cbc")
        case NID_pbe_WithSHA1And40BitRC4: try unsafe self.init(algorithm, "rc4-40")
        case NID_pbe_WithSHA1And128BitRC4: try unsafe self.init(algorithm, "rc4-128")
        case NID_pbe_WithSHA1And3_Key_TripleDES_CBC: try unsafe self.init(algorithm, "des-ede3-cbc")
        case NID_pbe_WithSHA1And2_Key_TripleDES_CBC: try unsafe self.init(algorithm, "des-ede-cbc")
        case NID_pbeWithMD2AndDES_CBC: try unsafe self.init(algorithm, "des-cbc", kdf: "pbkdf1-md2")
        case NID_pbeWithMD5AndDES_CBC: try unsafe self.init(algorithm, "des-cbc", kdf: "pbkdf1-md5")
        case NID_pbeWithSHA1AndDES_CBC: try unsafe self.init(algorithm, "des-cbc", kdf: "pbkdf1-sha1")
        case NID_pbeWithMD2AndRC2_CBC: try unsafe self.init(algorithm, "rc2-64-cbc", kdf: "pbkdf1-md2")
        case NID_pbeWithMD5AndRC2_CBC: try unsafe self.init(algorithm, "rc2-64-cbc", kdf: "pbkdf1-md5")
        case NID_pbeWithSHA1AndRC2_CBC: try unsafe self.init(algorithm, "rc2-64-cbc", kdf: "pbkdf1-sha1")
        default: throw .unsupportedAlgorithm(name)
        }
    }

    /// RFC 7292, Appendix C, and RFC 8018, section 6.1.
    private init(
        _ algorithm: UnsafePointer<X509_ALGOR>,
        _ encryption: String,
        kdf: String = "pkcs12kdf-sha1"
    ) throws(Fault) {
        guard let parameters = unsafe COpenSSL_PBEPARAM(algorithm) else {
            throw .malformed(.drainingQueue(after: "read the parameters of \(encryption)"))
        }
        defer { unsafe PBEPARAM_free(parameters) }
        self.encryption = encryption
        self.kdf = kdf
        iterations = try unsafe Self.iterations(parameters.pointee.iter)
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
    private init(pbes2 algorithm: UnsafePointer<X509_ALGOR>) throws(Fault) {
        guard let parameters = unsafe COpenSSL_PBE2PARAM(algorithm) else {
            throw .malformed(.drainingQueue(after: "read the parameters of PBES2"))
        }
        defer { unsafe PBE2PARAM_free(parameters) }
        let function = unsafe parameters.pointee.keyfunc!
        let cipher = unsafe parameters.pointee.encryption.pointee.algorithm
        encryption = unsafe AlgorithmWords.cipher(cipher)
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
            + (unsafe derivation.pointee.prf.map { unsafe AlgorithmWords.prf($0.pointee.algorithm) } ?? "hmac-sha1")
        iterations = try unsafe Self.iterations(derivation.pointee.iter)
        // What a file shows does not depend on the OpenSSL here. No digest has an empty name: such a part is not opened.
        let digest = Requirements.digest(ofPRF: prf)
        shortName = digest == nil ? "PBKDF2 with \(name ?? "an unknown function")" : cipherName
        requirements = unsafe Requirements(cipher: OpenSSL.numbers(of: cipher), digest: digest ?? "")
    }

    /// - Throws: ``Fault/iterationCountOutOfRange(found:limit:)``
    static func iterations(_ number: UnsafePointer<ASN1_INTEGER>?) throws(Fault) -> Int {
        var found: Int64 = 0
        // What does not fit into 64 bits is shown as the largest that does.
        let isSmall = unsafe ASN1_INTEGER_get_int64(&found, number) == 1
        OpenSSLError.clearQueue()
        guard isSmall, found >= 1, found <= Int64(iterationLimit) else {
            throw .iterationCountOutOfRange(found: isSmall ? Int(found) : .max, limit: iterationLimit)
        }
        return Int(found)
    }
}
