// SPDX-License-Identifier: Apache-2.0

package import SecretMemory
import SystemPackage

extension KeyStore {
    /// Looks whether a restore would be refused for what lies in the way, or cannot be written.
    ///
    /// Before anybody is asked for a share: it needs no key and no passphrase, so an encrypted key in the way is judged by
    /// ``restore(_:protection:passphrase:)`` alone, which checks everything again.
    ///
    /// - Parameter certificates: Those of the keys to come, newest first.
    /// - Throws: ``StoreError``
    package func preflight(for certificates: [Certificate]) throws(StoreError) {
        guard let newest = certificates.first(where: \.isCA) ?? certificates.first else {
            return
        }
        switch try restoreLayout(for: newest) {
        case .token(let token): try token.preflight(for: certificates)
        case .pkcs12(let path):
            if try StoreFile.kind(path) == nil {
                try StoreFile.checkPlace(for: path)
            }
        case .pem(let files):
            try Self.checkKey(at: files.key, for: newest)
            try Self.checkCertificate(at: files.certificates[0], for: newest)
            if let roots = files.roots, try StoreFile.kind(roots) != nil {
                _ = try PEMFiles.readCertificates(roots)
            }
        }
    }

    /// Tries the PIN of a token, or a database's password, and looks at what only shows after it; nothing is written.
    ///
    /// Before anybody is asked for a share, so that a wrong PIN costs no quorum. Files need no such thing.
    ///
    /// - Throws: ``StoreError``
    package func rehearse(
        for certificates: [Certificate],
        protection: borrowing KeyProtection,
        passphrase: (PassphraseRequest) throws(StoreError) -> SecretBytes?
    ) throws(StoreError) {
        guard keepsItsPIN, let newest = certificates.first, case .token(let token) = try restoreLayout(for: newest)
        else {
            return
        }
        try token.rehearse(for: certificates, isPlain: protection.isPlain, passphrase)
    }

    /// Whether it protects keys by a PIN or password of its own: a token, or an NSS database.
    package var keepsItsPIN: Bool {
        switch location {
        case .pkcs11, .nss: true
        case .pem, .p12, .certutil, .opensslCA, .easyRSA, .stepCA: false
        }
    }

    private static func checkKey(at path: FilePath, for certificate: Certificate) throws(StoreError) {
        guard try StoreFile.kind(path) != nil else {
            try StoreFile.checkPlace(for: path)
            return
        }
        let bytes = try StoreFile.secret(path)
        if let key = try? PrivateKey(pem: bytes), key.spki != certificate.spki {
            throw .anotherKey(path: path.string, spkiSHA256: OpenSSL.sha256Hex(key.spki))
        }
    }

    private static func checkCertificate(at path: FilePath, for certificate: Certificate) throws(StoreError) {
        guard try StoreFile.kind(path) != nil else {
            try StoreFile.checkPlace(for: path)
            return
        }
        let found = try PEMFiles.readCertificates(path)[0]
        guard found.spki == certificate.spki else {
            throw .anotherCertificate(path: path.string, subject: found.subject, sha256: found.sha256Hex)
        }
    }
}
