// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding
package import Escrow
import Files

/// How a custodian stands in the epoch that counts.
package struct CustodianStanding: Hashable, Sendable {
    package let name: Name
    /// When they said that they had opened their share; nothing when they have not.
    package let acknowledged: Timestamp?
    /// The newest document that shows that they knew their share; nothing when there is none.
    package let evidence: CustodianEvidence?
    /// Whether that is young enough, and they are counted on.
    package let isProven: Bool
    /// Why they are not counted on; nothing when they are.
    package let suspended: Suspension.Cause?
    /// Until when they wanted their keys used; nothing when they did not say.
    package let validUntil: Timestamp?

    init(of name: Name, in evidence: Evidence, answering challenges: [Filed<Challenge>], _ input: StatusInput) {
        self.name = name
        let receipt = evidence.receipt(of: name)?.document
        let proof = evidence.newestProof(of: name, answering: challenges)
        // A proof is as old as the challenge that it answers: docs/format.md, section 4.15.
        let shown = [
            receipt.map { CustodianEvidence(kind: .receipt, time: $0.created) },
            proof.map { CustodianEvidence(kind: .proof, time: $0.challenge.document.created) },
        ].compactMap(\.self).max { $0.time < $1.time }
        acknowledged = receipt?.created
        self.evidence = shown
        let isYoung = shown.map { input.time <= $0.time.adding(seconds: input.maximumAgeSeconds) } ?? false
        suspended = evidence.suspension(of: name)?.document.because
        isProven = isYoung && suspended == nil
        validUntil = evidence.epoch.card(of: name)?.validUntil
    }

    package var isSuspended: Bool { suspended != nil }
}

/// What shows that a custodian knew their share, and when.
package struct CustodianEvidence: Hashable, Sendable {
    package let kind: Kind
    /// When a receipt was made, or the challenge that a proof answers.
    package let time: Timestamp

    package enum Kind: String, Sendable {
        case receipt
        case proof
    }
}

extension CustodianEvidence: CustomStringConvertible {
    package var description: String {
        switch kind {
        case .receipt: "a receipt of \(time)"
        case .proof: "a proof for a challenge of \(time)"
        }
    }
}
