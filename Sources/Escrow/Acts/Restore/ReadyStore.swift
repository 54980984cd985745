// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Files
import KeyStores
package import SecretMemory

/// A store that will take a key: nothing lies in the way, and what opens it was tried.
struct ReadyStore: ~Copyable {
    private let protection: KeyProtection
    private let secrets: StoreSecrets

    /// Asks for what is to protect the key, opens what is in the store already, and has every key in it sign; nothing is
    /// written.
    ///
    /// - Throws: ``EscrowError/store(_:)``, ``EscrowError/absent(_:)``, ``PersonFault/noNewPassphrase``
    init(
        _ store: KeyStore,
        _ act: Restore,
        for certificates: [Certificate],
        attended attendance: any Attendance
    ) throws(EscrowError) {
        let protection = try act.protection.asked(for: act.store, attended: attendance)
        let secrets = StoreSecrets(of: store, as: .destination, attended: attendance)
        try orThrow(
            store.rehearse(for: certificates, protection: protection, passphrase: secrets.ask),
            as: secrets.fact
        )
        self.protection = protection
        self.secrets = secrets
    }

    /// Writes the key, and reads it back; what was tried is not asked for again.
    borrowing func restore(_ material: CAMaterial, ownership: Ownership) throws(EscrowError) -> RestoredKey {
        try orThrow(
            secrets.store.restore(material, protection: protection, ownership: ownership, passphrase: secrets.ask),
            as: secrets.fact
        )
    }
}

extension Restore.Protection {
    fileprivate func asked(
        for store: KeyStore,
        attended attendance: any Attendance
    ) throws(EscrowError) -> KeyProtection {
        guard self != .plain else {
            return .plain
        }
        guard !store.keepsItsPIN else {
            return .byStore
        }
        let wanted = WantedPassphrase.restoredKey(pkcs12: store.location.pkcs12Path)
        switch try orThrow(attendance.passphrase(wanted), as: EscrowError.absent) {
        case nil: throw .person(.noNewPassphrase)
        case let passphrase?:
            try wanted.check(passphrase)
            return .encrypted(passphrase: passphrase, profile: self == .windows2016 ? .windows2016 : .interchange)
        }
    }
}

extension WantedPassphrase {
    /// Holds a new passphrase against what is written with it.
    ///
    /// - Throws: ``EscrowError/store(_:)``, ``PersonFault/noNewPassphrase``
    package func check(_ passphrase: borrowing SecretBytes) throws(EscrowError) {
        guard case .restoredKey(let pkcs12) = self else {
            return
        }
        if let pkcs12 {
            try orThrow(PKCS12Writer.check(travelling: passphrase)) { .store(.pkcs12(path: pkcs12, $0)) }
        }
        guard passphrase.count > 0 else {
            throw .person(.noNewPassphrase)
        }
    }
}
