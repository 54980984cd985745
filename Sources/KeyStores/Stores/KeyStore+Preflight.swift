// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Files
package import SecretMemory
import SystemPackage

extension KeyStore {
    /// Looks whether a restore would be refused for what lies in the way, or cannot be written.
    ///
    /// Before anybody is asked for a share: it needs no key and no passphrase, so an encrypted key in the way is judged by
    /// ``restore(_:protection:ownership:passphrase:)`` alone, which checks everything again. Every place of files is looked at, of
    /// all generations that the certificates are for.
    ///
    /// - Parameters:
    ///   - certificates: All of the keys to come, newest first; those of issuers are not known yet.
    ///   - ownership: Of the files to come.
    /// - Throws: ``StoreError``
    package func preflight(for certificates: [Certificate], ownership: Ownership = .place) throws(StoreError) {
        guard let newest = certificates.generations.first?.first else {
            return
        }
        for certificate in certificates {
            try location.checkKind(of: certificate)
        }
        switch try restoreLayout(for: newest) {
        case .token(let token): try token.preflight(for: certificates)
        case .pkcs12(let path):
            if try !StoreFile.isTaken(path) {
                try StoreFile.checkPlace(for: path, ownership)
            }
        case .pem(let files): try files.preflight(for: certificates, ownership)
        }
    }

    /// Opens what is here already, by its passphrase, PIN or password, and has every key in it sign; nothing is written.
    ///
    /// Before anybody is asked for a share, so that a wrong PIN or a damaged key costs no quorum.
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
                var passphrases = protection.passphrases()
                try PKCS12File.read(path, &passphrases, passphrase).check(in: path.string, for: certificates)
            }
        case .pem(let files):
            var passphrases = protection.passphrases()
            try files.rehearse(for: certificates, &passphrases, passphrase)
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

extension StoreURI {
    /// step-ca reads its keys with Go's libraries; what tokens and NSS databases take, they are asked themselves.
    fileprivate func checkKind(of certificate: Certificate) throws(StoreError) {
        guard case .stepCA = self, let kind = certificate.keyKind else {
            return
        }
        let isTaken =
            switch kind {
            case .rsa, .ed25519: true
            case .ec(let curve): ["P-224", "P-256", "P-384", "P-521"].contains(bytesOf: curve)
            case .ed448: false
            }
        guard isTaken else {
            throw .kindNotTaken(store: "\(self)", kind, takes: "RSA, P-224, P-256, P-384, P-521 and Ed25519")
        }
    }
}

extension PEMFiles {
    fileprivate func preflight(for all: [Certificate], _ ownership: Ownership) throws(StoreError) {
        let generations = all.generations
        var free = FreePlaces(ownership: ownership)
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

    /// Every key that is here already must be one of these certificates', and sign.
    fileprivate func rehearse(
        for all: [Certificate],
        _ passphrases: inout Passphrases,
        _ ask: KeyStore.PassphraseSource
    ) throws(StoreError) {
        for (index, own) in all.generations.enumerated() {
            let path = Self.path(key, generation: index)
            guard try StoreFile.isTaken(path) else {
                continue
            }
            let found = try Self.readKeys(path, &passphrases, ask)[0]
            let spki = found.spki
            let generation: KeyGeneration
            do throws(CAMaterialError) {
                generation = try KeyGeneration(key: found.take(), certificates: own)
            } catch {
                throw .anotherKey(path: path.string, spkiSHA256: OpenSSL.sha256Hex(spki))
            }
            if let fault = KeyProof.fault(of: generation) {
                throw .damagedKey(path: path.string, fault)
            }
        }
    }

    private static func checkKey(
        at path: FilePath,
        for certificate: Certificate,
        _ free: inout FreePlaces
    ) throws(StoreError) {
        guard try free.isTaken(path) else {
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
        _ free: inout FreePlaces
    ) throws(StoreError) -> [Certificate]? {
        try free.isTaken(path) ? try readCertificates(path) : nil
    }
}

/// The places that are to be written so far.
private struct FreePlaces {
    let ownership: Ownership
    private(set) var places: Set<FilePath> = []

    mutating func isTaken(_ path: FilePath) throws(StoreError) -> Bool {
        if try StoreFile.isTaken(path) {
            return true
        }
        try StoreFile.checkPlace(for: path, ownership)
        guard places.insert(try StoreFile.absolute(path)).inserted else {
            throw .samePlace(path: path.string)
        }
        return false
    }
}

extension CAMaterial {
    /// Checks a file that holds everything: no key in it is another one, and every one signs.
    fileprivate func check(in path: String, for certificates: [Certificate]) throws(StoreError) {
        for generation in generations {
            guard generation.certificates.contains(where: certificates.contains) else {
                throw .anotherKey(path: path, spkiSHA256: generation.spkiSHA256)
            }
            if let fault = KeyProof.fault(of: generation) {
                throw .damagedKey(path: path, fault)
            }
        }
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
