// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding

/// A challenge as its custodian sees it: with their card, and checked as far as can be before anything is opened.
package struct AskedEnrolment: Sendable {
    package let challenge: EnrolmentFiles.Found<EnrolmentChallenge>
    package let card: Card
    private let officerSignature: (name: String, bytes: [UInt8])

    package var digest: SHA256Digest { challenge.digest }

    /// - Parameters:
    ///   - keys: The identity's file: its public part.
    /// - Throws: ``EscrowError``: the first thing that does not hold.
    package init(
        _ challenge: EnrolmentFiles.Found<EnrolmentChallenge>,
        in files: EnrolmentFiles,
        to keys: IdentityFile,
        now: Timestamp
    ) throws(EscrowError) {
        let asked = challenge.document
        officerSignature = try files.signature(of: challenge, by: asked.officer)
        guard let card = files.card(asked.card)?.card else {
            throw .enrolment(path: challenge.path, .cardIsNotHere(asked.custodian, asked.card))
        }
        guard card.name == keys.name, card.signingKey == keys.signingKey, card.sealingKey == keys.sealingKey else {
            throw .enrolment(path: challenge.path, .notYourCard(card.name))
        }
        guard asked.officer.key != card.signingKey, asked.officer.name != card.name else {
            throw .enrolment(path: challenge.path, .askedThemselves(asked.officer.name))
        }
        guard now <= asked.expires else {
            throw .enrolment(path: challenge.path, .expired(asked.expires, now: now))
        }
        try ClockRule.check(asked.created, of: challenge.path, at: now)
        self.challenge = challenge
        self.card = card
    }

    /// Opens the box, and nothing else with it: what leaves is a hash.
    ///
    /// - Returns: The parcel's files to send back: card, challenge, answer and their signatures.
    /// - Throws: ``EscrowError/enrolment(path:_:)``
    package func answered(by identity: borrowing Identity, now: Timestamp) throws(EscrowError) -> [Parcel.File] {
        let asked = challenge.document
        let answer = try orThrow(identity.answer(toEnrolment: asked.box, of: card)) {
            .enrolment(path: challenge.path, .box($0))
        }
        // Only what the officer has signed for: else a hash of something that they do not know would leave.
        guard SHA256Digest(of: answer.bytes) == asked.answer else {
            throw .enrolment(path: challenge.path, .contradictsItself)
        }
        // The officer's clock may be ahead by a little, and an answer is never older than its challenge.
        let document = EnrolmentAnswer(answer, to: asked, digest: digest, at: max(now, asked.created))
        let bytes = document.encoded()
        let name = EnrolmentAnswer.fileName(of: document.custodian, SHA256Digest(of: bytes))
        let signature = identity.sign(bytes, namespace: EnrolmentAnswer.format.namespace)
        return [
            Parcel.File(enrolment: "\(card.name).card", card.bytes),
            Parcel.File(enrolment: challenge.name, challenge.bytes),
            Parcel.File(enrolment: officerSignature.name, officerSignature.bytes),
            Parcel.File(enrolment: name, bytes),
            Parcel.File(enrolment: "\(name).\(card.name).sig", signature.armored),
        ]
    }
}

extension EnrolmentChallenge {
    /// What a parcel holds of it: the card, the challenge, and its officer's signature.
    package func parcelFiles(to card: Card, signedBy identity: borrowing Identity) -> [Parcel.File] {
        let bytes = encoded()
        let name = Self.fileName(of: custodian, SHA256Digest(of: bytes))
        let signature = identity.sign(bytes, namespace: Self.format.namespace)
        return [
            Parcel.File(enrolment: "\(card.name).card", card.bytes),
            Parcel.File(enrolment: name, bytes),
            Parcel.File(enrolment: "\(name).\(identity.name).sig", signature.armored),
        ]
    }
}
