// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import SecretSharing

// Whether the custodians of the epoch that the report is about have their shares, and prove it.
extension AuditReading {
    /// How `receipts` ends when none of them is wrong.
    var missingReceipts: AuditOutcome {
        guard let evidence else {
            return noSubject
        }
        let missing = evidence.withoutReceipt
        let reasons =
            (missing.isEmpty ? [] : ["INCOMPLETE: no receipt from \(missing.listed)"])
            + (content?.receiptFindings.unsettled ?? []).map(\.description)
        return reasons.isEmpty ? passWhereItCounts : .notChecked(reasons.joined(separator: "; "))
    }

    /// Those who are not suspended can restore.
    var quorum: AuditOutcome {
        guard let evidence else {
            return noSubject
        }
        guard !evidence.epoch.manifest.policy.isSatisfied(by: evidence.available) else {
            return .pass
        }
        // What could not be read may end a suspension.
        guard unreadOfSuspensions.isEmpty else {
            return .notRead(unreadOfSuspensions)
        }
        return .fail(["\(evidence.suspended.listed): suspended; the others cannot restore"])
    }

    /// How `proofs` ends when none of them is wrong: it passes when every custodian has answered the newest challenge
    /// that counts.
    var answers: AuditOutcome {
        guard let evidence else {
            return noSubject
        }
        guard !evidence.challenges.documents.isEmpty || !evidence.challenges.ahead.isEmpty else {
            return .notApplicable("no challenge was made in this epoch")
        }
        guard let anchor = input.anchor else {
            return .notChecked("no --signers: nobody vouches for a challenge")
        }
        let admitted = evidence.admittedChallenges(by: anchor)
        guard let newest = admitted.max(by: { $0.document.created < $1.document.created }) else {
            return .notChecked(
                "\(anchor.path) admits no signer of a challenge for \(DocumentFormat.challenge.namespace)"
            )
        }
        let missing = evidence.epoch.manifest.people.map(\.name).filter { name in
            evidence.newestProof(of: name, answering: [newest]) == nil
        }
        guard missing.isEmpty else {
            let asked = "challenge \(newest.identifier.prefix(8)) of \(newest.document.created)"
            return .notChecked("\(asked): no proof of \(missing.listed)")
        }
        return passWhereItCounts
    }

    /// What was added counts in approved epochs alone.
    private var passWhereItCounts: AuditOutcome {
        guard let subject, !subject.isApproved else {
            return .pass
        }
        return subject.unread.isEmpty
            ? .notChecked("nothing counts in an epoch that is not approved") : .notRead(subject.unread)
    }
}
