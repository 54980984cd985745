// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow
import SystemPackage

// Before there is an escrow: an officer asks a new custodian to show that they can unseal.
extension Answer {
    /// Answers the enrolment challenges of a parcel, each after it was shown and agreed to.
    ///
    /// - Returns: The officers who were answered, and what went wrong with others, which was reported.
    func answerEnrolments(
        in parcel: Parcel,
        at path: String,
        _ acts: CustodianActs,
        _ now: Timestamp,
        _ outbox: inout Outbox
    ) throws -> (askers: [Name], worst: ExitStatus?) {
        var files = EnrolmentFiles()
        files.add(parcel, shownAs: path)
        var askers: [Name] = []
        var worst: ExitStatus?
        func note(_ error: any Error) throws {
            guard let diagnostic = Diagnostic(error) else {
                throw error
            }
            diagnostic.report()
            worst = worst == .failed ? worst : diagnostic.status
        }
        try files.faults.forEach(note)
        for challenge in files.challenges where challenge.document.custodian == acts.name {
            do {
                try answer(challenge, in: files, acts, now, &outbox)
                askers.append(challenge.document.officer.name)
            } catch {
                try note(error)
            }
        }
        return (askers, worst)
    }

    private func answer(
        _ challenge: EnrolmentFiles.Found<EnrolmentChallenge>,
        in files: EnrolmentFiles,
        _ acts: CustodianActs,
        _ now: Timestamp,
        _ outbox: inout Outbox
    ) throws {
        let asked = try AskedEnrolment(challenge, in: files, to: acts.custodian.file, now: now)
        Self.show(asked, to: acts)
        try Question.confirm("Answer challenge \(asked.digest.short)?", isAnswered: yes)
        let answer = try acts.withIdentity { identity in try asked.answered(by: identity, now: now) }
        outbox.add(answer)
        Output.line("challenge \(asked.digest.short): answered: you can unseal what is sealed to your card")
    }

    private static func show(_ asked: AskedEnrolment, to acts: CustodianActs) {
        let document = asked.challenge.document
        let officer = document.officer
        let lines =
            [
                "\(officer.name) asks you, \(asked.card.fullName ?? acts.name.description), to show that you can unseal, "
                    + "before anything is sealed to you",
                "    key     \(officer.key.fingerprint)",
                "    made    \(document.created.inWords)",
                "    until   \(document.expires.inWords)",
            ] + Enrol.read(card: asked.card.digest, challenge: asked.digest) + [
                "Nothing here shows whether this is the \(officer.name) whom you know: you have no key of the officers yet.",
                "Answering shows nothing secret: a random number is opened, and only its hash leaves, signed by you.",
                "Call \(officer.name) on a number you already had: read your card's words, and let them read the "
                    + "challenge's to you.",
            ]
        lines.forEach { Output.error($0) }
    }
}
