// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Files
import KeyStores
import SystemPackage

/// The archive of the CA's state as it lies beside the PKCS#12 file.
struct ArchiveReading: Sendable {
    /// Where it should lie.
    let path: FilePath
    /// Its digest and size; nothing when it is not there.
    let found: (sha256: [UInt8], byteCount: Int)?

    /// Reads the archive that an epoch's manifest names; nothing when it names none.
    static func of(
        _ document: EpochDocument,
        _ input: AuditInput,
        escrow: FilePath
    ) -> Result<ArchiveReading, EscrowError>? {
        do throws(EscrowError) {
            guard let path = try document.statePath(given: input.pkcs12, escrow: escrow) else {
                return nil
            }
            guard try orThrow(Files.kind(of: path)) != nil else {
                return .success(ArchiveReading(path: path, found: nil))
            }
            do throws(StateError) {
                return .success(ArchiveReading(path: path, found: try StateArchive.digest(at: path)))
            } catch {
                throw .state(error)
            }
        } catch {
            return .failure(error)
        }
    }
}

extension AuditReading {
    /// The archive of the CA's state is the one of the manifest.
    func state(of subject: EpochApproval) -> AuditOutcome {
        guard let expected = subject.document.manifest.state?.archive else {
            return .notApplicable("the manifest names no archive of the CA's state")
        }
        switch archive {
        case nil: return .notApplicable("not seen: --without-pkcs12")
        case .failure(let error)?: return error.isUnread ? .notRead([error]) : .fail([error.description])
        case .success(let archive)?:
            guard let found = archive.found else {
                return .notChecked("\(archive.path): No such file or directory; --pkcs12 DIR, or --without-pkcs12")
            }
            guard found.byteCount == expected.byteCount else {
                return .fail([
                    "\(expected.name): \(found.byteCount) bytes, where the manifest says \(expected.byteCount)"
                ])
            }
            guard found.sha256 == expected.sha256.bytes else {
                let error = StateError.archiveIsAnother(
                    path: archive.path.string,
                    expected: expected.sha256.description,
                    found: Hex.encode(found.sha256)
                )
                return .fail([error.description])
            }
            return .pass
        }
    }
}
