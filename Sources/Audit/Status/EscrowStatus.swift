// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Encoding
package import Escrow
import SecretSharing
package import SystemPackage

/// How an escrow stands on a day: what has failed, what is due, and what goes stale next.
///
/// Facts from files, with no secret and nobody's help: whether people can be reached, nothing here shows.
package struct EscrowStatus: Sendable {
    package let escrow: FilePath
    /// Checks of the audit that failed, with what they found.
    ///
    /// What only waits for signatures is due, not failed; a lost quorum stands in ``standing``.
    package let failures: [Failure]
    /// Why parts of it could not be read: nothing may be concluded from their absence, and nothing is green.
    package let unread: [String]
    /// In a fixed order: first what a backup settles.
    package let dues: [Due]
    /// Nothing when no epoch can be read.
    package let standing: EscrowStanding?
    /// Approved epochs that exclude one another: officers end that first, and nothing else is due before.
    package let disputes: [EpochChain.Dispute]

    /// A check with what it found.
    package struct Failure: Hashable, Sendable {
        package let check: AuditCheck
        package let findings: [String]
    }

    /// Takes stock of an escrow that was audited with ``StatusInput/auditInput``.
    package init(of audit: Audit, against input: StatusInput) {
        escrow = audit.escrow
        failures = Self.failures(of: audit)
        unread = audit.unread
        disputes = audit.chain.exclusions
        guard let subject = audit.subject else {
            (standing, dues) = (nil, [])
            return
        }
        let standing = EscrowStanding(of: subject, audit, input)
        self.standing = standing
        let anchor = standing.anchorDue.map { [$0] } ?? []
        let manifest = subject.document.manifest
        let isStray = !input.certificates.isEmpty && !standing.isCompared && !manifest.isRehearsal
        let stray = isStray ? [Due.ofNoCertificateGiven(manifest.certificate)] : []
        let dues =
            standing.isRetired || !disputes.isEmpty
            ? anchor : Self.backupDues(of: subject, audit, input) + stray + anchor + standing.dues(input)
        self.dues = audit.unread.isEmpty ? dues : dues.filter(\.showsByItself)
    }

    package var verdict: Verdict {
        if standing?.isQuorumLost ?? false {
            return .quorumLost
        }
        if !failures.isEmpty {
            return .failed
        }
        if !unread.isEmpty {
            return .unreadable
        }
        guard dues.isEmpty else {
            return .due
        }
        return standing?.isRetired ?? false ? .retired : .fine
    }

    /// Whether a backup, or what completes one, is due.
    package var isBackupDue: Bool { dues.contains(where: \.isBackup) }

    /// What it comes to, in the order of weight.
    package enum Verdict: String, CaseIterable, Sendable {
        case quorumLost = "QUORUM LOST"
        case failed = "FAILED"
        case unreadable = "UNREADABLE"
        case due = "DUE"
        case retired = "RETIRED"
        case fine = "OK"

        /// 0, 1 or 2, as monitoring takes them for OK, WARNING and CRITICAL.
        package var exitStatus: Int32 {
            switch self {
            case .quorumLost, .failed, .unreadable: 2
            case .due: 1
            case .retired, .fine: 0
            }
        }
    }

    private static func failures(of audit: Audit) -> [Failure] {
        let waiting = audit.waitingForSignatures
        return audit.outcomes.compactMap { check, outcome in
            guard case .fail(let found) = outcome, check != .quorum else {
                return nil
            }
            let findings = found.filter { !(waiting[check]?.contains($0) ?? false) }
            return findings.isEmpty ? nil : Failure(check: check, findings: findings)
        }
    }
}

extension Audit {
    /// Findings that say no more than that a first epoch waits for officers.
    fileprivate var waitingForSignatures: [AuditCheck: Set<String>] {
        guard chain.inForce == nil, chain.dispute == nil, let newest = chain.drafts.last, !newest.isRefused
        else {
            return [:]
        }
        var findings: [AuditCheck: Set<String>] = [.approval: [newest.notInForce.description]]
        // Somebody who signed and is not trusted stays a finding.
        if let anchor = input.anchor {
            do throws(EscrowError) {
                _ = try anchor.check(newest, at: escrow.string, now: input.time)
            } catch {
                switch error {
                case .trust(.tooFewOfficersAreTrusted), .trust(.noOfficerIsTrusted(_, _, signedBy: [])):
                    findings[.anchor] = [error.description]
                default: break
                }
            }
        }
        return findings
    }
}
