// SPDX-License-Identifier: Apache-2.0

import Encoding
package import Escrow
import SecretSharing
import SystemPackage

/// The epochs together: docs/format.md, section 5.2.
///
/// All that an audit knows of approval and succession comes through here.
struct ChainReading: Sendable {
    /// Every epoch, for what it is.
    let epochs: EpochChain
    /// Epochs that gave a share to somebody who was suspended, in words; or what could not be read.
    let sharesOfSuspended: Result<[String], EscrowError>

    init(of directory: EscrowDirectory, _ input: AuditInput) {
        let chain = directory.chain(outweighingVoids: true) { approval in
            (try? input.anchor?.check(approval, at: directory.path.string, now: input.time)) != nil
        }
        epochs = chain
        sharesOfSuspended = Result { () throws(EscrowError) in try chain.sharesOfSuspended(at: input.time) }
    }

    /// The epoch in force, or the one asked for.
    ///
    /// What nobody disputes can be looked at whatever else is disputed. Where nothing is approved it is the highest one; of
    /// two escrows in one it is none.
    func subject(_ selector: EpochSelector?) -> EpochApproval? {
        (try? epochs.approval(selected: selector)) ?? epochs.epochs.last
            ?? (epochs.dispute == nil ? epochs.drafts.last : nil)
    }

    /// Whether what was added to an epoch, and lies beside its manifest, is looked at: of approved epochs but those that are
    /// set aside; a draft changes no verdict, unless there is nothing else.
    func isLookedAt(_ document: EpochDocument) -> Bool {
        guard let approval = epochs.approval(of: document.digest) else {
            return true
        }
        return approval.isApproved
            ? !epochs.isSetAside(document.digest) : !epochs.all.contains(where: \.isApproved)
    }

    /// Whether X of an epoch is computed: of those in force and of branches that exclude them; of all where none is.
    func isComputed(_ document: EpochDocument) -> Bool {
        guard let first = epochs.epochs.first, let approval = epochs.approval(of: document.digest) else {
            return true
        }
        return approval.isApproved && epochs.line(to: approval).first?.isSame(as: first) ?? false
    }

    /// Signatures that could not be read, of what would follow the epoch in force: with them it may be approved.
    var unreadOfNext: [EscrowError] { epochs.nextDrafts.flatMap(\.unread) + epochs.unlisted }

    /// Signature files of manifests that could not be listed or read, but for those of branches that are set aside.
    var unread: [EscrowError] {
        epochs.all.filter { !epochs.isSetAside($0.document.digest) }.flatMap(\.unread)
            + epochs.unread.map(\.error).filter(\.isUnread)
    }
}

extension EpochApproval {
    /// Signature files that could not be read: with them, more may have signed.
    var unread: [EscrowError] { faults.filter(\.isUnread) }

    /// Whether enough have signed it for it to follow, and a rule of succession keeps it from that.
    ///
    /// Not of an epoch 1, which anybody may have made: it is a draft then. Nor of one that a custodian may have signed,
    /// whose signature could not be read.
    package var isRefused: Bool {
        guard previous != nil, isSignedByItsOfficers, isLetToFollow, isChained, let successionFault else {
            return false
        }
        if case .notSignedByCustodian = successionFault {
            return unread.isEmpty
        }
        return true
    }
}

extension AuditReading {
    /// The epochs follow one another by digest, and none excludes another.
    var chainOfDigests: AuditOutcome {
        let chain = chain.epochs
        var found = refused(by: .chain)
        found += chain.exclusions.map { chain.error(of: $0).description }
        // Its predecessor may be one that is refused.
        if !epochs.contains(where: \.isRefused) {
            found += chain.orphans.map(\.notInForce.description)
        }
        return AuditOutcome(findings: found, otherwise: passUnlessRefused)
    }

    /// Every signature file of an approved manifest holds.
    var signatures: AuditOutcome {
        let chain = chain.epochs
        // Where nothing is approved, the signatures that would approve it are what matters.
        let approved = chain.all.filter { $0.isApproved && !chain.isSetAside($0.document.digest) }
        let counted = approved.isEmpty ? chain.all : approved
        let found = counted.flatMap(\.faults).findings
        return AuditOutcome(findings: found, otherwise: passUnlessRefused)
    }

    /// An epoch is in force, and so is every epoch before it.
    func approval(of subject: EpochApproval) -> AuditOutcome {
        guard self.chain.unreadOfNext.isEmpty else {
            return .notRead(self.chain.unreadOfNext)
        }
        let chain = chain.epochs
        guard chain.dispute == nil || !subject.isApproved else {
            return .notChecked("approved epochs exclude one another")
        }
        guard !chain.epochs.contains(where: { $0.isSame(as: subject) }) else {
            return .pass
        }
        guard !subject.isApproved else {
            return .fail(["\(subject.document.path): of a branch that does not count"])
        }
        return subject.unread.isEmpty ? .fail([subject.notInForce.description]) : .notRead(subject.unread)
    }

    /// Every later epoch was let to follow by the one before, and breaks no rule.
    var succession: AuditOutcome {
        let chain = chain.epochs
        // Behind a branch that is set aside nothing changes a verdict.
        let found = chain.all.filter { epoch in
            epoch.isRefused && !(epoch.previous.map { chain.isSetAside($0.digest) } ?? false)
        }.map(\.notInForce.description)
        let otherwise: AuditOutcome =
            switch self.chain.sharesOfSuspended {
            case .failure(let error): .notRead([error])
            case .success where chain.epochs.count > 1 && !unreadOfSuspensions.isEmpty: .notRead(unreadOfSuspensions)
            case .success(let given) where !given.isEmpty: .notChecked(given.joined(separator: "; "))
            case .success where !self.chain.unreadOfNext.isEmpty: .notRead(self.chain.unreadOfNext)
            case .success where chain.all.count == 1: .notApplicable("there is one epoch")
            case .success where chain.all.isEmpty: noSubject
            case .success: .pass
            }
        return AuditOutcome(findings: found, otherwise: otherwise)
    }
}

extension EpochChain {
    /// Epochs that gave a share to somebody who was suspended: rule S5 of docs/format.md, section 5.2.
    ///
    /// - Throws: ``EscrowError/file(_:)``
    func sharesOfSuspended(at now: Timestamp) throws(EscrowError) -> [String] {
        var found: [String] = []
        guard epochs.count > 1 else {
            return []
        }
        // Reinstatements of later epochs end what was suspended before: so all of them are read.
        let suspensions = try Suspensions(in: epochs, at: now)
        for (position, approval) in epochs.enumerated().dropFirst() {
            let created = approval.document.manifest.created
            let earlier = Set(epochs[..<position].map(\.document.digest))
            for person in approval.document.manifest.receivers(after: approval.previous?.manifest) {
                let suspension = suspensions.of(person).first { standing in
                    let document = standing.filed.document
                    return document.created <= created && earlier.contains(document.manifest)
                }
                if let suspension {
                    let document = suspension.filed.document
                    found.append(
                        "epoch \(approval.document.manifest.epoch) gave \(document.custodian) a share, who was suspended "
                            + "on \(document.created.description.prefix(10)): \(document.because.rawValue)"
                    )
                }
            }
        }
        return found
    }
}
