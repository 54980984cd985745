// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
package import SecretMemory
import SystemPackage

/// An identity's file: its public part is known before the passphrase is asked for.
///
/// A class, because an identity that was opened to vouch for a manifest waits here for its owner's turn as a custodian:
/// nobody is asked twice.
package final class IdentityOnDisk {
    /// How often its passphrase is asked for.
    package static let attempts = 3
    package let path: String
    package let file: IdentityFile
    private var kept: Identity?
    /// Why it could not be opened: nobody is asked for its passphrase again for the next act.
    private var failure: EscrowError?

    /// - Throws: ``EscrowError/file(_:)``, ``EscrowError/identity(path:_:)``
    package init(at path: String) throws(EscrowError) {
        let wanted = RecognisedFile.document("identity")
        file = try wanted.read(FilePath(path), limit: ByteLimit.document) { bytes throws(EscrowError) in
            try orThrow(IdentityFile(canonical: bytes)) { .identity(path: path, $0) }
        }
        self.path = path
    }

    package var name: Name { file.name }

    /// The name with the key: who this is for those who believe a key.
    package var signer: Signer { Signer(name: file.name, key: file.signingKey) }

    /// - Throws: ``PersonFault/notAnOfficer(path:_:)``
    package func checkMaySign(_ approval: Approval) throws(EscrowError) {
        guard approval.officers.contains(signer) else {
            throw .person(.notAnOfficer(path: path, name))
        }
    }

    /// Lends the identity, opened at its first use.
    ///
    /// - Throws: ``EscrowError/identity(path:_:)``, ``PersonFault/noPassphrase(path:_:)``, ``EscrowError/absent(_:)``, and
    ///   what `body` throws.
    package func use<Result: ~Copyable>(
        attended attendance: any Attendance,
        _ body: (borrowing Identity) throws(EscrowError) -> Result
    ) throws(EscrowError) -> Result {
        if let failure {
            throw failure
        }
        let identity: Identity
        do throws(EscrowError) {
            identity = try opened(attended: attendance)
        } catch {
            failure = error
            throw error
        }
        do throws(EscrowError) {
            let result = try body(identity)
            kept = consume identity
            return result
        } catch {
            kept = consume identity
            throw error
        }
    }

    /// Signs bytes.
    package func sign(
        _ bytes: [UInt8],
        _ format: DocumentFormat,
        attended attendance: any Attendance
    ) throws(EscrowError) -> (signer: Name, signature: SSHSignature) {
        (name, try use(attended: attendance) { $0.sign(bytes, namespace: format.namespace) })
    }

    /// Opens it, unless it waits here, and hands it over.
    package func opened(attended attendance: any Attendance) throws(EscrowError) -> Identity {
        if let kept = kept.take() {
            return kept
        }
        if let kinds = file.unknownKinds {
            throw .identity(path: path, .unknownUnlocks(name, kinds: kinds))
        }
        guard !file.isWithoutPassphrase else {
            attendance.tell(.isWithoutPassphrase(path: path, name))
            return try open(with: nil, attended: attendance)
        }
        for attempt in 1...Self.attempts {
            let wanted = WantedPassphrase.identity(name, path: path, attempt: attempt)
            guard let passphrase = try orThrow(attendance.passphrase(wanted), as: EscrowError.absent) else {
                throw attempt == 1
                    ? .person(.noPassphrase(path: path, name)) : .identity(path: path, .wrongPassphrase(name))
            }
            do throws(EscrowError) {
                return try open(with: passphrase, attended: attendance)
            } catch .identity(_, .wrongPassphrase) where attempt < Self.attempts {
                continue
            }
        }
        preconditionFailure("the last attempt returns or throws")
    }

    private func open(
        with passphrase: consuming SecretBytes?,
        attended attendance: any Attendance
    ) throws(EscrowError) -> Identity {
        do throws(IdentityError) {
            return try attendance.during(.openingIdentity(name)) { () throws(IdentityError) in
                try file.open(passphrase: passphrase)
            }
        } catch {
            throw .identity(path: path, error)
        }
    }
}

extension SecretBytes {
    /// How many characters it has as UTF-8: bytes that only continue one do not count, so that it is never too many.
    package var characterCount: Int { byteCount { $0 & 0xC0 != 0x80 } }

    /// Whether every keyboard and system types the same bytes for it.
    package var isASCII: Bool { byteCount { $0 < 0x80 } == count }

    private func byteCount(where isCounted: (UInt8) -> Bool) -> Int {
        var found = 0
        for index in 0..<count where isCounted(span[index]) {
            found += 1
        }
        return found
    }
}
