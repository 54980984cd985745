// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding
package import Ristretto255
import SecretSharing

// What people answer to a document that is filed: a request, or a challenge.

extension ReleaseStatement {
    init(
        of box: [UInt8],
        by custodian: Name,
        at path: Path,
        for request: Filed<Request>,
        at created: Timestamp
    ) {
        self.box = SHA256Digest(of: box)
        heading = Heading(beside: request.document, at: created)
        self.custodian = custodian
        self.path = path
        self.request = request.digest
    }
}

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
        heading = Heading(beside: request.document, at: created)
        self.name = name
        self.reason = reason
        self.request = request.digest
    }
}
