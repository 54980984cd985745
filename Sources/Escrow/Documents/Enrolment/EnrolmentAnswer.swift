// SPDX-License-Identifier: Apache-2.0

package import Custody

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

    /// Takes what opening the box gave.
    init(_ answer: SHA256Digest, to challenge: EnrolmentChallenge, digest: SHA256Digest, at created: Timestamp) {
        self.answer = answer
        card = challenge.card
        self.challenge = digest
        self.created = created
        custodian = challenge.custodian
    }

    package init(canonical bytes: [UInt8]) throws(DocumentError) {
        var fields = try Fields(try JSONValue(canonical: bytes))
        try fields.format(expecting: Self.format)
        answer = try fields.digest("answer")
        card = try fields.digest("card")
        challenge = try fields.digest("challenge")
        created = try fields.timestamp("created")
        custodian = try fields.name("custodian")
        try fields.finish()
    }

    package var members: [String: JSONValue] {
        [
            "answer": .string(answer.description),
            "card": .string(card.description),
            "challenge": .string(challenge.description),
            "created": .string(created.description),
            "custodian": .string(custodian.description),
            "format": .string(Self.format.format),
        ]
    }
}
