// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import Ristretto255

// What people answer to a document that is filed: a request, or a challenge.

extension VetoOverride {
    package init(
        of refusals: [SHA256Digest],
        for request: Filed<Request>,
        by officer: Name,
        because reason: String,
        at created: Timestamp
    ) {
        heading = Heading(beside: request.document, at: created)
        self.officer = officer
        self.reason = reason
        self.refusals = Set(refusals).sorted { $0.description < $1.description }
        self.request = request.digest
    }
}

extension Proof {
    /// Answers a challenge.
    ///
    /// - Parameter share: y, secret.
    package init?(
        by custodian: Name,
        to challenge: Filed<Challenge>,
        in epoch: EpochDocument,
        at created: Timestamp,
        provenBy share: borrowing Scalar
    ) {
        guard let claim = PossessionClaim(of: custodian, in: epoch, at: created) else {
            return nil
        }
        let challenge = challenge.digest
        self.init(provenBy: share) { Proof(challenge: challenge, claim: claim, possession: $0) }
    }
}

extension Refusal {
    package init(by name: Name, of request: Filed<Request>, because reason: String, at created: Timestamp) {
        let heading = Heading(beside: request.document, at: created)
        self.init(heading: heading, name: name, reason: reason, request: request.digest)
    }
}
