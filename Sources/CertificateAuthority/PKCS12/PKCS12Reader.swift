// SPDX-License-Identifier: Apache-2.0

import COpenSSL
package import SecretMemory

/// Reads PKCS#12 files by Windows, Java, NSS, GnuTLS and OpenSSL bag by bag: a certification authority has several keys.
package enum PKCS12Reader {
    /// The most bytes that a file may have.
    package static let byteLimit = PKCS12Limits.byteCount
    /// The most iterations of a key derivation in a file.
    package static let iterationLimit = PKCS12Limits.iterations

    /// What a file shows of its protection without the password.
    ///
    /// - Throws: ``PKCS12Error`` when it could not be read with any password.
    package static func facts(_ der: [UInt8]) throws(PKCS12Error) -> PKCS12Facts {
        let archive = try PKCS12Archive.parse(der)
        return archive.survey.facts
    }

    /// Reads every key and certificate, and matches them.
    ///
    /// A file without a MAC and a key that is not encrypted are read, and reported by ``facts(_:)``. A password that is
    /// not ASCII is tried as UTF-8, as Latin-1, and as OpenSSL before 1.1.0 took it. The legacy provider is loaded for as
    /// long as it takes to read a file that the default one refused.
    ///
    /// - Parameters:
    ///   - der: DER or BER.
    ///   - password: As typed, in UTF-8, without line end or terminating zero.
    /// - Returns: At least one key, each with a certificate.
    /// - Throws: ``PKCS12Error``
    package static func read(
        _ der: [UInt8],
        password: borrowing SecretBytes
    ) throws(PKCS12Error) -> CAMaterial {
        let archive = try PKCS12Archive.parse(der)
        do throws(PKCS12Error) {
            return try read(archive, inAnyFormOf: password)
        } catch {
            guard case .needsLegacyProvider(let algorithm) = error, let legacy = LegacyProvider() else {
                throw error
            }
            do throws(PKCS12Error) {
                let material = try read(archive, inAnyFormOf: password)
                legacy.unload()
                return material
            } catch {
                legacy.unload()
                throw error == .needsLegacyProvider(algorithm: algorithm) ? .unsupportedAlgorithm(algorithm) : error
            }
        }
    }

    private static func read(
        _ archive: borrowing PKCS12Archive,
        inAnyFormOf password: borrowing SecretBytes
    ) throws(PKCS12Error) -> CAMaterial {
        let first: PKCS12Error
        do throws(PKCS12Error) {
            return try open(archive, password)
        } catch {
            guard error.mayDependOnEncoding else {
                throw error
            }
            first = error
        }
        for form in PasswordForm.allCases {
            guard let converted = form.convert(password) else {
                continue
            }
            do throws(PKCS12Error) {
                return try open(archive, converted)
            } catch  where error.mayDependOnEncoding {
                continue
            }
        }
        throw first
    }

    private static func open(
        _ archive: borrowing PKCS12Archive,
        _ password: borrowing SecretBytes
    ) throws(PKCS12Error) -> CAMaterial {
        var opened = PKCS12Content(isAuthenticated: archive.survey.mac != nil, survey: archive.survey)
        if archive.survey.mac != nil {
            let isRight = unsafe password.withCharacters { characters, count in
                unsafe PKCS12_verify_mac(archive.file, characters, count) == 1
            }
            // OpenSSL 3.0 leaves its queue empty when the password is wrong.
            let error = OpenSSLError.drainingQueue(after: "compute the MAC")
            guard isRight else {
                throw error.codes.isEmpty ? .wrongPassword : .malformed(error)
            }
        }
        for index in 0..<(unsafe COpenSSL_sk_PKCS7_num(archive.safes)) {
            guard let safe = unsafe COpenSSL_sk_PKCS7_value(archive.safes, index) else {
                throw .contentMissing
            }
            try unsafe opened.add(safe: safe, password)
        }
        do throws(CAMaterialError) {
            return try CAMaterial(keys: opened.keys, certificates: opened.certificates)
        } catch {
            throw PKCS12Error(error)
        }
    }
}

extension PKCS12Error {
    /// Whether the same password in other bytes could help.
    fileprivate var mayDependOnEncoding: Bool {
        switch self {
        case .wrongPassword, .doesNotDecrypt: true
        default: false
        }
    }
}
