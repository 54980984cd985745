// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Escrow
import SecretSharing
import SystemPackage

// Every epoch's manifest by itself, and the text that is made of it.
extension AuditReading {
    var manifest: AuditOutcome { AuditOutcome(findings: refused(by: .manifest), otherwise: passUnlessRefused) }

    var people: AuditOutcome { AuditOutcome(findings: refused(by: .people), otherwise: passUnlessRefused) }

    var policy: AuditOutcome { AuditOutcome(findings: refused(by: .policy), otherwise: passUnlessRefused) }

    var commitments: AuditOutcome { AuditOutcome(findings: refused(by: .commitments), otherwise: passUnlessRefused) }

    var shares: AuditOutcome { AuditOutcome(findings: refused(by: .shares), otherwise: passUnlessRefused) }

    /// README.txt is what the manifest makes it.
    var readme: AuditOutcome {
        let found = countedContents.compactMap { content -> String? in
            switch content.readme.bytes {
            case .success(Readme.text(of: content.document.manifest, digest: content.document.digest)): nil
            case .success: "\(content.readme.path): is not what the manifest makes it"
            case .failure(let error): error.isUnread ? nil : "\(error)"
            }
        }
        return AuditOutcome(findings: found, otherwise: passUnlessRefused)
    }

    /// What the epochs publish, to be held against other escrows.
    var published: PublishedCommitments {
        var published = PublishedCommitments()
        for manifest in countedContents.map(\.document.manifest) {
            let sharing = manifest.sharing
            let elements = sharing.policy.gates.flatMap { sharing.commitments[$0.path]?.elements ?? [] }
            published.add(elements, of: manifest.set)
        }
        return published
    }

    /// Why manifests are refused by one check.
    func refused(by check: AuditCheck) -> [String] {
        epochs.compactMap { epoch in
            if case .failure(let error) = epoch.directory.document, !error.isUnread, error.auditCheck == check {
                return error.description
            }
            return nil
        }
    }
}

extension EscrowError {
    /// The check that a manifest which is refused fails.
    fileprivate var auditCheck: AuditCheck {
        switch self {
        case .manifest(_, .people): .people
        case .manifest(_, .policy): .policy
        case .manifest(_, .sharing): .commitments
        case .manifest(_, .shares): .shares
        case .directory(.fileName): .chain
        default: .manifest
        }
    }
}
