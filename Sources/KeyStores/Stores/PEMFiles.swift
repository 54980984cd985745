// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import SecretMemory
import SystemPackage

/// A key file with its certificate files, and where older generations lie beside them.
struct PEMFiles: Equatable {
    let key: FilePath
    /// At least one: the first with the newest certificate, further ones with older ones and the chain.
    let certificates: [FilePath]
    /// A file with the root's certificate, which step-ca keeps beside the intermediate's.
    private(set) var roots: FilePath?
    private(set) var form = PEMForm.usual

    /// All that were named.
    var named: [FilePath] { [key] + certificates + [roots].compactMap(\.self) }

    /// All that are read and written.
    var places: KeyPlaces {
        KeyPlaces(keys: [key], certificates: [certificates[0]], others: Array(named.dropFirst(2)))
    }

    static let keyName = "private/cakey.pem"
    static let certificateName = "cacert.pem"
    static let configurationName = "openssl.cnf"

    /// The place of a generation's file: `cakey.pem` for the newest, 0, and `cakey-gen2.pem` for 1, the one before it.
    static func path(_ path: FilePath, generation: Int) -> FilePath {
        generation > 0 ? beside(path, "gen\(generation + 1)") : path
    }

    /// Whether a file is the newest generation's, or lies where an older one's does.
    static func isGeneration(_ path: FilePath, of newest: FilePath) -> Bool {
        guard path != newest else {
            return true
        }
        let (start, end) = (Array("\(newest.stem ?? "key")-gen".utf8), Array(suffix(of: newest).utf8))
        let name = Array((path.lastComponent?.string ?? "").utf8)
        guard name.count > start.count + end.count, name.starts(with: start), name.suffix(end.count).elementsEqual(end),
            let number = Int(String(decoding: name[start.count..<(name.count - end.count)], as: UTF8.self)), number > 1
        else {
            return false
        }
        return path == self.path(newest, generation: number - 1)
    }

    /// The places, beside the newest certificate, of the certificates that are not the newest for their key, and of those
    /// for other keys: `cacert-older.pem` and `cacert-issuers.pem`.
    static func besides(_ path: FilePath) -> (older: FilePath, issuers: FilePath) {
        (beside(path, "older"), beside(path, "issuers"))
    }

    private static func beside(_ path: FilePath, _ word: String) -> FilePath {
        path.removingLastComponent().appending("\(path.stem ?? "key")-\(word)\(suffix(of: path))")
    }

    private static func suffix(of path: FilePath) -> String { path.extension.map { ".\($0)" } ?? "" }

    /// As many as a PKCS#12 file may hold; each is held against every key.
    static let certificateLimit = PKCS12Limits.parts
    /// Each may cost a key derivation.
    static let keyLimit = 50

    /// Reads every certificate of a file in PEM, or the one of a file in DER.
    static func readCertificates(_ path: FilePath) throws(StoreError) -> [Certificate] {
        // The same file may hold the key.
        let bytes = try StoreFile.secret(path)
        guard PEM.blocks(in: bytes.span).count(where: \.isCertificate) <= certificateLimit else {
            throw .tooMany(path: path.string, what: "certificates", limit: certificateLimit)
        }
        do throws(CertificateError) {
            let certificates =
                bytes.span[0] == 0x30 ? [try Certificate(atStartOf: bytes.span)] : try Certificate.all(pem: bytes.span)
            guard !certificates.isEmpty else {
                throw CertificateError.none
            }
            return certificates
        } catch {
            throw .certificate(path: path.string, error, in: bytes.span)
        }
    }

    static func readCertificates(_ paths: [FilePath]) throws(StoreError) -> [Certificate] {
        try paths.map { path throws(StoreError) in try readCertificates(path) }.flatMap(\.self)
    }

    /// Reads every key of a file, encrypted or not.
    static func readKeys(
        _ path: FilePath,
        _ passphrases: inout Passphrases,
        _ ask: KeyStore.PassphraseSource
    ) throws(StoreError) -> [FoundKey] {
        let bytes = try StoreFile.secret(path)
        if bytes.span[0] != 0x30, let fault = PEM.fault(in: bytes.span) {
            throw .key(path: path.string, .pem(fault))
        }
        let blocks = PEM.blocks(in: bytes.span).filter(\.isPrivateKey)
        guard !blocks.isEmpty else {
            return [FoundKey(try readKey(bytes, path, &passphrases, ask))]
        }
        guard blocks.count <= keyLimit else {
            throw .tooMany(path: path.string, what: "private keys", limit: keyLimit)
        }
        var keys: [FoundKey] = []
        for block in blocks {
            let text = SecretBytes(copying: bytes.span.extracting(block.range))
            keys.append(FoundKey(try readKey(text, path, &passphrases, ask)))
        }
        return keys
    }

    private static func readKey(
        _ bytes: borrowing SecretBytes,
        _ path: FilePath,
        _ passphrases: inout Passphrases,
        _ ask: KeyStore.PassphraseSource
    ) throws(StoreError) -> PrivateKey {
        do throws(KeyError) {
            return try PrivateKey(pem: bytes)
        } catch {
            guard error == .encrypted else {
                throw .key(path: path.string, error, in: bytes.span)
            }
        }
        return try passphrases.open(path, ask) { passphrase throws(StoreError) in
            do throws(KeyError) {
                return try PrivateKey(pem: bytes, passphrase: passphrase)
            } catch {
                guard error == .wrongPassphrase else {
                    throw .key(path: path.string, error)
                }
                return nil
            }
        }
    }
}

extension StoreURI {
    /// The files of a store that keeps keys in PEM where its software looks for them.
    ///
    /// - Throws: ``StoreError``
    func files() throws(StoreError) -> PEMFiles {
        switch self {
        case .opensslCA(let path, let section):
            try OpenSSLConfiguration(at: FilePath(path), section: section).files()
        case .easyRSA(let path, let isPKI): try EasyRSA(at: FilePath(path), isPKI: isPKI).files
        case .stepCA(let path, let authority): try StepCA(at: FilePath(path)).files(authority)
        case .pem, .p12, .certutil, .pkcs11, .nss:
            preconditionFailure("these stores name their files themselves, or have none")
        }
    }
}

/// How a store's software writes its files: what a restore writes like it.
enum PEMForm {
    /// Certificates 0644 in folders of 0755, keys in PKCS#8: as `openssl ca` is set up.
    case usual
    /// Everything for the owner alone, keys in PKCS#8: easy-rsa.
    case closed
    /// Everything for the owner alone, keys in the older form of PEM where there is one: step.
    case step

    var isKeyTraditional: Bool { self == .step }

    /// Of certificate files; keys are 0600 everywhere.
    var certificatePermissions: FilePermissions {
        switch self {
        case .usual: [.ownerReadWrite, .groupRead, .otherRead]
        case .closed, .step: [.ownerReadWrite]
        }
    }

    /// Of the folders of certificates; those of keys are 0700 everywhere.
    var folderPermissions: FilePermissions {
        switch self {
        case .usual: [.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute]
        case .closed, .step: [.ownerReadWriteExecute]
        }
    }
}
