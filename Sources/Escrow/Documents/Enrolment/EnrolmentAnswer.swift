// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// That a custodian opened the box of an enrolment challenge: docs/format.md, section 4.23.
package struct EnrolmentAnswer: EnrolmentDocument, Equatable {
    package static let format = DocumentFormat.enrolment

    /// The hash of what was in the box, 32 bytes: see ``EnrolmentBox``.
    package let answer: SHA256Digest
    package let card: SHA256Digest
    /// The digest of the challenge's file.
    package let challenge: SHA256Digest
    package let created: Timestamp
    package let custodian: Name

    package static let shape = Shape<EnrolmentAnswer>(
        Self.init,
        Member("answer", .digest, \.answer),
        Member("card", .digest, \.card),
        Member("challenge", .digest, \.challenge),
        Member("created", .timestamp, \.created),
        Member("custodian", .name, \.custodian)
    )
}

extension EnrolmentAnswer {
    /// Takes what opening the box gave.
    init(_ answer: SHA256Digest, to challenge: EnrolmentChallenge, digest: SHA256Digest, at created: Timestamp) {
        let (card, custodian) = (challenge.card, challenge.custodian)
        self.init(answer: answer, card: card, challenge: digest, created: created, custodian: custodian)
    }
}
