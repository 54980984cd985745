// SPDX-License-Identifier: Apache-2.0

package import SecretMemory
import SystemPackage

extension KeyStore {
    /// Looks whether a restore would be refused for what lies in the way, or cannot be written.
    ///
    /// Before anybody is asked for a share: it needs no key and no passphrase, so an encrypted key in the way is judged by
    /// ``restore(_:protection:passphrase:)`` alone, which checks everything again. Every place of files is looked at, of
    /// all generations that the certificates are for.
    ///
    /// - Parameter certificates: All of the keys to come, newest first; those of issuers are not known yet.
    /// - Throws: ``StoreError``
    package func preflight(for certificates: [Certificate]) throws(StoreError) {
        guard let newest = certificates.generations.first?.first else {
            return
        }
        switch try restoreLayout(for: newest) {
        case .token(let token): try token.preflight(for: certificates)
        case .pkcs12(let path):
            if try !StoreFile.isTaken(path) {
                try StoreFile.checkPlace(for: path)
            }
        case .pem(let files): try files.preflight(for: certificates)
        }
    }

    /// Tries the PIN of a token, or a database's password, and looks at what only shows after it; nothing is written.
    ///
    /// Before anybody is asked for a share, so that a wrong PIN costs no quorum. Of files, only the protection of a PKCS#12
    /// file that is here already is looked at, which shows without its password.
    ///
    /// - Throws: ``StoreError``
    package func rehearse(
        for certificates: [Certificate],
        protection: borrowing KeyProtection,
        passphrase: (PassphraseRequest) throws(StoreError) -> SecretBytes?
    ) throws(StoreError) {
        guard let newest = certificates.generations.first?.first else {
            return
        }
        switch try restoreLayout(for: newest) {
        case .token(let token): try token.rehearse(for: certificates, isPlain: protection.isPlain, passphrase)
        case .pkcs12(let path):
            if try StoreFile.isTaken(path) {
                try PKCS12File.checkProtection(of: path, protection)
            }
        case .pem: break
        }
    }

    /// Whether it protects keys by a PIN or password of its own: a token, or an NSS database.
    package var keepsItsPIN: Bool {
        switch location {
        case .pkcs11, .nss: true
        case .pem, .p12, .certutil, .opensslCA, .easyRSA, .stepCA: false
        }
    }
}

extension PEMFiles {
    fileprivate func preflight(for all: [Certificate]) throws(StoreError) {
        let generations = all.generations
        var free: Set<FilePath> = []
        for (index, own) in generations.enumerated() {
            let (key, certificate) = (
                Self.path(key, generation: index), Self.path(certificates[0], generation: index)
            )
            try Self.checkKey(at: key, for: own[0], &free)
            if let found = try Self.found(at: certificate, &free), !own.contains(found[0]) {
                throw .another(found[0], at: certificate)
            }
        }
        // The newest of each key comes first.
        let older = generations.flatMap { $0.dropFirst() }
        let besides = Self.besides(certificates[0])
        if roots == nil, certificates.count > 1 {
            if let found = try Self.found(at: certificates[1], &free), !Set(older).isSubset(of: found) {
                throw .another(found.first { !older.contains($0) } ?? found[0], at: certificates[1])
            }
            return
        }
        if !older.isEmpty {
            _ = try Self.found(at: besides.older, &free)
        }
        // Whether there are issuers is not known yet; the next backup reads the file in either case.
        _ = try Self.found(at: roots ?? besides.issuers, &free)
    }

    private static func checkKey(
        at path: FilePath,
        for certificate: Certificate,
        _ free: inout Set<FilePath>
    ) throws(StoreError) {
        guard try isTaken(path, &free) else {
            return
        }
        let bytes = try StoreFile.secret(path)
        if let key = try? PrivateKey(pem: bytes), key.spki != certificate.spki {
            throw .anotherKey(path: path.string, spkiSHA256: OpenSSL.sha256Hex(key.spki))
        }
    }

    /// The certificates that are there already; `nil` when they can be written.
    private static func found(
        at path: FilePath,
        _ free: inout Set<FilePath>
    ) throws(StoreError) -> [Certificate]? {
        try isTaken(path, &free) ? try readCertificates(path) : nil
    }

    /// - Parameter free: The places that are to be written so far.
    private static func isTaken(_ path: FilePath, _ free: inout Set<FilePath>) throws(StoreError) -> Bool {
        if try StoreFile.isTaken(path) {
            return true
        }
        try StoreFile.checkPlace(for: path)
        guard free.insert(path.lexicallyNormalized()).inserted else {
            throw .samePlace(path: path.string)
        }
        return false
    }
}

extension StoreError {
    fileprivate static func another(_ certificate: Certificate, at path: FilePath) -> StoreError {
        .anotherCertificate(path: path.string, subject: certificate.subject, sha256: certificate.sha256Hex)
    }
}

extension [Certificate] {
    /// By their keys, in the order in which a restore numbers them, each with its newest first.
    var generations: [[Certificate]] {
        var byKey: [[UInt8]: [Certificate]] = [:]
        for certificate in self {
            byKey[certificate.spki, default: []].append(certificate)
        }
        let currents = byKey.values.compactMap(\.current).newestFirst()
        return (currents.filter(\.isCA) + currents.filter { !$0.isCA }).map { current in
            [current] + (byKey[current.spki] ?? []).filter { $0 != current }
        }
    }
}
