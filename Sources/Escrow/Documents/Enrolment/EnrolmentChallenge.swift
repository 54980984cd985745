// SPDX-License-Identifier: Apache-2.0

package import Custody

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

    package init(canonical bytes: [UInt8]) throws(DocumentError) {
        var fields = try Fields(try JSONValue(canonical: bytes))
        try fields.format(expecting: Self.format)
        answer = try fields.digest("answer")
        box = try fields.base64("box", byteCount: SealedPayload.boxByteCount)
        card = try fields.digest("card")
        created = try fields.timestamp("created")
        custodian = try fields.name("custodian")
        expires = try fields.timestamp("expires")
        var person = try fields.object("officer")
        officer = Signer(name: try person.name("name"), key: try person.signingKey("key"))
        try person.finish()
        try fields.finish()
        guard (1...Self.longestSeconds).contains(expires.secondsSinceEpoch - created.secondsSinceEpoch) else {
            throw .wrongValue(field: "expires", expected: "a time after 'created', by 90 days at most")
        }
    }

    package var members: [String: JSONValue] {
        [
            "answer": .string(answer.description),
            "box": .string(Base64.encode(box)),
            "card": .string(card.description),
            "created": .string(created.description),
            "custodian": .string(custodian.description),
            "expires": .string(expires.description),
            "format": .string(Self.format.format),
            "officer": .object(["key": .string(officer.key.openSSH), "name": .string(officer.name.description)]),
        ]
    }
}
