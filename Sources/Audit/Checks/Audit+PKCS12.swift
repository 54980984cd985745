// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Encoding
import Escrow
import Files
import SystemPackage

/// What shows of the PKCS#12 file without its password.
struct KeyFileReading: Sendable {
    let byteCount: Int
    /// What it is protected by; or why it is no PKCS#12 file.
    let facts: Result<PKCS12Facts, EscrowError>

    /// Reads the file of an epoch's manifest.
    static func of(
        _ document: EpochDocument,
        _ input: AuditInput,
        escrow: FilePath
    ) -> Result<KeyFileReading, EscrowError> {
        Result { () throws(EscrowError) in
            let bytes = try document.pkcs12(given: input.pkcs12, escrow: escrow)
            do throws(PKCS12Error) {
                return KeyFileReading(byteCount: bytes.count, facts: .success(try PKCS12Reader.facts(bytes)))
            } catch {
                return KeyFileReading(
                    byteCount: bytes.count,
                    facts: .failure(.pkcs12(path: document.manifest.pkcs12.name, error))
                )
            }
        }
    }
}

// The PKCS#12 file of the epoch that the report is about.
extension AuditReading {
    /// The file is the one of the manifest.
    func pkcs12(of subject: EpochApproval) -> AuditOutcome {
        let entry = subject.document.manifest.pkcs12
        switch keyFile {
        case nil: return .notApplicable("not seen: --without-pkcs12")
        case .failure(let error)? where error.isMissingFile:
            return .notChecked("\(error); --pkcs12 FILE, or --without-pkcs12")
        case .failure(let error)?: return error.isUnread ? .notRead([error]) : .fail([error.description])
        case .success(let file)?:
            var found: [String] = []
            if file.byteCount != entry.byteCount {
                found.append("\(entry.name): \(file.byteCount) bytes, where the manifest says \(entry.byteCount)")
            }
            if case .failure(let error) = file.facts {
                found.append(error.description)
            }
            return AuditOutcome(findings: found, otherwise: .pass)
        }
    }

    /// The file holds no clear key, and its algorithms are those of the manifest.
    func protection(of subject: EpochApproval) -> AuditOutcome {
        let entry = subject.document.manifest.pkcs12
        switch keyFile {
        case nil: return .notApplicable("not seen: --without-pkcs12")
        case .failure(let error)? where error.isMissingFile: return .notChecked("no PKCS#12 file")
        case .failure?: return .notChecked("the PKCS#12 file is refused")
        case .success(let file)?:
            guard case .success(let facts) = file.facts else {
                return .notChecked("the PKCS#12 file is refused")
            }
            let listed = [entry.encryption, entry.kdf, entry.mac, "\(entry.iterationCount) iterations"]
            let found = [facts.encryption, facts.kdf, facts.mac, "\(facts.iterations) iterations"]
            let others = zip(listed, found).filter { $0 != $1 }.map { listed, found in
                "\(entry.name): \(found), where the manifest says \(listed)"
            }
            return AuditOutcome(
                findings: facts.findings.map { "\(entry.name): \($0)" } + others,
                otherwise: .pass
            )
        }
    }
}

extension EscrowError {
    /// Whether it says no more than that a file is not there.
    fileprivate var isMissingFile: Bool {
        if case .file(.system(_, let errno)) = self {
            return errno == .noSuchFileOrDirectory
        }
        return false
    }
}
