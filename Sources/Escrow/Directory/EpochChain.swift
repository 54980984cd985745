// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
import SystemPackage

/// The epochs of an escrow, each for what it is: docs/format.md, section 5.2.
///
/// The chain is what officers have approved, from epoch 1 on. What they have not approved is a draft, which blocks
/// nothing, whatever its number. Approved epochs that follow one epoch are a fork: nothing is in force then, until
/// officers void a branch, or somebody knows from outside which one is meant.
package struct EpochChain: Sendable {
    /// The escrow, as people call it.
    let shown: String
    /// The approved epochs up to the last one that nobody disputes, epoch 1 first; none when no epoch is approved.
    package let epochs: [EpochApproval]
    /// Why it is not known which epoch is in force.
    package let dispute: Dispute?
    /// Where approved epochs exclude one another and officers have not ended it, whoever knows which one is meant.
    package let exclusions: [Dispute]
    /// Epochs that are not approved, ordered by number and name.
    package let drafts: [EpochApproval]
    /// Approved epochs that do not count: officers have voided their branch, or another one is meant.
    package let setAside: [EpochApproval]
    /// What has an epoch's name and cannot be read as one.
    package let unread: [(name: String, error: EscrowError)]
    /// Why the signatures of epochs could not be listed whose manifest can be read: any of them may be approved.
    package let unlisted: [EscrowError]
    /// All that can be read, ordered by number and name.
    package let all: [EpochApproval]

    /// Approved epochs of which only one can be meant.
    package enum Dispute: Sendable {
        /// They follow one epoch. Each is the first of its branch.
        case fork([EpochApproval])
        /// Each is an epoch 1: one of them is another escrow inside this one.
        case beginnings([EpochApproval])

        /// The first epochs of what is disputed.
        package var branches: [EpochApproval] {
            switch self {
            case .fork(let branches), .beginnings(let branches): branches
            }
        }
    }

    /// Tells whether somebody from outside the escrow knows an epoch, by its digest or by who has signed it.
    package typealias Knowing = (EpochApproval) -> Bool

    /// - Parameters:
    ///   - isOutweighing: Whether what is known outweighs a void: officers whom one knows, not what one remembers.
    ///   - knowing: What decides where approved epochs exclude one another and officers have not: the memory of whoever
    ///     acts, their own signature, or the officers whom they know.
    init(of escrow: EscrowDirectory, outweighingVoids isOutweighing: Bool, knowing: Knowing) {
        shown = escrow.shown
        var read: [SHA256Digest: EpochApproval] = [:]
        var (all, unread): ([EpochApproval], [(String, EscrowError)]) = ([], [])
        var unlisted: [EscrowError] = []
        // By number: whatever an epoch follows has been looked at before it.
        for epoch in escrow.epochs {
            do throws(EscrowError) {
                let document = try epoch.document.get()
                let approval = try EpochApproval(of: document, after: Self.ancestors(of: document, among: read))
                read[document.digest] = approval
                all.append(approval)
            } catch {
                unread.append((epoch.name, error))
                if case .success = epoch.document {
                    unlisted.append(error)
                }
            }
        }
        self.all = all
        self.unlisted = unlisted
        self.unread = unread
        drafts = all.filter { !$0.isApproved }
        let approved = all.filter(\.isApproved)
        let voids = Voids(in: approved)
        (epochs, dispute, exclusions) = Self.follow(approved, voids, isOutweighing, knowing)
        let kept = Set(epochs.map(\.document.digest))
        let disputed = dispute?.branches.map(\.document.digest) ?? []
        setAside = approved.filter { approval in
            !kept.contains(approval.document.digest)
                && !Self.line(of: approval, among: read).contains { disputed.contains($0.document.digest) }
        }
    }

    /// The epoch in force: approved, as all before it are, and followed by none that is.
    package var inForce: EpochApproval? { dispute == nil ? epochs.last : nil }

    /// The epoch in force.
    ///
    /// - Throws: ``DirectoryFault/fork(path:epoch:digests:)``, ``DirectoryFault/severalEscrows(path:digests:)``, or why the
    ///   newest draft is not approved.
    package func requireInForce() throws(EscrowError) -> EpochApproval {
        if let error = disputeError {
            throw error
        }
        if let inForce {
            return inForce
        }
        if let newest = drafts.last {
            throw newest.notInForce
        }
        throw unread.first?.error ?? .directory(.notAnEscrow(path: shown))
    }

    /// The error of a command that must know which epoch is meant.
    package var disputeError: EscrowError? {
        dispute.map(error(of:))
    }

    /// What is said of epochs that exclude one another.
    package func error(of dispute: Dispute) -> EscrowError {
        let digests = dispute.branches.map(\.document.digest)
        return switch dispute {
        case .beginnings: .directory(.severalEscrows(path: shown, digests: digests))
        case .fork(let branches):
            .directory(.fork(path: shown, epoch: branches[0].document.manifest.epoch, digests: digests))
        }
    }

    /// Drafts that show that something was taken away, and that an officer of an epoch here has signed, whether or not
    /// they are one of the draft's own: their predecessor is not here, or it is not approved while they are signed as if it
    /// were.
    package var orphans: [EpochApproval] {
        let officers = epochs.flatMap(\.document.manifest.approval.officers)
        return drafts.filter { draft in
            draft.document.manifest.epoch > 1
                && (draft.previous == nil || (!draft.isChained && draft.isSignedByItsOfficers && draft.isLetToFollow))
                && (epochs.isEmpty || isSigned(draft, byOneOf: officers))
        }
    }

    private func isSigned(_ draft: EpochApproval, byOneOf officers: [Signer]) -> Bool {
        let document = draft.document
        let count = try? SignatureCount(of: document.manifestPath, document.bytes, format: .manifest, by: officers)
        return !(count?.signed ?? []).isEmpty
    }

    /// Drafts that follow the epoch in force, or begin the escrow where none is: one whose predecessor is not here follows
    /// nothing.
    package var nextDrafts: [EpochApproval] {
        drafts.filter { draft in
            draft.previous?.digest == inForce?.document.digest
                && (draft.previous != nil || draft.document.manifest.epoch == 1)
        }
    }

    /// Those of them that somebody means, and that break no rule: an officer or custodian of the epoch in force has signed
    /// them, or they begin the escrow.
    package var waitingDrafts: [EpochApproval] {
        nextDrafts.filter { $0.successionFault == nil && ($0.previous == nil || $0.isMeant) }
    }

    /// Nobody signs two epochs of one number: docs/format.md, section 5.2.
    ///
    /// - Throws: ``TrustFault/signedAnother(path:_:other:)``
    package func refuseSecond(after epoch: EpochDocument, by name: Name, _ key: SigningKey) throws(EscrowError) {
        let number = epoch.manifest.epoch + 1
        let signed = drafts.first { draft in
            draft.document.manifest.epoch == number && draft.signers.contains { $0.key == key }
        }
        if let signed {
            throw .trust(.signedAnother(path: "\(shown): epoch \(number)", name, other: signed.document.path.string))
        }
    }

    /// Whether a manifest is one of an approved branch that does not count.
    package func isSetAside(_ digest: SHA256Digest) -> Bool { setAside.contains { $0.document.digest == digest } }

    /// An epoch by its digest.
    package func approval(of digest: SHA256Digest) -> EpochApproval? { all.first { $0.document.digest == digest } }

    /// An epoch and those before it, as far as they are here, epoch 1 first.
    package func line(to approval: EpochApproval) -> [EpochApproval] {
        Self.line(of: approval, among: all).reversed()
    }

    /// The newest epoch of an approved branch; nothing where it forks again.
    package func tip(of branch: EpochApproval) -> EpochApproval? {
        var tip = branch
        while true {
            let next = all.filter { $0.isApproved && $0.document.manifest.previous?.sha256 == tip.document.digest }
            guard next.count <= 1 else {
                return nil
            }
            guard let only = next.first else {
                return tip
            }
            tip = only
        }
    }
}

extension EpochApproval {
    /// Whether two are of one manifest.
    package func isSame(as other: EpochApproval) -> Bool { document.digest == other.document.digest }
}

extension EscrowDirectory {
    /// Every epoch with what it is.
    ///
    /// An epoch whose shares cannot be computed is one that cannot be read: that is found out once it is approved.
    ///
    /// - Parameters:
    ///   - isOutweighing: Whether what is known outweighs a void.
    ///   - knowing: See ``EpochChain``; nobody knows anything when it is left out.
    package func chain(
        outweighingVoids isOutweighing: Bool = false,
        knowing: EpochChain.Knowing = { _ in false }
    ) -> EpochChain {
        var directory = self
        while true {
            let chain = EpochChain(of: directory, outweighingVoids: isOutweighing, knowing: knowing)
            guard let without = directory.refusingShares(of: chain.epochs.map(\.document)) else {
                return chain
            }
            directory = without
        }
    }
}
