// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow
import Files
import SecretMemory
import SystemPackage

/// An identity's file: its public part is known before the passphrase is asked for.
///
/// A class, because an identity that was opened to vouch for a manifest waits here for its owner's turn as a custodian:
/// nobody is asked twice.
final class IdentityOnDisk {
    let path: String
    let file: IdentityFile
    private var kept: Identity?

    /// - Throws: ``Diagnostic``, or ``FileError``.
    init(at path: String) throws {
        let bytes = try Files.read(FilePath(path), limit: ByteLimit.document)
        do {
            file = try IdentityFile(canonical: bytes)
        } catch {
            throw Diagnostic("\(path): \(error)", .data)
        }
        self.path = path
        kept = nil
    }

    var name: Name { file.name }

    /// Opens it: with the passphrase from a file, or asked for up to three times.
    ///
    /// - Throws: ``Diagnostic``: 77 for a wrong passphrase.
    func open(_ files: PassphraseFiles) throws -> Identity {
        if let kept = kept.take() {
            return kept
        }
        guard !file.isWithoutPassphrase else {
            Output.warning("\(path): without a passphrase: whoever has the file is \(name)")
            return try open(with: nil)
        }
        if let passphrase = try files.passphrase(of: name.description) {
            return try open(with: passphrase)
        }
        for attempt in 1...Passphrase.attempts {
            guard let passphrase = try Passphrase.ask("\(name)'s passphrase", name: name.description) else {
                throw Diagnostic("\(path): no passphrase for \(name)", .refused)
            }
            do {
                return try open(with: passphrase)
            } catch let error as WrongPassphrase {
                let left = Passphrase.attempts - attempt
                guard left > 0 else {
                    throw error.diagnostic
                }
                Diagnostic(
                    "\(path): wrong passphrase for \(name) (\(left) of \(Passphrase.attempts) tries left)",
                    hint: Passphrase.keyboardHint,
                    .refused
                ).report()
            }
        }
        preconditionFailure("the last attempt returns or throws")
    }

    /// Opens it for what its key vouches for, and keeps it open for ``open(_:)``.
    func openAndKeep(_ files: PassphraseFiles) throws -> SigningKey {
        let identity = try open(files)
        let key = identity.signingKey
        kept = consume identity
        return key
    }

    /// Signs something and stays open for ``open(_:)``.
    func sign(
        _ bytes: [UInt8],
        _ format: DocumentFormat,
        _ files: PassphraseFiles
    ) throws -> (signer: Name, signature: SSHSignature) {
        let identity = try open(files)
        let signature = identity.sign(bytes, namespace: format.namespace)
        kept = consume identity
        return (name, signature)
    }

    private func open(with passphrase: consuming SecretBytes?) throws -> Identity {
        do {
            return try Output.whileShowing("opening \(name)'s identity") { () throws(IdentityError) in
                try file.open(passphrase: passphrase)
            }
        } catch IdentityError.wrongPassphrase {
            throw WrongPassphrase(path: path, name: name)
        } catch {
            throw Diagnostic("\(path): \(error)", .data)
        }
    }
}

/// The one failure after which a person may try again.
struct WrongPassphrase: Error {
    let path: String
    let name: Name

    var diagnostic: Diagnostic {
        Diagnostic("\(path): wrong passphrase for \(name)", hint: Passphrase.keyboardHint, .refused)
    }
}
