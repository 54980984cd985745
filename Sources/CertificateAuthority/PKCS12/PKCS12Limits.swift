// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// What a file from outside may ask of us before it has shown that the password is right.
package enum PKCS12Limits {
    /// All derivations of a file together: seconds, where NSS and GnuTLS have a dozen keys and certificates.
    static let totalIterations = 10_000_000
    /// All derivations of a file that no password protects: it is opened before anybody is asked.
    static let totalIterationsWithoutPassword = 1_000_000
    /// docs/format.md, section 4.6.
    static let byteCount = 16 << 20
    /// Safes within safes.
    static let depth = 4
    /// Safes and bags: each of them may cost a key derivation.
    package static let parts = 200
}

extension PasswordProtection {
    /// How a part of a PKCS#12 file is encrypted.
    ///
    /// - Parameters:
    ///   - algorithm: `X509_ALGOR *` from the file, with whatever stands in it.
    ///   - part: `safe` or `key`, for the error.
    init(_ algorithm: UnsafePointer<X509_ALGOR>, part: String) throws(PKCS12Error) {
        do throws(Fault) {
            try unsafe self.init(algorithm)
        } catch {
            throw PKCS12Error(error, part: part)
        }
    }

    static func iterations(_ number: UnsafePointer<ASN1_INTEGER>?, part: String) throws(PKCS12Error) -> Int {
        try rethrowing(as: { PKCS12Error($0, part: part) }, unsafe iterations(number))
    }
}

extension PKCS12Error {
    fileprivate init(_ fault: PasswordProtection.Fault, part: String) {
        switch fault {
        case .iterationCountOutOfRange(let found, let limit):
            self = .iterationCountOutOfRange(part: part, found: found, limit: limit)
        case .scryptTooCostly(let n, let r, let p): self = .scryptTooCostly(n: n, r: r, p: p)
        case .unsupportedAlgorithm(let name): self = .unsupportedAlgorithm(name)
        case .malformed(let error): self = .malformed(error)
        }
    }
}
