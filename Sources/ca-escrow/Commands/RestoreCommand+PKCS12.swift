// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Escrow
import SecretMemory

/// Whose programs must be able to read a PKCS#12 file that leaves a restore.
enum Compatibility: String, ExpressibleByArgument, CaseIterable {
    case windows2016 = "windows-2016"
}

// PKCS#12 files that go to other programs, Windows first among them.
extension RestoreCommand {
    /// Refuses what a PKCS#12 file, or a store that is none, cannot have; before anybody is asked for anything.
    func checkPKCS12(_ store: KeyStore) throws {
        guard let path = store.pkcs12Path else {
            if let compatibility {
                throw Diagnostic(
                    "--compatibility \(compatibility.rawValue): \(store.location.kind) is no PKCS#12 file",
                    hint: "it is for p12:FILE and certutil:DIR",
                    .usage
                )
            }
            return
        }
        if plainKey {
            throw StoreError.needsPassphrase(path: path)
        }
    }

    /// Says which keys Windows will not import, when it is Windows that they go to.
    func warnOfWindows(_ store: KeyStore, _ certificates: [Certificate]) {
        guard compatibility != nil || store.isForWindows else {
            return
        }
        var named: Set<[UInt8]> = []
        for certificate in certificates where named.insert(certificate.spki).inserted {
            switch certificate.keyKind {
            case .ed25519?, .ed448?:
                Output.warning(
                    "\(certificate.subject): Windows has no provider that holds a key of this kind: "
                        + (certificate.keyKind?.description ?? "")
                )
            case .rsa?, .ec?, nil: break
            }
        }
    }

    /// The rule for the new passphrase of what is written, where there is one.
    func passphraseRule(_ store: KeyStore) -> ((borrowing SecretBytes) throws -> Void)? {
        guard let path = store.pkcs12Path else {
            return nil
        }
        return { passphrase in
            do throws(PKCS12Error) {
                try PKCS12Writer.check(travelling: passphrase)
            } catch {
                throw StoreError.pkcs12(path: path, error)
            }
        }
    }

    var profile: PKCS12Writer.Profile { compatibility == nil ? .interchange : .windows2016 }

    /// What is to be done on the CA.
    func announceWindows(_ store: KeyStore, _ restored: RestoredKey) {
        guard store.isForWindows, let path = (restored.written + restored.unchanged).first else {
            return
        }
        Output.next("carry \(path) to the CA, run certutil -restoreKey there, then destroy every copy of it")
    }
}

extension KeyStore {
    /// The file or the folder as it was given, when what is written is PKCS#12.
    fileprivate var pkcs12Path: String? {
        switch location {
        case .p12(let path), .certutil(let path): path
        default: nil
        }
    }

    fileprivate var isForWindows: Bool {
        if case .certutil = location { true } else { false }
    }
}
