// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import SecretSharing

extension AuditReport {
    /// The report for people, its verdict last: lines without a newline at their ends.
    ///
    /// - Parameter isVerbose: Whether checks that passed, and those with nothing to check, are listed as well.
    package func lines(isVerbose: Bool) -> [String] {
        let drafts = drafts.enumerated().map { ($0 == 0 ? "drafts" : "", $1) }
        let facts =
            (epoch?.facts ?? []) + drafts + (evidence?.facts(at: time) ?? [])
            + (clutter.isEmpty ? [] : [("passed over", clutter.joined(separator: ", "))])
        var lines = [shown] + facts.map { name, value in "  \(Self.padded(name, 10)) \(value)" }
        lines.append("")
        for (check, outcome) in outcomes where isVerbose || outcome.isOpen {
            let start = "  \(Self.padded(outcome.word, 14)) \(Self.padded(check.rawValue, 12)) "
            switch outcome {
            case .pass: lines.append(start + check.meaning)
            case .notChecked(let reason), .notApplicable(let reason): lines.append(start + reason)
            case .fail(let found): lines += found.map { start + $0 }
            }
        }
        if !isVerbose {
            let passed = outcomes.count { $0.outcome == .pass }
            let others = outcomes.count { !$0.outcome.isOpen } - passed
            lines.append("  \(passed) checks passed" + (others > 0 ? ", \(others) do not apply" : "") + " (--verbose)")
        }
        lines.append("")
        lines.append("  this does not prove")
        lines += limits.map { "    " + $0 }
        return lines + ["", "\(shown): \(verdict.rawValue)"]
    }

    /// One line, of what is not sound: the verdict, and the first finding.
    package var line: String {
        let findings = findings
        let first = findings.first.map { ": \($0.check.rawValue): \($0.detail)" } ?? ""
        let others = findings.count > 1 ? "; and \(findings.count - 1) more" : ""
        return "\(shown): \(verdict.rawValue)\(first)\(others)"
    }

    private var shown: String { escrow + (epoch?.isRehearsal == true ? " (\(Rehearsal.mark))" : "") }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

extension ReportedEpoch {
    /// Names and values; a value that goes on has no name.
    fileprivate var facts: [(String, String)] {
        var facts = [
            ("CA", "\(authority), \(keyKind)"),
            ("SHA-256", certificate.grouped),
            ("epoch", "\(number), \(occasion.rawValue), \(created)"),
            ("manifest", manifest.description),
            ("set", set.description),
            ("policy", policy.text),
            (
                "",
                "at least \(policy.fewestToRestore) people are needed to restore; \(policy.fewestToBlock) can prevent it"
            ),
            ("approval", approval.text),
            ("", "signed by \(signers)"),
        ]
        if !trusted.isEmpty {
            facts.append(("", "known to the auditor: \(trusted.listed)"))
        }
        if !expired.isEmpty {
            facts.append(("", "whose keys are not valid any more: \(expired.listed)"))
        }
        facts += strangers.map { ("", $0) }
        if let state {
            facts.append(("CA's state", state.figures.words))
            if let archive = state.archive {
                facts.append(("", "archive \(archive.name), SHA-256 \(archive.sha256)"))
            }
        }
        for (digest, isApproved) in added {
            facts.append(("added", "certificate \(digest.short)…, \(isApproved ? "approved" : "not approved yet")"))
        }
        for (index, line) in generations.lines.enumerated() {
            facts.append((index == 0 ? "holds" : "", line))
        }
        if isRehearsal {
            facts.append(("", "REHEARSAL: a test key"))
        }
        if isRetired {
            facts.append(("", "RETIRED"))
        }
        return facts
    }
}

extension ReportedEvidence {
    /// Names and values, as above.
    fileprivate func facts(at now: Timestamp) -> [(String, String)] {
        let missing = withoutReceipt
        let count = "\(custodians.count - missing.count) of \(custodians.count) custodians"
        var facts = [("receipts", missing.isEmpty ? count : "\(count); missing: \(missing.listed)")]
        if let challenge {
            let (asked, auditor) = (challenge.document.created, challenge.document.auditor.name)
            let words = "\(challenge.identifier.prefix(8)) of \(auditor), \(asked.date), \(asked.ago(at: now))"
            facts.append(("challenge", words))
            facts.append(("proven", answers(at: now)))
        } else if isChallenged {
            facts.append(("challenge", "none that the auditor vouches for"))
        }
        for custodian in suspended {
            if let suspension = custodian.suspension {
                let when = "\(suspension.created.date), \(suspension.created.ago(at: now))"
                facts.append(("suspended", "\(custodian.name): \(suspension.because.rawValue), \(when)"))
            }
        }
        facts += requests.flatMap { $0.facts(at: now) } + restores.flatMap { $0.facts(at: now) }
        return facts + (drills.last.map { $0.facts(at: now) } ?? [("drill", "never done for this epoch")])
    }

    /// Who has proven how long ago: `alice, bob 6 days; dave 372 days; never: erin`.
    private func answers(at now: Timestamp) -> String {
        var ages: [(age: String, names: [Name])] = []
        let answered = custodians.compactMap { custodian in custodian.answer.map { (custodian.name, $0.asked) } }
        for (name, asked) in answered.sorted(by: { ($1.1, $0.0) < ($0.1, $1.0) }) {
            let age = asked.age(at: now)
            if ages.last?.age == age {
                ages[ages.count - 1].names.append(name)
            } else {
                ages.append((age, [name]))
            }
        }
        var parts = ages.map { "\($0.names.listed) \($0.age)" }
        let never = custodians.filter { $0.answer == nil }.map(\.name)
        if !never.isEmpty {
            parts.append("never: \(never.listed)")
        }
        return parts.joined(separator: "; ")
    }
}

extension ReportedEvidence.AskedRestore {
    fileprivate func facts(at now: Timestamp) -> [(String, String)] {
        let asked = request.created
        var facts = [
            (
                "request",
                "\(identifier.prefix(8)) of \(request.officer), \(asked.date), \(asked.ago(at: now)): \(state)"
            ),
            ("", "'\(request.purpose)', to '\(request.destination)'"),
        ]
        if !released.isEmpty {
            facts.append(("", "released by \(released.listed)"))
        }
        for refused in refused {
            let words =
                refused.reason.map { "refused by \(refused.name): '\($0)'" }
                ?? "refused, by a file that does not verify: \(refused.finding ?? "")"
            facts.append(("", words + (refused.isOverridden ? ", overridden" : "")))
        }
        return facts
    }
}

extension RestoreRecord {
    fileprivate func facts(at now: Timestamp) -> [(String, String)] {
        let people = "by \(custodians.listed), to '\(destination)'"
        let overridden = overrides.map { ("", "override \($0.code.rawValue): '\($0.reason)'") }
        return [("used", "\(created.date), \(created.ago(at: now)): restored \(people)")] + overridden
    }
}

extension CountedDrill {
    fileprivate func facts(at now: Timestamp) -> [(String, String)] {
        let receipt = receipt.document
        let people = "by \(receipt.custodians.listed)\(receipt.purpose.map { ": '\($0)'" } ?? "")"
        let overridden = receipt.overrides.map { ("", "override \($0.code.rawValue): '\($0.reason)'") }
        return [("drill", "\(time.date), \(time.ago(at: now)): \(people)"), ("", grounds)] + overridden
    }
}
