// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Encoding
import Escrow
import SystemPackage

// The epoch that the report is about, held against what the auditor brings.
extension AuditReading {
    /// It is the escrow of the certificate given.
    func certificate(of subject: EpochApproval) -> AuditOutcome {
        guard !input.certificates.isEmpty else {
            return .notChecked("no --certificate: it may be another CA's escrow")
        }
        guard authorities.isEmpty else {
            return .pass
        }
        if let reason = reasonNotToCount {
            return .notChecked(reason)
        }
        // It may be one that was added.
        guard unread(.records).isEmpty else {
            return .notRead(unread(.records))
        }
        return .fail([input.certificates.finding(subject.document.manifest.certificate, escrow: directory.path.string)])
    }

    /// Which of the certificates given it is the escrow of.
    var authorities: Set<Int> {
        guard let document = subject?.document else {
            return []
        }
        let approved = joined.filter { $0.counts(for: input.anchor, at: input.time) }
        return input.certificates.indices(of: document.manifest.certificates + approved.map(\.document.certificate))
    }

    /// The certificates that joined the set of the epoch that the report is about, in it or before, and are not dated ahead.
    private var joined: [Filed<AddedCertificate>] {
        guard let subject else {
            return []
        }
        let set = subject.document.manifest.set
        let line = chain.epochs.line(to: subject).filter(\.isApproved).map(\.document)
        let digests = Set(line.filter { $0.manifest.set == set }.map(\.digest))
        return added.filter {
            digests.contains($0.document.manifest) && !ClockRule.isAhead($0.document.created, of: input.time)
        }
    }

    /// Why a certificate that joined with approval, and is one that is wanted, neither counts nor is another; nothing when
    /// none is.
    private var reasonNotToCount: String? {
        guard let anchor = input.anchor else {
            return nil
        }
        for filed in joined.filter(\.isApproved)
        where !input.certificates.indices(of: [filed.document.certificate]).isEmpty {
            if case .notChecked(let reason) = filed.outcome(for: anchor, at: input.time) {
                return reason.description
            }
        }
        return nil
    }

    /// The certificate is valid.
    func validity(of subject: EpochApproval) -> AuditOutcome {
        let newest = subject.document.manifest.certificate
        guard newest.notAfter < input.time.secondsSinceEpoch else {
            return .pass
        }
        return .notApplicable("the certificate expired on \(Timestamp(secondsSinceEpoch: max(0, newest.notAfter)))")
    }

    /// The key is of a strength that is accepted.
    func key(of subject: EpochApproval) -> AuditOutcome {
        switch subject.document.manifest.certificate.keyKind {
        case .rsa(let bitCount) where bitCount < KeyKind.fewestRSABits:
            .fail(["RSA of \(bitCount) bits: below \(KeyKind.fewestRSABits)"])
        case nil: .fail(["a key that this version does not escrow"])
        default: .pass
        }
    }

    /// Whether officers whom the auditor knows have signed: docs/format.md, section 5.3.
    func anchor(of subject: EpochApproval) -> AuditOutcome {
        switch anchored {
        case nil: .notChecked("no --signers: anybody could have made this escrow")
        case .anchored?: chain.unreadOfNext.isEmpty ? .pass : .notRead(chain.unreadOfNext)
        case .notChecked(let reason)?: .notChecked(reason.description)
        case .failed(let reason)?:
            // With a signature that cannot be read they may be enough.
            subject.unread.isEmpty ? .fail([reason.description]) : .notRead(subject.unread)
        }
    }
}
