// SPDX-License-Identifier: Apache-2.0

import Encoding

// Which of the approved epochs follow one another, and where that is not known: docs/format.md, section 5.2.
extension EpochChain {
    /// Follows what is approved from epoch 1 on, as long as one epoch follows.
    static func follow(
        _ approved: [EpochApproval],
        _ voids: Voids,
        _ isOutweighing: Bool,
        _ knowing: Knowing
    ) -> ([EpochApproval], Dispute?, [Dispute]) {
        let followers = Dictionary(grouping: approved) { $0.document.manifest.previous?.sha256 }
        var chain: [EpochApproval] = []
        var exclusions: [Dispute] = []
        while true {
            let last = chain.last?.document.digest
            let next = followers[last] ?? []
            guard next.count > 1 else {
                guard let only = next.first else {
                    return (chain, nil, exclusions)
                }
                chain.append(only)
                continue
            }
            let vouched = next.filter { branch in
                approved.contains {
                    knowing($0) && Self.line(of: $0, among: approved).contains { $0.isSame(as: branch) }
                }
            }
            // A stranger's first epoch is approved by itself, and voids nothing.
            var standing = last == nil ? next : voids.standing(among: next)
            if standing.count == 1, isOutweighing, vouched.count == 1, !vouched[0].isSame(as: standing[0]) {
                // Former officers may have voided what followed them: those whom one knows outweigh that.
                standing = []
            }
            if standing.count == 1 {
                chain.append(standing[0])
                continue
            }
            let candidates = standing.isEmpty ? next : standing
            let known = candidates.filter { candidate in vouched.contains { $0.isSame(as: candidate) } }
            let dispute = last == nil ? Dispute.beginnings(candidates) : .fork(candidates)
            exclusions.append(dispute)
            guard known.count == 1 else {
                return (chain, dispute, exclusions)
            }
            chain.append(known[0])
        }
    }

    static func ancestors(
        of document: EpochDocument,
        among read: [SHA256Digest: EpochApproval]
    ) -> [EpochApproval] {
        var ancestors: [EpochApproval] = []
        var manifest = document.manifest
        while let previous = manifest.previous, let found = read[previous.sha256],
            found.document.manifest.epoch == previous.epoch
        {
            ancestors.append(found)
            manifest = found.document.manifest
        }
        return ancestors
    }

    /// An epoch and its ancestors, the newest first.
    static func line(
        of approval: EpochApproval,
        among read: [SHA256Digest: EpochApproval]
    ) -> [EpochApproval] {
        [approval] + ancestors(of: approval.document, among: read)
    }

    static func line(of approval: EpochApproval, among approvals: [EpochApproval]) -> [EpochApproval] {
        line(of: approval, among: Dictionary(approvals.map { ($0.document.digest, $0) }) { first, _ in first })
    }
}
