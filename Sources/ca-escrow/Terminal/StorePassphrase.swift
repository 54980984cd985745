// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import SecretMemory

/// Asks for a store's passphrase: from its file once, at the terminal up to three times.
final class StorePassphrase {
    private let files: PassphraseFiles
    private let name: String
    private let store: KeyStore
    private var failure: Diagnostic?

    /// - Parameter name: `from` or `to`.
    init(of store: KeyStore, files: PassphraseFiles, name: String) {
        self.files = files
        self.name = name
        self.store = store
    }

    /// Runs work on the store with these passphrases.
    ///
    /// - Throws: What `work` throws, in words that fit.
    func use<Result: ~Copyable>(_ work: (KeyStore.PassphraseSource) throws -> Result) throws -> Result {
        do {
            return try work(ask)
        } catch StoreError.passphraseUnavailable(let path, let reason) {
            throw failure ?? Diagnostic("\(path): no passphrase: \(reason)", .unavailable)
        } catch StoreError.wrongPassphrase(let path) where isPKCS12 {
            throw StoreError.pkcs12(path: path, .wrongPassword)
        }
    }

    private var isPKCS12: Bool {
        switch store.location {
        case .p12, .certutil: true
        case .pem, .opensslCA, .easyRSA, .stepCA: false
        }
    }

    private func ask(_ request: KeyStore.PassphraseRequest) throws(StoreError) -> SecretBytes? {
        guard request.attempt == 1 || !files.has(name) else {
            throw .wrongPassphrase(path: request.subject)
        }
        do {
            if let passphrase = try files.passphrase(of: name) {
                return passphrase
            }
            if request.attempt > 1 {
                Output.error("ca-escrow: error: \(request.subject): wrong passphrase")
            }
            return try Passphrase.ask("the passphrase of \(request.subject)", name: name)
        } catch {
            failure = Diagnostic(error)
            throw .passphraseUnavailable(path: request.subject, reason: "\(error)")
        }
    }
}
