// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Files
import SystemPackage

// The epoch that the report is about, held against what the auditor brings.
extension Audit {
    mutating func checkSubject(among approvals: [EpochApproval], in directory: EscrowDirectory) {
        let chosen = input.epoch.map { number in approvals.first { $0.document.manifest.epoch == number } }
        guard let subject = chosen ?? (approvals.inForce ?? approvals.last) else {
            let checks: [AuditCheck] = [
                .approval, .anchor, .certificate, .validity, .key, .pkcs12, .protection, .state, .receipts, .proofs,
                .quorum,
            ]
            for check in checks {
                unchecked[check] = .notChecked("no epoch can be read")
            }
            return
        }
        self.subject = subject
        let manifest = subject.document.manifest
        for approval in approvals where !approval.isApproved {
            note(.approval, approval.notInForce.description)
        }
        checkAnchor(of: subject)
        checkCertificate(of: manifest)
        checkPKCS12(of: subject.document)
        checkState(of: subject.document)
        checkCustody(of: subject.document)
    }

    private mutating func checkAnchor(of subject: EpochApproval) {
        guard let anchor = input.anchor else {
            unchecked[.anchor] = .notChecked("no --signers: anybody can have made this escrow")
            return
        }
        do throws(EscrowError) {
            trusted = try anchor.check(subject, at: escrow.string)
        } catch {
            note(.anchor, error.description)
        }
    }

    private mutating func checkCertificate(of manifest: Manifest) {
        let newest = manifest.certificate
        if let trust = input.certificate {
            let approved = added.filter { $0.counts(for: input.anchor) }.map(\.record.certificate)
            if !trust.matches(manifest.certificates + approved) {
                note(
                    .certificate,
                    EscrowError.anotherCertificate(
                        path: escrow.string,
                        subject: newest.subject,
                        digest: SHA256Digest(of: newest.der),
                        given: trust.given
                    ).description
                )
            }
        } else {
            unchecked[.certificate] = .notChecked("no --certificate: it may be another CA's escrow")
        }
        if newest.notAfter < input.time.secondsSinceEpoch {
            unchecked[.validity] = .notApplicable(
                "the certificate expired on \(Timestamp(secondsSinceEpoch: max(0, newest.notAfter)))"
            )
        }
        switch newest.keyKind {
        case .rsa(let bitCount) where bitCount < 2048: note(.key, "RSA of \(bitCount) bits: below 2048")
        case nil: note(.key, "a key that this version does not escrow")
        default: break
        }
    }

    private mutating func checkPKCS12(of document: EpochDocument) {
        let entry = document.manifest.pkcs12
        guard !input.isWithoutPKCS12 else {
            unchecked[.pkcs12] = .notApplicable("not seen: --without-pkcs12")
            unchecked[.protection] = .notApplicable("not seen: --without-pkcs12")
            return
        }
        do throws(EscrowError) {
            let bytes = try document.pkcs12(given: input.pkcs12, escrow: escrow)
            if bytes.count != entry.byteCount {
                note(.pkcs12, "\(entry.name): \(bytes.count) bytes, where the manifest says \(entry.byteCount)")
            }
            let facts: PKCS12Facts
            do {
                facts = try PKCS12Reader.facts(bytes)
            } catch {
                throw .pkcs12(path: entry.name, error)
            }
            for finding in facts.findings {
                note(.protection, "\(entry.name): \(finding)")
            }
            let listed = [entry.encryption, entry.kdf, entry.mac, "\(entry.iterationCount) iterations"]
            let found = [facts.encryption, facts.kdf, facts.mac, "\(facts.iterations) iterations"]
            for (listed, found) in zip(listed, found) where listed != found {
                note(.protection, "\(entry.name): \(found), where the manifest says \(listed)")
            }
        } catch {
            guard error.isMissingFile else {
                note(.pkcs12, error.description)
                unchecked[.protection] = .notChecked("the PKCS#12 file is refused")
                return
            }
            unchecked[.pkcs12] = .notChecked("\(error); --pkcs12 FILE, or --without-pkcs12")
            unchecked[.protection] = .notChecked("no PKCS#12 file")
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
