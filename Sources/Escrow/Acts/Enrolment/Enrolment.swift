// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
package import SystemPackage

/// Whether the holder of a card has shown that they can unseal: docs/format.md, section 4.23.
package enum Enrolment {
    /// What the files at hand show of one card.
    package enum State: Equatable, Sendable {
        /// Answered, and all of it holds; as old as the challenge, never as the answer says.
        case proven(at: Timestamp, by: Signer)
        case notAnswered
        /// Answered, and nothing of it counts: each answer's reason.
        case wrong([EscrowError])
    }

    /// Looks for an answer that counts; among several the youngest challenge does.
    ///
    /// - Parameters:
    ///   - card: Exactly this one: a new card of the same person is another.
    ///   - now: When a document would be of the future.
    package static func state(
        of card: Card,
        in files: EnrolmentFiles,
        trusting trust: EnrolmentTrust,
        now: Timestamp
    ) -> State {
        var proofs: [Proof] = []
        var faults: [EscrowError] = []
        for answer in files.answers where answer.document.custodian == card.name {
            do throws(EscrowError) {
                proofs.append(try Proof(answer, of: card, in: files, trusting: trust, now: now))
            } catch {
                faults.append(error)
            }
        }
        if let newest = proofs.max(by: { $0.challenge.document.created < $1.challenge.document.created }) {
            let challenge = newest.challenge.document
            return .proven(at: challenge.created, by: challenge.officer)
        }
        return faults.isEmpty ? .notAnswered : .wrong(faults)
    }

    /// The state of enrolments in the folder that a card lies in.
    ///
    /// - Parameter officers: Whose challenges count.
    /// - Throws: ``EscrowError/file(_:)`` when the folder cannot be listed.
    package static func state(
        of card: Card,
        in folder: FilePath,
        officers: [Signer],
        now: Timestamp
    ) throws(EscrowError) -> State {
        state(of: card, in: try EnrolmentFiles(in: folder), trusting: EnrolmentTrust(officers: officers), now: now)
    }

    /// An answer that counts, with the challenge that it answers.
    package struct Proof: Sendable {
        package let challenge: EnrolmentFiles.Found<EnrolmentChallenge>
        package let answer: EnrolmentFiles.Found<EnrolmentAnswer>
        /// Everything that shows it, by the names that the files have beside the card.
        package let files: [(name: String, bytes: [UInt8])]

        /// Checks an answer and its challenge against the card, and who asked.
        ///
        /// - Throws: ``EscrowError``: the first thing that does not hold.
        package init(
            _ answer: EnrolmentFiles.Found<EnrolmentAnswer>,
            of card: Card,
            in files: EnrolmentFiles,
            trusting trust: EnrolmentTrust,
            now: Timestamp
        ) throws(EscrowError) {
            let document = answer.document
            guard document.card == card.digest else {
                throw .enrolment(path: answer.path, .anotherCard(card.name, document.card))
            }
            let holder = Signer(name: card.name, key: card.signingKey)
            let answerSignature = try files.signature(of: answer, by: holder)
            guard let challenge = files.challenge(document.challenge) else {
                throw .enrolment(path: answer.path, .challengeIsNotHere(document.challenge))
            }
            let asked = challenge.document
            if let fault = Self.fault(of: document, asked, to: card) {
                throw .enrolment(path: answer.path, fault)
            }
            let challengeSignature = try files.signature(of: challenge, by: asked.officer)
            guard trust.admits(asked.officer, at: asked.created) else {
                throw .enrolment(path: challenge.path, .officerIsUnknown(asked.officer))
            }
            try ClockRule.check(asked.created, of: challenge.path, at: now)
            try ClockRule.check(document.created, of: answer.path, at: now)
            self.challenge = challenge
            self.answer = answer
            // Signatures first, as everywhere: a document is there once all that it needs is.
            self.files = [
                challengeSignature, (challenge.name, challenge.bytes), answerSignature, (answer.name, answer.bytes),
            ]
        }

        private static func fault(
            of answer: EnrolmentAnswer,
            _ challenge: EnrolmentChallenge,
            to card: Card
        ) -> EnrolmentError? {
            if challenge.custodian != card.name {
                return .challengeOfAnother(challenge.custodian)
            }
            if challenge.card != card.digest {
                return .cardsDiffer
            }
            // Whoever makes a challenge has known what is in its box.
            if challenge.officer.key == card.signingKey || challenge.officer.name == card.name {
                return .askedThemselves(challenge.officer.name)
            }
            if SHA256Digest(of: answer.answer.bytes) != challenge.answer {
                return .wrongAnswer(answer.challenge)
            }
            if answer.created < challenge.created {
                return .early(answer.created, asked: challenge.created)
            }
            return answer.created > challenge.expires ? .late(answer.created, expired: challenge.expires) : nil
        }
    }
}

/// Whose challenges count.
package struct EnrolmentTrust: Sendable {
    /// Officers by name and key, such as those of an escrow.
    private let officers: [Signer]
    /// An `allowed_signers` file that admits the namespace of enrolment challenges.
    private let signers: AllowedSigners?

    package init(officers: [Signer], signers: AllowedSigners? = nil) {
        self.officers = officers
        self.signers = signers
    }

    /// Whether nobody was named whom to believe.
    var isOfNobody: Bool { officers.isEmpty && signers == nil }

    /// Whether exactly this officer is one of them, at the time of their challenge.
    func admits(_ officer: Signer, at created: Timestamp) -> Bool {
        let namespace = DocumentFormat.enrolmentChallenge.namespace
        return officers.contains(officer)
            || signers?.admits(name: officer.name, key: officer.key, namespace: namespace, at: created) == true
    }
}
