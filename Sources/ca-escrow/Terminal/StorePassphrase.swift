// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Files
import SecretMemory
import SystemPackage

/// Asks for a store's passphrase: from its file once, at the terminal up to three times; a PIN only once.
final class StorePassphrase {
    private let files: PassphraseFiles
    private let name: String
    private let store: KeyStore
    private var failure: Diagnostic?
    /// The PIN that was given, for the next time that the same token is opened.
    private var pin: SecretBytes?
    /// The passphrase typed last, for the next time that the same file is opened.
    private var typed: SecretBytes?
    private var typedFor: String?
    private var wasAsked = false

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
            let result = try work(ask)
            guard !store.keepsItsPIN || wasAsked || !files.has(name) else {
                throw Diagnostic("--passphrase-file \(name): no PIN or password is needed here", .usage)
            }
            return result
        } catch StoreError.passphraseUnavailable(let path, let reason) {
            throw failure ?? Diagnostic("\(path): no passphrase: \(reason)", .unavailable)
        } catch StoreError.wrongPassphrase(let path) where isPKCS12 {
            throw StoreError.pkcs12(path: path, .wrongPassword)
        }
    }

    private var isPKCS12: Bool {
        switch store.location {
        case .p12, .certutil: true
        case .pem, .opensslCA, .easyRSA, .stepCA, .pkcs11, .nss: false
        }
    }

    private func ask(_ request: KeyStore.PassphraseRequest) throws(StoreError) -> SecretBytes? {
        guard request.attempt == 1 || !files.has(name) else {
            throw .wrongPassphrase(path: request.subject)
        }
        wasAsked = request.pin != .typedAtToken
        do {
            if let tries = request.pin {
                return try askPIN(request.subject, tries)
            }
            if let passphrase = try files.passphrase(of: name) {
                return passphrase
            }
            if request.attempt == 1, typedFor == request.subject, let known = typed.take() {
                typedFor = nil
                return known
            }
            if request.attempt > 1 {
                Output.error("ca-escrow: error: \(request.subject): wrong passphrase")
            }
            guard let given = try Passphrase.ask("the passphrase of \(request.subject)", name: name) else {
                return nil
            }
            typed = given.withSpan { SecretBytes(copying: $0) }
            typedFor = request.subject
            return given
        } catch {
            failure = Diagnostic(error)
            throw .passphraseUnavailable(path: request.subject, reason: "\(error)")
        }
    }

    // MARK: A token's PIN

    private func askPIN(_ subject: String, _ tries: KeyStore.PINTries) throws -> SecretBytes? {
        guard tries != .typedAtToken else {
            Output.error("ca-escrow: type the PIN at \(subject) itself")
            return nil
        }
        if let known = pin.take() {
            pin = known.withSpan { SecretBytes(copying: $0) }
            return known
        }
        switch tries {
        case .notSaid, .typedAtToken: break
        case .few: Output.warning("\(subject): a wrong PIN was tried there before: few tries are left")
        case .last: Output.warning("\(subject): one more wrong PIN locks it")
        }
        guard let given = try newPIN(subject) else {
            return nil
        }
        pin = given.withSpan { SecretBytes(copying: $0) }
        return given
    }

    private func newPIN(_ subject: String) throws -> SecretBytes? {
        if case .pkcs11(let uri) = store.location, let source = uri.pinSource {
            guard !files.has(name) else {
                throw Diagnostic("--passphrase-file \(name): the PIN comes from pin-source already", .usage)
            }
            try refusePipe(source)
            return try PassphraseFiles.read(source, shownAs: "pin-source \(source)")
        }
        if let pin = try files.passphrase(of: name) {
            return pin
        }
        let what = if case .nss = store.location { "the password of \(subject)" } else { "the PIN of \(subject)" }
        return try Passphrase.ask(what, name: name)
    }

    /// Opening a pipe by its name waits for ever when nobody writes; one that is open already ends with its writer.
    private func refusePipe(_ source: String) throws {
        guard !source.isEqual(bytesOf: "/dev/stdin"), !source.hasPrefix(bytesOf: "/dev/fd/"),
            try Files.kind(of: Files.resolved(FilePath(source))) == .other
        else {
            return
        }
        throw Diagnostic("pin-source \(source): neither a regular file nor /dev/fd/N", .data)
    }
}
