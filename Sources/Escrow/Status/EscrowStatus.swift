// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
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
    /// In a fixed order: first what a backup settles.
    package let dues: [Due]
    /// Nothing when no epoch can be read.
    package let standing: EscrowStanding?

    /// A check with what it found.
    package struct Failure: Hashable, Sendable {
        package let check: AuditCheck
        package let findings: [String]
    }

    /// Takes stock of an escrow that was audited with ``StatusInput/auditInput``.
    package init(of audit: Audit, against input: StatusInput) {
        escrow = audit.escrow
        failures = Self.failures(of: audit)
        guard let subject = audit.subject else {
            (standing, dues) = (nil, [])
            return
        }
        let standing = EscrowStanding(of: subject, audit, input)
        self.standing = standing
        dues = standing.isRetired ? [] : Self.backupDues(of: subject, audit, input) + standing.dues(input)
    }

    package var verdict: Verdict {
        if standing?.isQuorumLost ?? false {
            return .quorumLost
        }
        if !failures.isEmpty {
            return .failed
        }
        if standing?.isRetired ?? false {
            return .retired
        }
        return dues.isEmpty ? .fine : .due
    }

    /// Whether a backup, or what completes one, is due.
    package var isBackupDue: Bool { dues.contains(where: \.isBackup) }

    /// What it comes to, in the order of weight.
    package enum Verdict: String, Sendable {
        case quorumLost = "QUORUM LOST"
        case failed = "FAILED"
        case due = "DUE"
        case retired = "RETIRED"
        case fine = "OK"

        /// 0, 1 or 2, as monitoring takes them for OK, WARNING and CRITICAL.
        package var exitStatus: Int32 {
            switch self {
            case .quorumLost, .failed: 2
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
    /// Findings that say no more than that the newest epoch waits for officers, all before it being in force.
    fileprivate var waitingForSignatures: [AuditCheck: Set<String>] {
        guard let newest = approvals.last, !newest.isInForce, approvals.dropLast().allSatisfy(\.isInForce) else {
            return [:]
        }
        var findings: [AuditCheck: Set<String>] = [.approval: [newest.notInForce.description]]
        if let previous = approvals.dropLast().last, !newest.follows {
            findings[.succession] = [Self.notLetToFollow(newest.document.manifest, previous.document.manifest)]
        }
        // Somebody who signed and is not trusted stays a finding.
        if subject?.isInForce == false, let anchor = input.anchor {
            do throws(EscrowError) {
                _ = try anchor.check(newest, at: escrow.string)
            } catch {
                switch error {
                case .tooFewOfficersAreTrusted, .noOfficerIsTrusted(_, _, signedBy: []):
                    findings[.anchor] = [error.description]
                default: break
                }
            }
        }
        return findings
    }
}
