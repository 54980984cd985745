// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Files
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
    ///   - ownership: Of files and folders that are made. A token's or database's own software makes its files.
    ///   - passphrase: Asked only for an encrypted key or file that is there already and that the new passphrase does not
    ///     open.
    /// - Returns: What was written, and the keys as the files hold them now.
    /// - Throws: ``StoreError``
    package func restore(
        _ material: CAMaterial,
        protection: borrowing KeyProtection,
        ownership: Ownership = .place,
        passphrase: (PassphraseRequest) throws(StoreError) -> SecretBytes?
    ) throws(StoreError) -> RestoredKey {
        switch try restoreLayout(for: material.newest) {
        case .pem(let files):
            var restore = try PEMRestore(material, files, ownership)
            return try restore.run(protection, passphrase)
        case .pkcs12(let path):
            return try PKCS12File.restore(material, to: path, protection, ownership, passphrase)
        case .token(let token):
            return try token.restore(material, isPlain: protection.isPlain, passphrase)
        }
    }

    func restoreLayout(for certificate: Certificate) throws(StoreError) -> Layout {
        if case .pem(_, let certificates) = location, certificates.count > 2 {
            throw .malformed(text: location.description, needed: "pem:KEY,CERT[,CHAIN]")
        }
        return try layout { folder throws(StoreError) in folder.appending(CertutilName.file(for: certificate)) }
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
        _ ownership: Ownership,
        _ ask: KeyStore.PassphraseSource
    ) throws(StoreError) -> RestoredKey {
        var passphrases = protection.passphrases()
        let isThere = try StoreFile.isTaken(path)
        if isThere {
            try checkProtection(of: path, protection)
        } else {
            try StoreFile.checkPlace(for: path, ownership)
            let der = try encode(material, path, protection)
            try StoreFile.makeFolder(of: path, [.ownerReadWriteExecute], ownership)
            try StoreFile.create(path, der, [.ownerReadWrite], ownership)
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
            signers: found.generations,
            places: RestoredPlaces(
                written: isThere ? [] : [StoreFile.shown(path)],
                unchanged: isThere ? [StoreFile.shown(path)] : [],
                notWritten: material.chain.filter { !found.chain.contains($0) },
                // Beside another file, the folder alone does not say which.
                location: .p12(path.string)
            )
        )
    }

    /// Holds a file that is here already against what old programs read, when it is for them; it shows that without its
    /// password.
    ///
    /// - Throws: ``StoreError/anotherProtection(path:found:needed:)``
    static func checkProtection(of path: FilePath, _ protection: borrowing KeyProtection) throws(StoreError) {
        guard protection.profile == .windows2016 else {
            return
        }
        let der = try StoreFile.bytes(path, limit: StoreFile.byteLimit)
        let found = try rethrowing(as: { StoreError.pkcs12(path: path.string, $0) }, PKCS12Reader.facts(der))
        let needed = PKCS12Writer.facts(profile: .windows2016)
        guard found.algorithms == needed.algorithms else {
            throw .anotherProtection(path: path.string, found: found.algorithms, needed: needed.algorithms)
        }
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
