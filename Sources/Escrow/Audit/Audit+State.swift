// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Files
import SystemPackage

// The archive of the CA's state, which lies beside the PKCS#12 file.
extension Audit {
    mutating func checkState(of document: EpochDocument) {
        guard let archive = document.manifest.state?.archive else {
            unchecked[.state] = .notApplicable("the manifest names no archive of the CA's state")
            return
        }
        guard !input.isWithoutPKCS12 else {
            unchecked[.state] = .notApplicable("not seen: --without-pkcs12")
            return
        }
        do throws(EscrowError) {
            guard let path = try document.statePath(given: input.pkcs12, escrow: escrow) else {
                return
            }
            guard try orThrow({ () throws(FileError) in try Files.kind(of: path) }) != nil else {
                unchecked[.state] = .notChecked("\(path): No such file or directory; --pkcs12 DIR, or --without-pkcs12")
                return
            }
            do throws(StateError) {
                let found = try StateArchive.digest(at: path)
                if found.byteCount != archive.byteCount {
                    note(
                        .state,
                        "\(archive.name): \(found.byteCount) bytes, where the manifest says \(archive.byteCount)"
                    )
                } else if found.sha256 != archive.sha256.bytes {
                    let error = StateError.archiveIsAnother(
                        path: path.string,
                        expected: archive.sha256.description,
                        found: Hex.encode(found.sha256)
                    )
                    note(.state, error.description)
                }
            } catch {
                throw .state(error)
            }
        } catch {
            note(.state, error.description)
        }
    }
}
