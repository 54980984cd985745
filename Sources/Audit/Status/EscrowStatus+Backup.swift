// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Encoding
import Escrow
import SecretSharing

// Whether a backup is due, and why.
extension EscrowStatus {
    static func backupDues(of subject: EpochApproval, _ audit: Audit, _ input: StatusInput) -> [Due] {
        let document = subject.document
        var dues: [Due] = []
        // Only whoever has signed a draft of what follows means it: a stranger's is nobody's to sign.
        for draft in audit.chain.waitingDrafts {
            if case .trust(.notInForce(_, let own, let before)) = draft.notInForce {
                dues.append(.epochNotApproved(epoch: draft.document.manifest.epoch, own, before: before))
            }
        }
        let given = input.certificates.flatMap(\.all).filter(document.isOf)
        for certificate in given {
            if let due = renewal(certificate, subject, audit), !dues.contains(due) {
                dues.append(due)
            }
        }
        for filed in audit.added where !filed.isApproved {
            if let shortfall = filed.shortfall {
                dues.append(.certificateNotApproved(filed.document.certificate, shortfall))
            }
        }
        let held = (document.manifest.certificates + audit.added.map(\.document.certificate)).filter(document.isOf)
        if let gap = GenerationGap(held: held, known: given) {
            dues.append(.generationsMissing(gap))
        }
        if let restore = restores(of: document.manifest.set, in: audit).max(by: { $0.created < $1.created }) {
            dues.append(.used(on: restore.created, by: restore.custodians))
        }
        return dues
    }

    /// What a certificate asks for, unless the epoch in force has it, or the newest: that one's signatures are due then.
    private static func renewal(_ certificate: Certificate, _ subject: EpochApproval, _ audit: Audit) -> Due? {
        guard let due = BackupNeed(of: certificate, in: subject.document.manifest, with: audit.added).due else {
            return nil
        }
        guard let newest = audit.chain.waitingDrafts.last?.document, newest.digest != subject.document.digest,
            !newest.manifest.isRetired
        else {
            return due
        }
        // A record that cannot be read is a finding of the audit.
        let added = (try? newest.addedCertificates()) ?? []
        return BackupNeed(of: certificate, in: newest.manifest, with: added).due
    }

    /// Every epoch of a set has the same password: a restore of one has used them all.
    private static func restores(of set: SetIdentifier, in audit: Audit) -> [RestoreRecord] {
        audit.evidence.values.filter { $0.epoch.manifest.set == set }.flatMap(\.restores.documents).map(\.document)
    }
}

extension BackupNeed {
    fileprivate var due: Due? {
        switch self {
        case .nothing: nil
        // The record says so itself, whatever certificate is at hand.
        case .approval: nil
        case .certificates(let certificates): .sameKeyRenewal(certificates[0])
        case .newKey(let certificate): .newKeyRenewal(certificate)
        }
    }
}

extension EpochDocument {
    /// Whether a certificate is one of the certification authority that this epoch is of, by its name.
    func isOf(_ certificate: Certificate) -> Bool {
        certificate.isCA && certificate.subjectName == manifest.certificate.subjectName
    }
}
