// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SystemPackage

/// What the receipts of an epoch show that do not count in it: docs/format.md, section 4.13.
///
/// What one custodian signs about a manifest that nobody knows shows nothing yet: only where that manifest is at hand, and
/// an officer of this chain has signed it, were people shown different ones.
package struct ReceiptFindings: Sendable {
    /// Receipts of another manifest of this set and epoch that an officer here has signed: evidence, which stays.
    package private(set) var equivocations: [EscrowError] = []
    /// Why it cannot be told of a manifest that a receipt names whether an officer here has signed it.
    package private(set) var unread: [EscrowError] = []
    /// Receipts of a manifest that nobody here vouches for, each until its custodian has made a newer one.
    package private(set) var unsettled: [EscrowError] = []
    /// Receipts of other manifests that are dated ahead, and show nothing yet.
    package private(set) var ahead: [(path: FilePath, created: Timestamp)] = []
    /// Files that are no receipts of this epoch.
    package private(set) var faults: [EscrowError] = []

    /// Whether a custodian has a receipt to take back by making a newer one.
    package func isUnsettled(of name: Name) -> Bool {
        unsettled.contains { error in
            if case .trust(.otherManifest(_, let custodian, _, _, _)) = error { custodian == name } else { false }
        }
    }

    /// - Parameters:
    ///   - escrow: Where the other manifests lie, drafts among them.
    ///   - now: What is dated later shows nothing yet.
    package init(of evidence: Evidence, in escrow: EscrowDirectory, at now: Timestamp) {
        for fault in evidence.receipts.faults {
            guard case .trust(.otherManifest(let path, let name, let created, let found, let here)) = fault else {
                faults.append(fault)
                continue
            }
            guard !ClockRule.isAhead(created, of: now) else {
                ahead.append((FilePath(path), created))
                continue
            }
            switch escrow.standing(of: found, in: evidence.epoch) {
            case .ofAnotherEpoch:
                let expected = "this epoch's, \(here.short)…"
                faults.append(.document(path: path, .wrongValue(field: "manifest", expected: expected)))
            case .signedByAnOfficer:
                equivocations.append(.trust(.equivocation(path: path, name, found: found, here: here)))
            case .vouchedForByNobody(let errors):
                unread += errors
                if evidence.receipt(of: name).map({ $0.document.created <= created }) ?? true {
                    unsettled.append(fault)
                }
            }
        }
    }
}

/// What another manifest is to an epoch in whose directory a receipt names it.
enum OtherManifest: Equatable {
    /// At hand, of the same set and number, and signed by an officer of the epoch's chain.
    case signedByAnOfficer
    /// Not at hand, or signed by no such officer, as far as signatures could be read: anybody may have made it.
    case vouchedForByNobody(unread: [EscrowError])
    /// At hand, and of another number or set: its receipts lie in its own directory.
    case ofAnotherEpoch
}

extension EscrowDirectory {
    /// What the manifest of a digest is to an epoch: docs/format.md, section 4.13.
    ///
    /// What lies here under the digest is read as it is, approved or not.
    func standing(of digest: SHA256Digest, in epoch: EpochDocument) -> OtherManifest {
        guard let other = epochs.lazy.compactMap({ try? $0.document.get() }).first(where: { $0.digest == digest })
        else {
            return .vouchedForByNobody(unread: [])
        }
        guard other.manifest.set == epoch.manifest.set, other.manifest.epoch == epoch.manifest.epoch else {
            return .ofAnotherEpoch
        }
        let officers = epoch.chain(in: self).flatMap(\.manifest.approval.officers)
        do {
            let count = try SignatureCount(of: other.manifestPath, other.bytes, format: .manifest, by: officers)
            return count.signed.isEmpty
                ? .vouchedForByNobody(unread: count.faults.filter(\.isUnread)) : .signedByAnOfficer
        } catch {
            return .vouchedForByNobody(unread: [error])
        }
    }
}
