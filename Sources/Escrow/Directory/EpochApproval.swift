// SPDX-License-Identifier: Apache-2.0

package import Encoding
import SecretSharing
import SystemPackage

/// Who has signed an epoch's manifest, and whether that approves it: docs/format.md, section 5.2.
///
/// An epoch is approved by its own officers and by those of the epoch that it follows, or by custodians of that epoch
/// who satisfy its policy; and only when it breaks none of the rules of succession. One that is not is a draft.
package struct EpochApproval: Sendable {
    package let document: EpochDocument
    /// Officers of this epoch whose signature holds.
    package let signed: [Signer]
    /// Whose signatures hold, and were counted: officers of this epoch and of the one before, and its custodians.
    package let signers: [Signer]
    /// Signature files that do not verify.
    package let faults: [EscrowError]
    /// Whether its own officers reach their threshold.
    package let isSignedByItsOfficers: Bool
    /// Whether those of the epoch before let it follow; true in epoch 1.
    package let isLetToFollow: Bool
    /// Who let it follow the epoch before.
    package let predecessors: Predecessors
    /// The rule of succession that it breaks, whoever has signed it.
    package let successionFault: SuccessionFault?
    /// The epoch that it follows; nothing in epoch 1, and when it is not here.
    package let previous: EpochDocument?
    /// Whether every epoch before it is here and approved.
    package let isChained: Bool
    /// Whether somebody of the epoch before has signed: an officer, or a custodian.
    package let isMeant: Bool
    /// The officers of the epoch before who have signed.
    private let signedBefore: [Signer]

    /// Who of the epoch before has approved this one.
    package enum Predecessors: Sendable {
        /// There is none, or too few have signed.
        case nobody
        case officers
        /// In their stead: they can restore, so nobody can keep the key from them.
        case custodians
    }

    /// - Parameter ancestors: The epochs before it, the newest first, with what their signatures are worth; empty when
    ///   the one that it names is not here.
    init(of document: EpochDocument, after ancestors: [EpochApproval]) throws(EscrowError) {
        self.document = document
        let manifest = document.manifest
        let previous = ancestors.first?.document
        self.previous = previous
        var admitted = manifest.approval.officers
        if let previous {
            admitted += previous.manifest.approval.officers
            admitted += previous.manifest.people.map(\.signer)
        }
        let count = try SignatureCount(of: document.manifestPath, document.bytes, format: .manifest, by: admitted)
        signers = count.signed
        signed = count.signed.filter(manifest.approval.officers.contains)
        faults = count.faults
        isSignedByItsOfficers = count.satisfies(manifest.approval)
        // Behind a draft nothing counts whatever it says: a stranger's heap of them costs little.
        let isChained = ancestors.first?.isApproved ?? (manifest.epoch == 1)
        self.isChained = isChained
        do throws(SuccessionFault) {
            if isChained {
                try manifest.checkSuccession(after: ancestors.map(\.document.manifest), signed: count.signed)
            }
            successionFault = nil
        } catch {
            successionFault = error
        }
        guard let before = previous?.manifest else {
            (isLetToFollow, predecessors, signedBefore, isMeant) = (manifest.epoch == 1, .nobody, [], false)
            return
        }
        signedBefore = count.signed.filter(before.approval.officers.contains)
        let custodians = before.people.filter { person in
            count.signed.contains(person.signer)
        }
        isMeant = !signedBefore.isEmpty || !custodians.isEmpty
        if count.satisfies(before.approval) {
            predecessors = .officers
        } else if before.policy.isSatisfied(by: Set(custodians.map(\.name))) {
            predecessors = .custodians
        } else {
            predecessors = .nobody
        }
        isLetToFollow = predecessors != .nobody
    }

    /// Whether it counts: signed by enough of its own officers, let to follow, no rule broken, and so is all before it.
    package var isApproved: Bool { isSignedByItsOfficers && isLetToFollow && successionFault == nil && isChained }

    /// Officers who have not signed and are still needed: of this epoch, and of the one before.
    package var missing: [Name] {
        var officers = isSignedByItsOfficers ? [] : document.manifest.approval.officers.filter { !signed.contains($0) }
        if let previous, !isLetToFollow {
            officers += previous.manifest.approval.officers.filter {
                !signedBefore.contains($0) && !officers.contains($0)
            }
        }
        return officers.map(\.name)
    }

    /// A draft in one line: its directory, what it is for, and who has signed it.
    package var summary: String {
        let manifest = document.manifest
        let signed = signers.isEmpty ? "nobody" : signers.map(\.name).listed
        return "\(EpochDirectory.name(of: manifest.epoch, document.digest)): epoch \(manifest.epoch), "
            + "\(manifest.occasion.rawValue), signed by \(signed)"
    }

    /// Why it is not approved: the error of a command that only an approved epoch may serve.
    package var notInForce: EscrowError {
        let path = document.path.string
        if let successionFault {
            return .succession(path: path, epoch: document.manifest.epoch, successionFault)
        }
        guard document.manifest.epoch == 1 || previous != nil else {
            return .damaged(path, "the epoch that it follows is not here")
        }
        let shortfalls = shortfalls
        guard let first = shortfalls.first else {
            return .damaged(path, "it follows an epoch that is not approved")
        }
        return .trust(.notInForce(path: path, first, before: shortfalls.count > 1 ? shortfalls[1] : nil))
    }
}
