// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import SecretMemory
import SystemPackage

/// Reading for a backup.
extension KeyStore {
    /// Reads every key of the store with its certificates; of a store in PEM also what a restore puts beside the newest:
    /// older generations (`cakey-gen2.pem`, `cacert-gen2.pem`) and other certificates (`cacert-older.pem`,
    /// `cacert-issuers.pem`).
    ///
    /// An expired certificate is no error here; a key that does not sign for its certificate is.
    ///
    /// - Parameter passphrase: Asked only for what is encrypted, at most three times a file; a passphrase that opened one
    ///   file is tried on the next.
    /// - Returns: All generations, the newest a certification authority's.
    /// - Throws: ``StoreError``
    package func export(
        passphrase: (PassphraseRequest) throws(StoreError) -> SecretBytes?
    ) throws(StoreError) -> CAMaterial {
        var passphrases = Passphrases()
        var (material, path, files): (CAMaterial, FilePath, PEMFiles.Origins)
        switch try layout(certutilFile: Self.certutilFile) {
        case .pem(let pem):
            (material, files) = try pem.export(&passphrases, passphrase)
            path = pem.certificates[0]
        case .pkcs12(let file):
            material = try PKCS12File.read(file, &passphrases, passphrase)
            (path, files) = (file, [:])
        case .token(let token):
            let (found, subject) = try token.export(passphrase)
            (material, path, files) = (found, FilePath(subject), [:])
        }
        guard material.newest.isCA else {
            throw .notACA(path: path.string, subject: material.newest.subject)
        }
        try material.prove { (files[$0.key.spki] ?? path).string }
        material.passphrases = passphrases.used
        return material
    }

    /// The one PKCS#12 file in a folder.
    private static func certutilFile(in folder: FilePath) throws(StoreError) -> FilePath {
        let names = try StoreFile.names(folder)
        let found = names.filter(StoreRecognition.isPKCS12)
        guard let name = found.first else {
            throw try StoreRecognition.isDatabaseBackup(folder, names)
                ? .databaseBackup(path: folder.string) : .noPKCS12(path: folder.string)
        }
        guard found.count == 1 else {
            throw .severalPKCS12(path: folder.string, names: found)
        }
        return folder.appending(name)
    }
}

extension PEMFiles {
    /// The file that each key lies in, by its public key in DER.
    fileprivate typealias Origins = [[UInt8]: FilePath]

    fileprivate func export(
        _ passphrases: inout Passphrases,
        _ ask: KeyStore.PassphraseSource
    ) throws(StoreError) -> (CAMaterial, Origins) {
        var found = try Self.readCertificates(certificates)
        if let roots, try StoreFile.kind(roots) != nil {
            found += try Self.readCertificates(roots)
        }
        var keys = try Self.readKeys(key, &passphrases, ask)
        var origins = keys.map { ($0.spki, key, certificates[0]) }
        for generation in 1... {
            let (older, certificate) = (
                Self.path(key, generation: generation), Self.path(certificates[0], generation: generation)
            )
            guard try StoreFile.kind(older) != nil else {
                break
            }
            found += try Self.readCertificates(certificate)
            let olderKeys = try Self.readKeys(older, &passphrases, ask)
            keys += olderKeys
            origins += olderKeys.map { ($0.spki, older, certificate) }
        }
        let besides = Self.besides(certificates[0])
        for path in [besides.older, besides.issuers] where try StoreFile.kind(path) != nil {
            found += try Self.readCertificates(path)
        }
        do throws(CAMaterialError) {
            let material = try CAMaterial(keys: keys, certificates: found)
            return (material, Origins(origins.map { ($0.0, $0.1) }) { first, _ in first })
        } catch {
            guard case .keyMatchesNoCertificate(let digest) = error,
                let (_, key, certificate) = origins.first(where: { OpenSSL.sha256Hex($0.0) == digest })
            else {
                throw .key(path: key.string, .noKey)
            }
            throw .keyMatchesNoCertificate(key: key.string, certificate: certificate.string)
        }
    }
}

/// A store that is one PKCS#12 file.
enum PKCS12File {
    /// - Throws: ``StoreError``
    static func read(
        _ path: FilePath,
        _ passphrases: inout Passphrases,
        _ ask: KeyStore.PassphraseSource
    ) throws(StoreError) -> CAMaterial {
        let der = try StoreFile.bytes(path, limit: StoreFile.byteLimit)
        // What no passphrase opens is said before one is asked for.
        do throws(PKCS12Error) {
            if let material = try PKCS12Reader.readWithoutPassword(der) {
                return material
            }
        } catch {
            throw .pkcs12(path: path.string, error, in: der.span)
        }
        var last = PKCS12Error.wrongPassword
        do throws(StoreError) {
            return try passphrases.open(path, ask) { passphrase throws(StoreError) in
                do throws(PKCS12Error) {
                    return try PKCS12Reader.read(der, password: passphrase)
                } catch {
                    guard error == .wrongPassword || error == .wrongPasswordOrDamaged else {
                        throw .pkcs12(path: path.string, error)
                    }
                    last = error
                    return nil
                }
            }
        } catch {
            guard error == .wrongPassphrase(path: path.string), last == .wrongPasswordOrDamaged else {
                throw error
            }
            throw .pkcs12(path: path.string, last)
        }
    }
}
