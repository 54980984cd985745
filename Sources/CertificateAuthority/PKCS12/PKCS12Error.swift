// SPDX-License-Identifier: Apache-2.0

/// Why a PKCS#12 file was not read, or not written.
package indirect enum PKCS12Error: Error, Equatable {
    case tooLarge(byteCount: Int, limit: Int)
    /// Not the DER or BER of a PKCS#12 file, or something in it that is not what it should be.
    case malformed(OpenSSLError)
    case trailingData
    /// The certificates and keys are signed, not protected by a password.
    case notPasswordProtected
    /// A safe has no content, or one of a kind that is not known.
    case contentMissing
    /// `part` is `MAC`, `safe` or `key`.
    case iterationCountOutOfRange(part: String, found: Int, limit: Int)
    /// N, r and p of the file; what does not fit into 64 bits is the largest that does.
    case scryptTooCostly(n: UInt64, r: UInt64, p: UInt64)
    /// The derivations of all parts together.
    case tooCostly(limit: Int)
    case nestedTooDeeply(limit: Int)
    case tooManyParts(limit: Int)
    /// A MAC after RFC 9579.
    case pbmac1
    /// Neither OpenSSL's own nor its legacy provider has it, or its cost has no bound.
    case unsupportedAlgorithm(String)
    case needsLegacyProvider(algorithm: String)
    case wrongPassword
    /// A file without a MAC does not open.
    case wrongPasswordOrDamaged
    /// OpenSSL's functions would end the password there.
    case passwordHoldsZeroByte
    /// For a file that other programs are to read; `byteCount` is nothing when its length is not what is wrong.
    case passwordDoesNotTravel(byteCount: Int?)
    /// The MAC matches, but a `safe` or `key` does not open.
    case doesNotDecrypt(part: String)
    case key(KeyError)
    case certificate(CertificateError)
    /// What lies in it is no certification authority's.
    case material(CAMaterialError)
    case notWritten(OpenSSLError)
}

extension PKCS12Error: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLarge(let byteCount, let limit): "too large for a PKCS#12 file: \(byteCount) bytes, at most \(limit)"
        case .malformed(let error): "not a PKCS#12 file, or a damaged one: \(error)"
        case .trailingData: "something follows the PKCS#12 file's end"
        case .notPasswordProtected: "a PKCS#12 file protected by public keys: only those with a password are read"
        case .contentMissing: "content is missing: a damaged file"
        case .iterationCountOutOfRange(let part, let found, let limit):
            "iteration count of the \(part): \(found): 1 to \(limit) are accepted"
        case .scryptTooCostly(let n, let r, let p): KeyError.scryptTooCostly(n: n, r: r, p: p).description
        case .tooCostly(let limit): "more than \(limit) iterations of its key derivations in all"
        case .nestedTooDeeply(let limit): "safes within safes: more than \(limit) levels"
        case .tooManyParts(let limit): "more than \(limit) keys, certificates and safes"
        case .pbmac1: "its MAC is PBMAC1 (RFC 9579), which this OpenSSL cannot verify"
        case .unsupportedAlgorithm(let name): "protected by \(name), which is not supported"
        case .needsLegacyProvider(let algorithm):
            "protected by \(algorithm), which this OpenSSL reads only with its legacy provider"
        case .wrongPassword: "wrong password, or a damaged file (MAC does not match)"
        case .wrongPasswordOrDamaged: "wrong password, or a damaged file: it has no MAC to tell which"
        case .passwordHoldsZeroByte: "a password with a zero byte cannot protect a PKCS#12 file"
        case .passwordDoesNotTravel(let byteCount):
            "its password \(byteCount.map { "has \($0) bytes" } ?? "is not plain ASCII"): "
                + "1 to \(PKCS12Writer.passwordByteLimit) printable ASCII characters are needed"
        case .doesNotDecrypt(let part): "the password is right for the file, but not for a \(part) in it"
        case .key(let error): error.description
        case .certificate(let error): error.description
        case .material(let error): error.description
        case .notWritten(let error): error.description
        }
    }
}
