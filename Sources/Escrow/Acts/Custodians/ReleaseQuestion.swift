// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding
import Files
import SystemPackage

/// All that a custodian is told before they release a share: who asks what and why, and who objects.
package struct ReleaseQuestion: Sendable {
    package let review: RequestReview
    /// What the custodian is called on their card, or else their name.
    package let custodian: String
    /// When they acknowledged the share.
    package let acknowledged: Timestamp?
    /// Why officers go on although somebody refused.
    package let overrides: [String]

    package init(of review: RequestReview, to custodian: Name, _ evidence: Evidence, at now: Timestamp) {
        self.review = review
        self.custodian = review.epoch.fullName(of: custodian)
        acknowledged = evidence.receipt(of: custodian)?.document.created
        overrides = review.countedOverrides(at: now).map(\.document.reason)
    }
}

extension EpochDocument {
    /// What a custodian is called on their card, or else their name.
    package func fullName(of name: Name) -> String {
        guard let bytes = try? Files.read(cardPath(of: name), limit: ByteLimit.document),
            SHA256Digest(of: bytes) == manifest.person(named: name)?.card
        else {
            return name.description
        }
        return (try? Card(canonical: bytes))?.fullName ?? name.description
    }
}
