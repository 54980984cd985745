// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
import Files
package import KeyStores
import SecretMemory

/// Which store of an act it is.
@nonexhaustive public enum StoreRole: Equatable, Sendable {
    /// The one that a backup reads.
    case source
    /// The one that a restore writes.
    case destination
}

/// The passphrase or PIN of one store, asked of whoever is at hand: once, however often the store is opened.
final class StoreSecrets {
    let store: KeyStore
    private let role: StoreRole
    private let attendance: any Attendance
    /// What was given last, and for what: a token is opened several times, and a wrong PIN is never tried twice.
    private var known: SecretBytes?
    private var knownSubject: String?
    /// Why nobody answered.
    private var absence: Absence?

    init(of store: KeyStore, as role: StoreRole, attended attendance: any Attendance) {
        (self.store, self.role, self.attendance) = (store, role, attendance)
    }

    /// What the work on a store asks with.
    func ask(_ request: KeyStore.PassphraseRequest) throws(StoreError) -> SecretBytes? {
        if let known = known(for: request) {
            return known
        }
        guard request.pin != .typedAtToken else {
            attendance.tell(.pinIsTypedAtToken(request.subject))
            return nil
        }
        let given: SecretBytes?
        do throws(Absence) {
            given = try attendance.passphrase(.store(request, role, store))
        } catch {
            absence = error
            throw .passphraseUnavailable(path: request.subject, reason: "\(error)")
        }
        switch consume given {
        case nil: return nil
        case let secret?:
            known = secret.withSpan { SecretBytes(copying: $0) }
            knownSubject = request.subject
            return secret
        }
    }

    private func known(for request: KeyStore.PassphraseRequest) -> SecretBytes? {
        guard request.attempt == 1, knownSubject?.isEqual(bytesOf: request.subject) == true, let secret = known.take()
        else {
            return nil
        }
        known = secret.withSpan { SecretBytes(copying: $0) }
        return secret
    }

    /// The error of a store's work, as an act's.
    func fact(of error: StoreError) -> EscrowError {
        switch error {
        case .passphraseUnavailable: absence.map { .absent($0) } ?? .store(error)
        case .wrongPassphrase(let path) where store.location.pkcs12Path != nil:
            .store(.pkcs12(path: path, .wrongPassword))
        default: RecognisedFile.explaining(error)
        }
    }
}

extension KeyStore {
    /// All keys and certificates of the store.
    ///
    /// - Throws: ``EscrowError/store(_:)``, ``EscrowError/absent(_:)``
    package func exported(attended attendance: any Attendance) throws(EscrowError) -> CAMaterial {
        let secrets = StoreSecrets(of: self, as: .source, attended: attendance)
        return try orThrow(export(passphrase: secrets.ask), as: secrets.fact)
    }
}
