// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding

/// An officer asks whoever has a card to show that they can unseal: docs/format.md, section 4.23.
package struct EnrolmentChallenge: EnrolmentDocument, Equatable {
    package static let format = DocumentFormat.enrolmentChallenge

    /// The longest time to answer, in seconds: 90 days.
    package static let longestSeconds = 90 * 86_400

    /// The SHA-256 of the answer's 32 bytes: anybody can tell the answer when it comes, and nobody before.
    package let answer: SHA256Digest
    /// 192 bytes, of purpose 4.
    package let box: [UInt8]
    package let card: SHA256Digest
    package let created: Timestamp
    package let custodian: Name
    package let expires: Timestamp
    package let officer: Signer

    package static let shape = Shape<EnrolmentChallenge>(
        Self.init,
        Member("answer", .digest, \.answer),
        Member("box", .base64(byteCount: SealedPayload.boxByteCount), \.box),
        Member("card", .digest, \.card),
        Member("created", .timestamp, \.created),
        Member("custodian", .name, \.custodian),
        Member("expires", .timestamp, \.expires),
        Member("officer", .object(Signer.shape), \.officer)
    ) { challenge, _ throws(DocumentError) in
        try challenge.expires.checkExpiry(after: challenge.created, "created", within: longestSeconds)
    }
}

extension EnrolmentChallenge {
    /// Draws a challenge to a card.
    ///
    /// - Throws: ``BoxError/recipientNotAcceptable``
    package init(
        to card: Card,
        by officer: Signer,
        at created: Timestamp,
        until expires: Timestamp
    ) throws(BoxError) {
        let (box, answer) = try EnrolmentBox.draw(for: card)
        self.init(to: card, by: officer, at: created, until: expires, box: box, answer: answer)
    }

    /// Takes the box and its answer from outside, which tests of attacks need.
    init(
        to card: Card,
        by officer: Signer,
        at created: Timestamp,
        until expires: Timestamp,
        box: [UInt8],
        answer: SHA256Digest
    ) {
        self.answer = SHA256Digest(of: answer.bytes)
        self.box = box
        self.card = card.digest
        self.created = created
        custodian = card.name
        self.expires = expires
        self.officer = officer
    }
}
