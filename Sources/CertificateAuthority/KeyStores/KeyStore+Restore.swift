// SPDX-License-Identifier: Apache-2.0

package import SecretMemory
import SystemPackage

/// Writing by a restore.
extension KeyStore {
    /// Writes keys and certificates where the store's software looks for them, and reads them back.
    ///
    /// Nothing is ever replaced, and every place is looked at before the first byte is written. A key or certificate that
    /// is there already is left as it is, and read back like the others; another one is refused. Certificates are
    /// written before keys, so that a run that was interrupted can be run again.
    ///
    /// A store in PEM gets the newest key and its newest certificate at the places that it names, and older generations
    /// beside them as `cakey-gen2.pem` and `cacert-gen2.pem` (`2` for the one before the newest, and so on). All other
    /// certificates go into a second certificate file, when one is named; else those that are not the newest for their key
    /// go into `cacert-older.pem`, and those for other keys into `cacert-issuers.pem`. PKCS#12 stores get everything in
    /// one file.
    /// A token or NSS database gets everything as objects of its own; those that this run made are taken away again when
    /// one of them fails, and every key has signed there before this returns.
    ///
    /// - Parameters:
    ///   - material: What to write.
    ///   - protection: Of the keys in files: 0600 in either case; of tokens ``KeyProtection/byStore``.
    ///   - passphrase: Asked only for an encrypted key or file that is there already and that the new passphrase does not
    ///     open.
    /// - Returns: What was written, and the keys as the files hold them now.
    /// - Throws: ``StoreError``
    package func restore(
        _ material: CAMaterial,
        protection: borrowing KeyProtection,
        passphrase: (PassphraseRequest) throws(StoreError) -> SecretBytes?
    ) throws(StoreError) -> RestoredKey {
        switch try restoreLayout(for: material.newest) {
        case .pem(let files):
            var restore = try PEMRestore(material, files)
            return try restore.run(protection, passphrase)
        case .pkcs12(let path):
            return try PKCS12File.restore(material, to: path, protection, passphrase)
        case .token(let token):
            return try token.restore(material, isPlain: protection.isPlain, passphrase)
        }
    }

    func restoreLayout(for certificate: Certificate) throws(StoreError) -> Layout {
        switch location {
        case .pem(let key, let certificates):
            guard certificates.count <= 2 else {
                throw .malformed(text: location.description, needed: "pem:KEY,CERT[,CHAIN]")
            }
            return .pem(PEMFiles(key: FilePath(key), certificates: certificates.map { FilePath($0) }))
        case .p12(let path): return .pkcs12(FilePath(path))
        case .certutil(let folder):
            return .pkcs12(FilePath(folder).appending(Self.certutilName(for: certificate) + ".p12"))
        case .pkcs11(let uri): return .token(TokenStore(place: .pkcs11(uri)))
        case .nss(let database): return .token(TokenStore(place: .nss(database)))
        case .opensslCA, .easyRSA, .stepCA: return .pem(try location.files())
        }
    }

    /// The common name as Certificate Services sanitises it for the names of files: `!0028` for a parenthesis.
    ///
    /// *MS-WCCE, section 3.1.1.4.1.1.2; the limit to 57 characters is for names in the directory service only.*
    static func certutilName(for certificate: Certificate) -> String {
        var result = ""
        for unit in (certificate.commonName ?? "CA").utf16 {
            if let scalar = Unicode.Scalar(unit), scalar.isASCII, scalar.value >= 0x20, scalar.value < 0x7F,
                !"!\"#%&'()*+,/:;<=>?[\\]^`{|}".unicodeScalars.contains(scalar)
            {
                result.unicodeScalars.append(scalar)
            } else {
                result += "!" + OpenSSL.hex([UInt8(unit >> 8), UInt8(unit & 0xFF)])
            }
        }
        return result
    }
}

extension KeyProtection {
    /// The passphrase to try first on what is there already.
    borrowing func passphrases() -> Passphrases {
        switch passphrase {
        case let passphrase?: Passphrases(known: SecretBytes(copying: passphrase.span))
        case nil: Passphrases()
        }
    }
}

extension PKCS12File {
    /// - Throws: ``StoreError``
    static func restore(
        _ material: CAMaterial,
        to path: FilePath,
        _ protection: borrowing KeyProtection,
        _ ask: KeyStore.PassphraseSource
    ) throws(StoreError) -> RestoredKey {
        var passphrases = protection.passphrases()
        let isThere = try StoreFile.kind(path) != nil
        if !isThere {
            try StoreFile.checkPlace(for: path)
            let der = try encode(material, path, protection)
            try StoreFile.makeFolder(of: path, [.ownerReadWriteExecute])
            try StoreFile.create(path, der, [.ownerReadWrite])
        }
        let found = try read(path, &passphrases, ask)
        let wanted = Set(material.generations.map { $0.key.spki })
        guard Set(found.generations.map({ $0.key.spki })) == wanted else {
            let other = found.generations.first { !wanted.contains($0.key.spki) } ?? found.generations[0]
            throw isThere
                ? .anotherKey(path: path.string, spkiSHA256: other.spkiSHA256) : .readBackDiffers(path: path.string)
        }
        let missing = Set(material.certificates).subtracting(found.certificates)
        guard missing.isEmpty else {
            let other = found.newest
            throw isThere
                ? .anotherCertificate(path: path.string, subject: other.subject, sha256: other.sha256Hex)
                : .readBackDiffers(path: path.string)
        }
        return RestoredKey(
            generations: found.generations,
            written: isThere ? [] : [path.string],
            unchanged: isThere ? [path.string] : [],
            notWritten: material.chain.filter { !found.chain.contains($0) },
            // Beside another file, the folder alone does not say which.
            location: .p12(path.string)
        )
    }

    private static func encode(
        _ material: CAMaterial,
        _ path: FilePath,
        _ protection: borrowing KeyProtection
    ) throws(StoreError) -> [UInt8] {
        switch protection.passphrase {
        case nil: throw .needsPassphrase(path: path.string)
        case let passphrase?:
            do throws(PKCS12Error) {
                return try PKCS12Writer.write(
                    material,
                    password: passphrase,
                    iterations: PKCS12Writer.iterations(forPassphraseOf: material),
                    profile: protection.profile
                )
            } catch {
                throw .pkcs12(path: path.string, error)
            }
        }
    }
}
