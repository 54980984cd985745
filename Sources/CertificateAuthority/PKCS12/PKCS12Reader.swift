// SPDX-License-Identifier: Apache-2.0

import COpenSSL
package import SecretMemory

/// Reads PKCS#12 files by Windows, Java, NSS, GnuTLS and OpenSSL bag by bag: a certification authority has several keys.
package enum PKCS12Reader {
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
        return try withOldAlgorithms { () throws(PKCS12Error) in
            try read(archive, inAnyFormOf: password)
        }
    }

    /// Runs `work`, and once more with the legacy provider when that is what it needs.
    private static func withOldAlgorithms<Result>(
        _ work: () throws(PKCS12Error) -> Result
    ) throws(PKCS12Error) -> Result {
        do throws(PKCS12Error) {
            return try work()
        } catch {
            guard case .needsLegacyProvider(let algorithm) = error, let legacy = LegacyProvider() else {
                throw error
            }
            do throws(PKCS12Error) {
                let result = try work()
                legacy.unload()
                return result
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
        try PasswordForm.tryAll(of: password, \.mayDependOnEncoding) { password throws(PKCS12Error) in
            try open(archive, password)
        }
    }

    /// Reads a file that no password protects: one under the empty password, under none at all, or not encrypted.
    ///
    /// - Returns: Nothing when a password is needed.
    /// - Throws: ``PKCS12Error``, when no password would help either.
    package static func readWithoutPassword(_ der: [UInt8]) throws(PKCS12Error) -> CAMaterial? {
        let archive = try PKCS12Archive.parse(der)
        guard archive.survey.mac != nil || archive.survey.protections.isEmpty else {
            return nil  // encrypted, and nothing to tell whether a password is right: somebody has to say it
        }
        do throws(PKCS12Error) {
            return try withOldAlgorithms { () throws(PKCS12Error) in
                try readUnderNone(archive)
            }
        } catch {
            // A MAC that holds for no password says nothing of the parts: they may be under one.
            guard case .doesNotDecrypt = error else {
                throw error
            }
            return nil
        }
    }

    /// Tries the empty password and none at all: some programs take one for the MAC and the other for the content.
    private static func readUnderNone(_ archive: borrowing PKCS12Archive) throws(PKCS12Error) -> CAMaterial? {
        let empty: [CChar] = [0]
        return try unsafe empty.withUnsafeBufferPointer { (empty) throws(PKCS12Error) -> CAMaterial? in
            let passwords = unsafe [empty.baseAddress, nil].map { unsafe LentPassword(characters: $0, count: 0) }
            var isRight = false
            for index in unsafe passwords.indices where !isRight {
                isRight = try unsafe mayBeRight(passwords[index], for: archive)
            }
            guard isRight else {
                return nil
            }
            var survey = archive.survey
            try survey.limit(iterations: PKCS12Limits.totalIterationsWithoutPassword)
            do throws(PKCS12Error) {
                return try unsafe content(of: archive, survey, passwords[0])
            } catch {
                guard case .doesNotDecrypt = error else {
                    throw error
                }
                return try unsafe content(of: archive, survey, passwords[1])
            }
        }
    }

    /// Whether the MAC matches; an answer that OpenSSL cannot give for one password may be there for another.
    private static func mayBeRight(
        _ password: LentPassword,
        for archive: borrowing PKCS12Archive
    ) throws(PKCS12Error) -> Bool {
        do throws(PKCS12Error) {
            return try unsafe isRight(password, for: archive)
        } catch {
            guard case .malformed = error else {
                throw error
            }
            return false
        }
    }

    private static func open(
        _ archive: borrowing PKCS12Archive,
        _ password: borrowing SecretBytes
    ) throws(PKCS12Error) -> CAMaterial {
        try unsafe password.withCharacters { (characters, count) throws(PKCS12Error) in
            let password = unsafe LentPassword(characters: characters, count: count)
            guard try unsafe isRight(password, for: archive) else {
                throw .wrongPassword
            }
            return try unsafe content(of: archive, archive.survey, password)
        }
    }

    /// Whether the MAC matches, if there is one.
    private static func isRight(
        _ password: LentPassword,
        for archive: borrowing PKCS12Archive
    ) throws(PKCS12Error) -> Bool {
        guard let mac = archive.survey.mac else {
            return true
        }
        let isRight = unsafe PKCS12_verify_mac(archive.file, password.characters, password.count) == 1
        // OpenSSL 3.0 leaves its queue empty when the password is wrong.
        let error = OpenSSLError.drainingQueue(after: "compute the MAC")
        guard isRight || error.codes.isEmpty else {
            throw error.isUnsupportedAlgorithm ? .needsLegacyProvider(algorithm: mac) : .malformed(error)
        }
        return isRight
    }

    private static func content(
        of archive: borrowing PKCS12Archive,
        _ survey: PKCS12Survey,
        _ password: LentPassword
    ) throws(PKCS12Error) -> CAMaterial {
        var content = PKCS12Content(isAuthenticated: survey.mac != nil, survey: survey)
        for index in 0..<(unsafe COpenSSL_sk_PKCS7_num(archive.safes)) {
            guard let safe = unsafe COpenSSL_sk_PKCS7_value(archive.safes, index) else {
                throw .contentMissing
            }
            try unsafe content.add(safe: safe, password)
        }
        return try rethrowing(
            as: PKCS12Error.material,
            CAMaterial(keys: content.keys, certificates: content.certificates, unescrowed: content.unescrowed)
        )
    }
}

extension PKCS12Error {
    /// Whether the same password in other bytes could help.
    fileprivate var mayDependOnEncoding: Bool {
        switch self {
        case .wrongPassword, .wrongPasswordOrDamaged, .doesNotDecrypt: true
        default: false
        }
    }
}
