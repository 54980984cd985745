// SPDX-License-Identifier: Apache-2.0

import Escrow
import Files
import KeyStores
import SecretMemory
import SystemPackage

// Passphrases and PINs of stores: from their files once, at the terminal as often as the act asks.
extension Terminal {
    /// What opens a store; nothing when whoever was asked gives up.
    func secret(of request: KeyStore.PassphraseRequest, _ role: StoreRole, _ store: StoreURI) throws -> SecretBytes? {
        asked.append(role)
        if let tries = request.pin {
            return try pin(of: request.subject, tries, role, store)
        }
        if files.has(role.option) {
            // A file has one answer.
            return request.attempt == 1 ? try files.passphrase(of: role.option) : nil
        }
        if request.attempt > 1 {
            Diagnostic("\(request.subject): wrong passphrase", .refused).report()
        }
        return try Passphrase.ask("the passphrase of \(request.subject)", name: role.option)
    }

    /// - Throws: ``Diagnostic`` when a file was given for a store that needs neither PIN nor password.
    func checkAsked(for store: KeyStore, as role: StoreRole) throws {
        guard !store.keepsItsPIN || asked.contains(role) || !files.has(role.option) else {
            throw Diagnostic("--passphrase-file \(role.option): no PIN or password is needed here", .usage)
        }
    }

    private func pin(
        of subject: String,
        _ tries: KeyStore.PINTries,
        _ role: StoreRole,
        _ store: StoreURI
    ) throws -> SecretBytes? {
        switch tries {
        case .notSaid, .typedAtToken: break
        case .few: Output.warning("\(subject): a wrong PIN was tried there before: few tries are left")
        case .last: Output.warning("\(subject): one more wrong PIN locks it")
        }
        if case .pkcs11(let uri) = store, let source = uri.pinSource {
            guard !files.has(role.option) else {
                throw Diagnostic("--passphrase-file \(role.option): the PIN comes from pin-source already", .usage)
            }
            try Self.refusePipe(source)
            return try PassphraseFiles.read(source, shownAs: "pin-source \(source)")
        }
        if let pin = try files.passphrase(of: role.option) {
            return pin
        }
        let what = if case .nss = store { "the password of \(subject)" } else { "the PIN of \(subject)" }
        return try Passphrase.ask(what, name: role.option)
    }

    /// Opening a pipe by its name waits for ever when nobody writes; one that is open already ends with its writer.
    private static func refusePipe(_ source: String) throws {
        guard !source.isEqual(bytesOf: "/dev/stdin"), !source.hasPrefix(bytesOf: "/dev/fd/"),
            try Files.kind(of: Files.resolved(FilePath(source))) == .other
        else {
            return
        }
        throw Diagnostic("pin-source \(source): neither a regular file nor /dev/fd/N", .data)
    }
}

extension StoreRole {
    /// What `--passphrase-file` calls it.
    var option: String {
        switch self {
        case .source: "from"
        case .destination: "to"
        }
    }
}
