// SPDX-License-Identifier: Apache-2.0

import Custody
import SecretSharing

// The epochs together: one chain, each approved by the one before.
extension Audit {
    mutating func checkChain(of directory: EscrowDirectory) -> [EpochApproval] {
        do throws(EscrowError) {
            let approvals = try directory.approvals()
            for fault in approvals.flatMap(\.faults) {
                note(.signatures, fault.description)
            }
            if approvals.count == 1 {
                unchecked[.succession] = .notApplicable("there is one epoch")
            }
            for (previous, next) in zip(approvals, approvals.dropFirst()) {
                checkSuccession(from: previous, to: next)
            }
            return approvals
        } catch {
            if directory.epochs.allSatisfy({ (try? $0.document.get()) != nil }) {
                note(.chain, error.description)
            } else {
                unchecked[.chain] = .notChecked("a manifest is refused")
            }
            unchecked[.signatures] = .notChecked("the epochs are no chain")
            unchecked[.succession] = .notChecked("the epochs are no chain")
            return []
        }
    }

    private mutating func checkSuccession(from previous: EpochApproval, to next: EpochApproval) {
        let (old, new) = (previous.document.manifest, next.document.manifest)
        if let fault = next.successionFault {
            note(.succession, fault)
        } else if !next.follows {
            note(.succession, Self.notLetToFollow(new, old))
        }
    }

    /// The finding about an epoch that the one before does not let follow.
    static func notLetToFollow(_ new: Manifest, _ old: Manifest) -> String {
        "epoch \(new.epoch): not approved by the officers of epoch \(old.epoch)"
    }
}
