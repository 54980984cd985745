// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Encoding

/// What an auditor files of a ceremony: made of plan, transcript and the certificate that the plan names by its digest,
/// the same bytes every time.
package struct CeremonyReport: Sendable {
    package static let format = DocumentFormat("ceremony-report")

    let plan: Plan
    let planDigest: SHA256Digest
    let script: CeremonyScript
    let transcript: Transcript
    let certificate: Certificate
    let evidence: CeremonyEvidence
    /// What the policy comes to, or nothing when it is none among these people.
    let custody: PolicyReview?
    /// What is unwise in the plan, as far as it shows in plan and certificate, as of the opening.
    let findings: [PlanFinding]

    package init(
        of plan: Plan,
        _ digest: SHA256Digest,
        _ script: CeremonyScript,
        _ transcript: Transcript,
        _ certificate: Certificate,
        after earlier: EarlierInventory? = nil
    ) {
        self.plan = plan
        planDigest = digest
        self.script = script
        self.transcript = transcript
        self.certificate = certificate
        evidence = CeremonyEvidence(of: plan, transcript, after: earlier)
        let review = try? PlanReview(of: plan)
        custody = review?.custody
        let opened = transcript.lines.first?.time ?? plan.date
        findings = (review?.findings ?? []) + PlanFiles.authority(plan, certificate, opened)
    }

    /// What it cannot show, whatever it says.
    static let limits = [
        "that people are who they say, or independent of one another",
        "that the machine kept no copy of the key",
        "that nothing happened in the room that nobody wrote down",
        "the time, but for the clock of the machine, unless a time stamp stands beside the transcript",
    ]

    /// Every step, as it was held or not.
    var held: [HeldStep] { script.steps.map { HeldStep($0, in: transcript) } }

    /// Who was there.
    var roll: RollCall { RollCall(of: plan, transcript.standing) }

    /// Those who are absent at the end.
    var absent: [Plan.Participant] { roll.everybody.filter { roll.absent.contains($0.name) } }

    /// How it ended.
    var end: String {
        switch transcript.lines.last?.act {
        case .closed: "closed"
        case .abandoned: "abandoned"
        default: "not closed"
        }
    }

    /// The CA that the key is of: one that a rehearsal makes is not that of the certificate.
    var authority: String {
        plan.makesCA ? "one made for this rehearsal; the plan names \(certificate.subject)" : certificate.subject
    }

    /// How often it was interrupted.
    var interruptions: Int { transcript.lines.count { $0.act == .resumed } }

    /// Comparisons that did not match.
    var differences: Int { transcript.lines.count { $0.act.word == .differed } }

    /// The last moment at which the certificate is valid.
    var certificateEnd: Timestamp {
        Timestamp(secondsSinceEpoch: min(max(certificate.notAfter, 0), Timestamp.range.upperBound))
    }

    /// How long the record is to be kept at least: two years beyond the certificate, CA/Browser Forum BR, 5.4.3.
    var retention: Timestamp {
        let end = certificateEnd.description
        guard let year = Int(end.prefix(4)), year + 2 <= 9999 else {
            return certificateEnd
        }
        // 29 February has no like two years later: the day after.
        return Timestamp("\(year + 2)\(end.dropFirst(4))") ?? Timestamp("\(year + 2)-03-01\(end.dropFirst(10))")
            ?? certificateEnd
    }

    /// Whole minutes from the first line to the last.
    var minutes: Int {
        guard let first = transcript.lines.first?.time, let last = transcript.lines.last?.time else {
            return 0
        }
        return (last.secondsSinceEpoch - first.secondsSinceEpoch + 59) / 60
    }
}
