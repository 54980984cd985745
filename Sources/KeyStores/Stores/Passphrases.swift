// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import SecretMemory
import SystemPackage

/// The passphrase that opened the last file, tried on the next one before anybody is asked.
struct Passphrases: ~Copyable {
    private var known: SecretBytes?
    /// All that opened something.
    private(set) var used = WithheldSecrets()

    init(known: consuming SecretBytes? = nil) {
        self.known = known
    }

    /// Tries the known passphrase, then asks.
    ///
    /// `attempt` opens the file, or returns nothing when the passphrase is wrong.
    ///
    /// - Throws: ``StoreError/wrongPassphrase(path:)``, ``StoreError/noPassphrase(path:)``, and what `ask` and `attempt`
    ///   throw.
    mutating func open<Value: ~Copyable>(
        _ path: FilePath,
        _ ask: KeyStore.PassphraseSource,
        _ attempt: (borrowing SecretBytes) throws(StoreError) -> Value?
    ) throws(StoreError) -> Value {
        if let passphrase = known.take() {
            if let value = try attempt(passphrase) {
                used.add(passphrase)
                known = consume passphrase
                return value
            }
            known = consume passphrase
        }
        for number in 1...KeyStore.attemptLimit {
            let request = KeyStore.PassphraseRequest(subject: path.string, attempt: number, pin: nil)
            guard let passphrase = try ask(request) else {
                // Giving up after a wrong one is not the same as having none.
                throw number == 1 ? .noPassphrase(path: path.string) : .wrongPassphrase(path: path.string)
            }
            if let value = try attempt(passphrase) {
                used.add(passphrase)
                known = consume passphrase
                return value
            }
        }
        throw .wrongPassphrase(path: path.string)
    }
}
