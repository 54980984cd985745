// SPDX-License-Identifier: Apache-2.0

import COpenSSL
package import SecretMemory

/// Writes PKCS#12 files that hold every key of a certification authority.
///
/// PBES2 with AES-256-CBC, PBKDF2 with HMAC-SHA-256, MAC with HMAC-SHA-256 unless a profile says otherwise, DER. Newest generation first and newest
/// certificate first among those of one key, because programs that want one key take the first; each key with a name and
/// a local key ID of its own, because Java merges keys of one name and NSS refuses keys without ID.
package enum PKCS12Writer {
    /// How a file is protected and laid out.
    package enum Profile: Sendable, CaseIterable {
        /// An escrow's own file: without the password it shows nothing but its algorithms.
        case standard
        /// What a restore hands to other programs, to Windows from Server 2019 on: the layout that all of them write, with
        /// the keys in a safe of their own, and each RSA or EC key with the name of a Windows provider.
        case interchange
        /// For Windows Server 2016 and older: 3DES and SHA-1 throughout.
        case windows2016
    }

    /// The provider that Windows should import a key into: without a name, it takes an old one that has no SHA-2.
    package static let defaultProviderName = "Microsoft Software Key Storage Provider"
    /// What Windows' import dialog takes of a password.
    package static let passwordByteLimit = 31

    /// OpenSSL's own; for a random password, stretching adds nothing.
    package static let defaultIterations = 2048
    /// .NET refuses more.
    package static let iterationLimit = 300_000

    /// The iterations for a passphrase that people chose, which deserves stretching.
    ///
    /// .NET also refuses files that cost more than 1,000,000 iterations in all.
    package static func iterations(forPassphraseOf material: CAMaterial) -> Int {
        min(100_000, 1_000_000 / (material.generations.count + 2))
    }

    /// What ``write(_:password:iterations:profile:)`` protects a file with, for the manifest; the reader's facts about
    /// such a file are the same.
    package static func facts(iterations: Int = defaultIterations, profile: Profile = .standard) -> PKCS12Facts {
        let isOld = profile == .windows2016
        return PKCS12Facts(
            encryption: isOld ? "des-ede3-cbc" : "aes-256-cbc",
            kdf: isOld ? "pkcs12kdf-sha1" : "pbkdf2-hmac-sha256",
            mac: isOld ? "hmac-sha1" : "hmac-sha256",
            iterations: iterations,
            findings: []
        )
    }

    /// Refuses a password that a file for other programs should not have: Windows' import dialog takes no more than 31
    /// characters, and some Java versions only ASCII.
    ///
    /// - Throws: ``PKCS12Error/passwordDoesNotTravel(byteCount:)``
    package static func check(travelling password: borrowing SecretBytes) throws(PKCS12Error) {
        guard (1...passwordByteLimit).contains(password.count) else {
            throw .passwordDoesNotTravel(byteCount: password.count)
        }
        for index in password.span.indices where !(0x20..<0x7F).contains(password.span[index]) {
            throw .passwordDoesNotTravel(byteCount: nil)
        }
    }

    /// Writes everything in `material`, the chain included.
    ///
    /// - Parameters:
    ///   - material: Keys and certificates.
    ///   - password: Without terminating zero; ASCII, or some Java versions refuse the file.
    ///   - iterations: 1 to ``iterationLimit``.
    ///   - profile: Who must be able to read it.
    /// - Returns: The file in DER.
    /// - Throws: ``PKCS12Error/passwordHoldsZeroByte``,
    ///   ``PKCS12Error/iterationCountOutOfRange(part:found:limit:)``, ``PKCS12Error/notWritten(_:)``,
    ///   ``PKCS12Error/key(_:)``
    package static func write(
        _ material: CAMaterial,
        password: borrowing SecretBytes,
        iterations: Int = defaultIterations,
        profile: Profile = .standard
    ) throws(PKCS12Error) -> [UInt8] {
        for index in password.span.indices where password.span[index] == 0 {
            throw .passwordHoldsZeroByte
        }
        guard iterations >= 1, iterations <= iterationLimit else {
            throw .iterationCountOutOfRange(part: "file", found: iterations, limit: iterationLimit)
        }
        var bags = PKCS12Bags(profile: profile, iterations: iterations)
        for (generation, name) in zip(material.generations, names(of: material.generations)) {
            let keyID = keyID(of: generation)
            try bags.add(
                generation.key,
                name: name,
                keyID: keyID,
                providerName: providerName(of: generation, profile),
                keyUsage: generation.keyUsage,
                password
            )
        }
        for (generation, name) in zip(material.generations, names(of: material.generations)) {
            for certificate in generation.certificates {
                try bags.add(certificate, name: name, keyID: keyID(of: generation))
            }
        }
        for certificate in material.chain {
            try bags.add(certificate, name: nil, keyID: nil)
        }
        return try bags.file(password: password)
    }

    /// Its own; Windows has no provider for Ed25519 and Ed448.
    private static func providerName(of generation: KeyGeneration, _ profile: Profile) -> String? {
        switch generation.key.kind {
        case .rsa, .ec: generation.providerName ?? (profile == .standard ? nil : defaultProviderName)
        case .ed25519, .ed448: generation.providerName
        }
    }

    /// Key IDs as RFC 5280 makes them: SHA-1 of the public key's bits.
    private static func keyID(of generation: KeyGeneration) -> [UInt8] {
        let certificate = unsafe generation.newest.handle()
        defer { unsafe X509_free(certificate) }
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        let status = unsafe X509_pubkey_digest(certificate, EVP_sha1(), &digest, &count)
        precondition(status == 1, "a certificate that was read has a public key")
        return Array(digest.prefix(Int(count)))
    }

    /// A name for each generation: its own, or the certificate's, told apart by `(1)` and so on as Windows does.
    ///
    /// Java compares names without regard to case.
    private static func names(of generations: [KeyGeneration]) -> [String] {
        var taken: Set<String> = []
        return generations.map { generation in
            let given = generation.name ?? generation.newest.commonName ?? generation.newest.subject
            // A BMPString holds no characters beyond U+FFFF.
            let base = String(
                String.UnicodeScalarView(given.unicodeScalars.filter { $0.value <= 0xFFFF && $0 != "\0" })
            )
            var name = base.isEmpty ? "key" : base
            var number = 0
            while !taken.insert(name.lowercased()).inserted {
                number += 1
                name = "\(base)(\(number))"
            }
            return name
        }
    }
}
