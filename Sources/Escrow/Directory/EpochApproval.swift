// SPDX-License-Identifier: Apache-2.0

package import Custody
import SecretSharing
import SystemPackage

/// Who has signed an epoch's manifest, and whether that puts it in force.
///
/// docs/format.md, section 5.2: an epoch is approved by its own officers and by those of the epoch
/// before, or by custodians of the epoch before who satisfy its policy.
package struct EpochApproval: Sendable {
    package let document: EpochDocument
    /// Officers of this epoch whose signature holds.
    package let signed: [Officer]
    /// Signature files that do not verify.
    package let faults: [EscrowError]
    /// Whether its own officers reach their threshold.
    package let isApproved: Bool
    /// Whether the epoch before lets it follow; true in epoch 1, and in no other whose predecessor is not here.
    package let follows: Bool
    /// Why it cannot follow the epoch before, whoever has signed it.
    package let successionFault: String?
    /// What the epoch before asks for, and who of its officers has signed; nothing in epoch 1.
    private let before: (approval: Approval, signed: [Officer])?

    init(of document: EpochDocument, after previous: EpochDocument?) throws(EscrowError) {
        self.document = document
        let approval = document.manifest.approval
        var signers = approval.officers
        if let previous {
            signers += previous.manifest.approval.officers
            signers += previous.manifest.people.map { Officer(name: $0.name, key: $0.signingKey) }
        }
        let count = try SignatureCount(
            of: document.manifestPath,
            document.bytes,
            format: .manifest,
            by: signers
        )
        signed = count.signed.filter(approval.officers.contains)
        faults = count.faults
        isApproved = count.satisfies(approval)
        guard let previous = previous?.manifest else {
            follows = document.manifest.epoch == 1
            successionFault = nil
            before = nil
            return
        }
        before = (previous.approval, count.signed.filter(previous.approval.officers.contains))
        let custodians = previous.people.filter { person in
            count.signed.contains(Officer(name: person.name, key: person.signingKey))
        }
        successionFault = document.manifest.fault(after: previous, signed: count.signed)
        let isSigned =
            count.satisfies(previous.approval)
            || previous.policy.isSatisfied(by: Set(custodians.map(\.name)))
        follows = isSigned && successionFault == nil
    }

    /// Officers who have not signed and are still needed: of this epoch, and of the one before.
    package var missing: [Name] {
        var officers = isApproved ? [] : document.manifest.approval.officers.filter { !signed.contains($0) }
        if let before, !follows {
            officers += before.approval.officers.filter { !before.signed.contains($0) && !officers.contains($0) }
        }
        return officers.map(\.name)
    }

    /// Signed by enough of its own officers, and let to follow.
    package var isInForce: Bool { isApproved && follows }

    /// The error of a command that only an approved epoch may serve.
    package var notInForce: EscrowError {
        if let successionFault {
            return .escrowIsDamaged(path: document.path.string, finding: successionFault)
        }
        let isBefore = isApproved && !follows
        return .notInForce(
            path: document.path.string,
            signed: isBefore ? before?.signed.count ?? 0 : signed.count,
            needed: isBefore ? before?.approval.threshold ?? 0 : document.manifest.approval.threshold,
            missing: missing
        )
    }
}

extension Manifest {
    /// What contradicts the epoch before, whatever its officers have signed: docs/format.md, section 5.2.
    fileprivate func fault(after previous: Manifest, signed: [Officer]) -> String? {
        // Whoever has signed: a test key's escrow never becomes the CA's, nor the CA's a toy.
        if previous.isRehearsal != isRehearsal {
            return isRehearsal
                ? "epoch \(epoch): a rehearsal, and epoch \(previous.epoch) is none"
                : "epoch \(epoch): no rehearsal, and epoch \(previous.epoch) is one"
        }
        if (previous.set == set) != (previous.sharing.secret == sharing.secret) {
            return "epoch \(epoch): the set stays exactly when the secret does"
        }
        if created < previous.created {
            return "epoch \(epoch): made before epoch \(previous.epoch)"
        }
        return previous.set == set ? change(of: previous, signed: signed).map { "epoch \(epoch): \($0)" } : nil
    }

    /// What an epoch of the same secret changes that only its officers and a custodian's own card may be.
    private func change(of previous: Manifest, signed: [Officer]) -> String? {
        guard policy == previous.policy, sharing.commitments == previous.sharing.commitments else {
            return "the secret stays, and its policy or commitments are others"
        }
        guard pkcs12 == previous.pkcs12, certificates == previous.certificates else {
            return "the secret stays, and its PKCS#12 file or certificates are others"
        }
        for person in people {
            let name = person.name
            guard let old = previous.person(named: name), let share = share(of: name) else {
                return "\(name) is no custodian of epoch \(previous.epoch)"
            }
            if person == old {
                guard share == previous.share(of: name) else {
                    return "\(name)'s card stays, and the share is another"
                }
                continue
            }
            // Whoever is replaced says so: nobody else can seal what they hold to another card.
            guard signed.contains(Officer(name: name, key: old.signingKey)) else {
                return "\(name)'s card is another, and \(name) has not signed it with the old key"
            }
            guard share.sealedIn == epoch else {
                return "\(name)'s card is another, and the share is sealed in epoch \(share.sealedIn)"
            }
        }
        return nil
    }
}

extension EscrowDirectory {
    /// Every epoch with what its signatures are worth, in order.
    ///
    /// - Throws: ``EscrowError`` when the chain cannot be read.
    package func approvals() throws(EscrowError) -> [EpochApproval] {
        var approvals: [EpochApproval] = []
        for document in try chain() {
            approvals.append(try EpochApproval(of: document, after: approvals.last?.document))
        }
        return approvals
    }
}

extension EscrowDirectory {
    /// One epoch with what its signatures are worth: the one of a number, whatever lies beside it; else the one in
    /// force, or the newest when none is.
    ///
    /// - Throws: ``EscrowError``
    package func approval(of number: Int?) throws(EscrowError) -> EpochApproval {
        guard let number else {
            let approvals = try approvals()
            return approvals.inForce ?? approvals[approvals.count - 1]
        }
        let document = try epoch(number)
        // By its digest: a directory with the right number may be a forgery, and a lost one is no reason to stop.
        let previous = epochs.compactMap { try? $0.document.get() }
            .first { $0.digest == document.manifest.previous?.sha256 && $0.manifest.epoch == number - 1 }
        return try EpochApproval(of: document, after: previous)
    }
}

extension [EpochApproval] {
    /// The epoch in force: the highest that is approved and whose predecessors are.
    package var inForce: EpochApproval? { prefix { $0.isInForce }.last }
}
