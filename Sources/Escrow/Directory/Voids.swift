// SPDX-License-Identifier: Apache-2.0

import Encoding

/// Which branches of a fork officers have voided: docs/format.md, section 5.2.
struct Voids {
    /// The first epoch of a voided branch, with the epoch whose officers say so.
    private let said: [(branch: SHA256Digest, by: EpochApproval)]
    private let approved: [SHA256Digest: EpochApproval]

    /// Voids that cannot be read void nothing: what lies in one epoch keeps nobody from another.
    ///
    /// - Parameter approved: Every approved epoch of the escrow.
    init(in approved: [EpochApproval]) {
        self.approved = Dictionary(approved.map { ($0.document.digest, $0) }) { first, _ in first }
        let followers = Dictionary(grouping: approved) { $0.document.manifest.previous?.sha256 }
        guard followers.contains(where: { $0.key != nil && $0.value.count > 1 }) else {
            said = []  // where nothing forks there is nothing to void
            return
        }
        said = approved.flatMap { approval in
            FiledDocuments<VoidRecord>(readingWhatCanBe: approval.document).documents
                .filter { $0.isApproved(by: approval.document.manifest.approval) }
                .map { ($0.document.branch, approval) }
        }
    }

    /// Those epochs of one predecessor that no other branch's officers have voided.
    func standing(among branches: [EpochApproval]) -> [EpochApproval] {
        branches.filter { branch in
            !said.contains { branchSaid, by in
                branchSaid == branch.document.digest && !leads(from: branch, to: by)
                    && branches.contains { leads(from: $0, to: by) }
            }
        }
    }

    /// Whether an epoch is another one, or comes after it.
    private func leads(from branch: EpochApproval, to approval: EpochApproval) -> Bool {
        var next: EpochApproval? = approval
        while let current = next {
            if current.document.digest == branch.document.digest {
                return true
            }
            next = current.document.manifest.previous.flatMap { approved[$0.sha256] }
        }
        return false
    }
}
