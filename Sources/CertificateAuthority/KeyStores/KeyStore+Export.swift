// SPDX-License-Identifier: Apache-2.0

import Files
package import SecretMemory
import SystemPackage

/// Reading for a backup.
extension KeyStore {
    /// Reads every key of the store with its certificates; of a store in PEM also the older generations that a restore
    /// puts beside the newest (`cakey-gen2.pem`, `cacert-gen2.pem`).
    ///
    /// An expired certificate is no error here.
    ///
    /// - Parameter passphrase: Asked only for what is encrypted, at most three times a file; a passphrase that opened one
    ///   file is tried on the next.
    /// - Returns: All generations, the newest a certification authority's.
    /// - Throws: ``StoreError``
    package func export(
        passphrase: (PassphraseRequest) throws(StoreError) -> SecretBytes?
    ) throws(StoreError) -> CAMaterial {
        var passphrases = Passphrases()
        let (material, path) =
            switch try layout() {
            case .pem(let files): (try files.export(&passphrases, passphrase), files.certificates[0])
            case .pkcs12(let path): (try PKCS12File.read(path, &passphrases, passphrase), path)
            }
        guard material.newest.isCA else {
            throw .notACA(path: path.string, subject: material.newest.subject)
        }
        return material
    }

    private func layout() throws(StoreError) -> Layout {
        switch location {
        case .pem(let key, let certificates):
            return .pem(PEMFiles(key: FilePath(key), certificates: certificates.map { FilePath($0) }))
        case .p12(let path): return .pkcs12(FilePath(path))
        case .certutil(let path): return .pkcs12(try Self.certutilFile(in: FilePath(path)))
        case .opensslCA(let path, let section):
            return .pem(try OpenSSLConfiguration(at: FilePath(path), section: section).files())
        }
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
    fileprivate func export(
        _ passphrases: inout Passphrases,
        _ ask: KeyStore.PassphraseSource
    ) throws(StoreError) -> CAMaterial {
        var found: [Certificate] = []
        for path in certificates {
            found += try Self.readCertificates(path)
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
        do throws(CAMaterialError) {
            return try CAMaterial(keys: keys, certificates: found)
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
        let der = try StoreFile.bytes(path, limit: PKCS12Reader.byteLimit)
        // What no passphrase opens is said before one is asked for.
        do throws(PKCS12Error) {
            _ = try PKCS12Reader.facts(der)
        } catch {
            throw .pkcs12(path: path.string, error)
        }
        return try passphrases.open(path, ask) { passphrase throws(StoreError) in
            do throws(PKCS12Error) {
                return try PKCS12Reader.read(der, password: passphrase)
            } catch {
                guard error == .wrongPassword else {
                    throw .pkcs12(path: path.string, error)
                }
                return nil
            }
        }
    }
}
