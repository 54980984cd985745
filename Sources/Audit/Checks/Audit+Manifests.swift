// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Files
import SecretSharing
import SystemPackage

// Every epoch's manifest by itself, the text that is made of it, and the cards that it names.
extension AuditReading {
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

    /// Every custodian's card is here, signed and as the manifest names it.
    var cards: AuditOutcome {
        var found: [String] = []
        for epoch in epochs {
            guard let content = epoch.content, chain.isLookedAt(content.document),
                let folder = epoch.folders[EpochDocument.cardsName]
            else {
                continue
            }
            let people = content.document.manifest.people
            let expected = Set(people.map { "\($0.name).json" })
            found += folder.items.map(\.name).filter { !expected.contains($0) && !Clutter.isOne($0) }
                .map { "\(folder.path.appending($0)): no custodian's card" }
            found += people.compactMap { content.cardFaults[$0.name] }.filter { $0.unread == nil }.map(\.description)
        }
        return AuditOutcome(findings: found, otherwise: passUnlessRefused)
    }

    /// Why manifests are refused by one check.
    func refused(by check: AuditCheck) -> [String] {
        epochs.flatMap(\.directory.document.failures).filter { $0.auditCheck == check }.findings
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
