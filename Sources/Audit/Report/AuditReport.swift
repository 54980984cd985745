// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Files
import SystemPackage

/// What an audit comes to, without the escrow: all that the text, the JSON and the page are made of.
///
/// It takes a few kilobytes, so that the reports of many escrows can wait for one another.
package struct AuditReport: Sendable {
    /// The escrow's directory, as the caller named it.
    package let escrow: String
    /// The moment that the audit goes by.
    let time: Timestamp
    /// How each check ended, in order.
    package private(set) var outcomes: [(check: AuditCheck, outcome: AuditOutcome)]
    /// The epoch that it is about; nothing when none can be read.
    let epoch: ReportedEpoch?
    /// Epochs that are not approved, in words: they change no verdict.
    let drafts: [String]
    /// What desktops and version control have left in the escrow.
    let clutter: [String]
    /// What was added to that epoch; nothing when not all of that can be read, so that nobody is said to be missing.
    let evidence: ReportedEvidence?
    /// Checks that were not made because something could not be read.
    let unread: Set<AuditCheck>
    /// What happened to the escrow, in all its epochs, by time.
    let events: [CeremonyEvent]
    /// What repeats the checks of that epoch without this program.
    let repetition: RepeatCommands?
    /// What is held against the other escrows.
    package let published: PublishedCommitments
    /// Which of the certificates given it is the escrow of.
    let authorities: Set<Int>
    private let isWithoutPKCS12: Bool

    init(of audit: Audit) {
        escrow = audit.escrow.string
        time = audit.input.time
        outcomes = audit.outcomes
        epoch = audit.subject.map { ReportedEpoch($0, in: audit) }
        let subject = audit.subject?.document.digest
        drafts = audit.chain.drafts.filter { $0.document.digest != subject }.map(\.summary)
        clutter = audit.reading.clutter
        evidence = audit.reading.evidence.flatMap { $0.isComplete ? ReportedEvidence($0, in: audit) : nil }
        unread = Set(AuditCheck.allCases.filter { $0.isOpen(in: audit.reading) })
        events = CeremonyEvent.all(in: audit)
        repetition = audit.subject.map { RepeatCommands(for: $0, in: audit) }
        published = audit.published
        authorities = audit.reading.authorities
        isWithoutPKCS12 = audit.input.isWithoutPKCS12
    }

    /// Whether a check was made, and passed.
    package func hasPassed(_ check: AuditCheck) -> Bool {
        outcomes.contains { if case (check, .pass) = $0 { true } else { false } }
    }

    package var verdict: AuditVerdict { AuditVerdict(of: outcomes, isWithoutPKCS12: isWithoutPKCS12) }

    /// The checks that failed, and then those that were not made, each with what was found or why not.
    var findings: [(check: AuditCheck, isFailure: Bool, detail: String)] {
        var failures: [(AuditCheck, Bool, String)] = []
        var open: [(AuditCheck, Bool, String)] = []
        for (check, outcome) in outcomes {
            switch outcome {
            case .fail(let found): failures += found.map { (check, true, $0) }
            case .notChecked(let reason): open.append((check, false, reason))
            case .pass, .notApplicable: break
            }
        }
        return failures + open
    }

    /// What to do about one of ``findings``; commands stand between backticks.
    func advice(_ check: AuditCheck, isFailure: Bool) -> String {
        if isFailure {
            return check.remedy
        }
        return unread.contains(check) ? "Let the auditor read what is named, and audit again." : check.nextStep
    }

    /// What failed, in words: the check, and what was found.
    package var failures: [String] { findings.filter(\.isFailure).map { "\($0.check.rawValue): \($0.detail)" } }

    /// Notes a finding that shows only beside other escrows: the check has failed.
    package mutating func note(_ check: AuditCheck, _ finding: String) {
        for index in outcomes.indices where outcomes[index].check == check {
            outcomes[index].outcome = outcomes[index].outcome.failing(finding)
        }
    }
}

extension AuditReport {
    /// What the audit does not show, whatever it finds: docs/threat-model.md.
    package var limits: [String] { Self.limits(isFileOpened: isFileOpened) }

    /// Whether the CA's own key shows that the epoch's PKCS#12 file was opened.
    var isFileOpened: Bool { evidence?.drills.contains(where: \.isSigned) ?? false }

    static func limits(isFileOpened: Bool) -> [String] {
        (isFileOpened ? [] : ["that the PKCS#12 file opens: only a restore or a drill shows that"]) + [
            "that nobody else knows a share, or that a copy was deleted",
            "that the machine on which the escrow was made kept no copy of the key",
            "that the people are independent of one another",
            "that something without a record here did not happen",
            "security against a quantum computer; against others it is about 126 bits",
        ]
    }
}

extension Audit {
    /// What the audit comes to, without the escrow.
    package var report: AuditReport { AuditReport(of: self) }
}

/// An escrow that cannot be audited at all, and why.
package struct UnreadEscrow: Sendable {
    /// As the caller named it.
    package let escrow: String
    package let reason: String

    package init(escrow: String, reason: String) {
        self.escrow = escrow
        self.reason = reason
    }
}
