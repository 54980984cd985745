// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Encoding
import Escrow
import SystemPackage

// The report for people: lines without a newline at their ends.
extension StatusReport {
    /// All of it: what is due, and of many escrows a table below it, with how many are well.
    ///
    /// - Parameter isQuiet: Whether nothing is said of what is well, and no table is wanted.
    package func lines(isQuiet: Bool) -> [String] {
        let hasTable = !isQuiet && (escrows.count + unread.count > 1 || input.certificates.count > 1)
        var lines = neverEscrowed.map(line)
        for escrow in escrows where escrow.verdict.exitStatus != 0 || !isQuiet && !hasTable {
            lines += self.lines(of: escrow)
        }
        return hasTable ? lines + (lines.isEmpty ? [] : [""]) + table : lines
    }

    private var table: [String] {
        var table = TextTable(["verdict", "epoch", "backup", "receipts", "proven", "drilled", "margin", "escrow"])
        for escrow in escrows {
            let mark = escrow.standing?.epoch.manifest.isRehearsal == true ? " (\(Rehearsal.mark))" : ""
            table.add([escrow.verdict.rawValue] + cells(of: escrow) + ["\(escrow.escrow)\(mark)"])
        }
        let none = Array(repeating: "-", count: 6)
        for unread in unread {
            table.add([AuditTable.notRead] + none + ["\(unread.escrow)"])
        }
        let verdicts = escrows.map(\.verdict.rawValue) + unread.map { _ in AuditTable.notRead }
        let totals = verdicts.counted(in: EscrowStatus.Verdict.allCases.map(\.rawValue) + [AuditTable.notRead])
        let count = input.certificates.count
        let missing = neverEscrowed.count
        let inventory = "\(count) certificates: \(missing == 0 ? "each has an escrow" : "\(missing) without an escrow")"
        let escrows = "\(verdicts.count) \(verdicts.count == 1 ? "escrow" : "escrows"): \(totals)"
        return table.lines + ["", count > 1 ? "\(escrows); \(inventory)" : escrows]
    }

    private func cells(of status: EscrowStatus) -> [String] {
        guard let standing = status.standing else {
            return Array(repeating: "-", count: 6)
        }
        let backup = status.isBackupDue ? "due" : standing.isCompared ? "current" : "-"
        let epoch = "\(standing.epoch.manifest.epoch)"
        guard status.unread.isEmpty, !standing.isRetired else {
            return [epoch, backup, "-", "-", "-", "-"]
        }
        let count = standing.custodians.count
        return [
            epoch, backup, "\(standing.acknowledged) of \(count)",
            "\(standing.custodians.count(where: \.isProven)) of \(count)", standing.drill?.time.date ?? "never",
            "\(standing.margin)",
        ]
    }

    /// One line for an escrow, and one below it for everything that has failed or is due.
    package func lines(of status: EscrowStatus) -> [String] {
        var lines = ["\(status.escrow): \(status.verdict.rawValue)\(facts(of: status))"]
        if status.verdict == .quorumLost, let standing = status.standing {
            let gone = standing.suspended.map(\.name)
            lines.append(Self.line("quorum", "\(gone.listed): suspended; the others cannot restore"))
        }
        for failure in status.failures {
            lines += failure.findings.map { Self.line("check", "FAIL \(failure.check.rawValue): \($0)") }
        }
        lines += status.unread.map { Self.line("unread", $0) }
        lines += status.dues.map { Self.line($0.topic, $0.description) }
        if let anchor = input.anchor {
            let strangers = status.standing?.strangers ?? []
            lines += strangers.map { Self.line("anchor", EscrowError.stranger($0, signers: anchor.path)) }
        }
        if let count = status.standing?.challengesNotCounted, count > 0,
            status.dues.contains(where: { if case .notProven = $0 { true } else { false } })
        {
            let text = "challenges that do not count, since nobody admits their signers: \(count)"
            lines.append(Self.line("proofs", text))
        }
        return lines
    }

    /// One line for a certificate that no escrow here is of.
    package func line(of watched: WatchedCertificate) -> String {
        let certificate = watched.certificate
        return "\(watched.source): DUE: never escrowed: '\(certificate.subject)', "
            + "SHA-256 \(SHA256Digest(of: certificate.der).grouped)"
    }

    private func facts(of status: EscrowStatus) -> String {
        guard let standing = status.standing else {
            return ""
        }
        let manifest = standing.epoch.manifest
        let number = "\(manifest.epoch)" + (manifest.isRehearsal ? "; REHEARSAL" : "")
        guard !standing.isRetired else {
            return ": epoch \(number)" + (status.verdict == .retired ? "" : "; retired")
        }
        guard status.unread.isEmpty else {
            return ": epoch \(number); not all of it can be read"
        }
        let count = standing.custodians.count
        let kinds = [CustodianEvidence.Kind.proof, .receipt].map { (kind: $0, count: standing.proven(by: $0)) }
        let shown = kinds.map(\.count).reduce(0, +)
        let list = kinds.filter { $0.count > 0 }.map { "\($0.count) by \($0.kind.rawValue)" }
        var facts = [
            "epoch \(number)",
            status.isBackupDue ? "backup due" : standing.isCompared ? "backup current" : "no certificate to compare",
            "\(standing.acknowledged) of \(count) acknowledged",
            "\(shown) of \(count) proven within \(Self.words(seconds: input.maximumAgeSeconds))"
                + (list.isEmpty ? "" : " (\(list.joined(separator: ", ")))"),
            standing.drill.map { "drilled \($0.time.ago(at: input.time))" } ?? "never drilled",
            "margin \(standing.margin)",
        ]
        if !standing.suspended.isEmpty {
            let list = standing.suspended.map { "\($0.name): \($0.suspended?.rawValue ?? "")" }.joined(separator: ", ")
            facts.insert("\(standing.suspended.count) suspended (\(list))", at: facts.count - 1)
        }
        if let next = standing.next {
            facts.append("next stale: \(next.subject), \(next.time)")
        }
        return ": " + facts.joined(separator: "; ")
    }

    private static func line(_ topic: String, _ text: String) -> String {
        "  \(topic)\(String(repeating: " ", count: max(1, 12 - topic.utf8.count)))\(text)"
    }

    private static func words(seconds: Int) -> String {
        let (count, unit) = seconds.isMultiple(of: 86_400) ? (seconds / 86_400, "day") : (seconds / 3600, "hour")
        return "\(count) \(unit)\(count == 1 ? "" : "s")"
    }
}

extension Due {
    /// What it is about, as lines begin.
    fileprivate var topic: String {
        switch self {
        case .sameKeyRenewal, .newKeyRenewal, .certificateNotApproved, .generationsMissing, .used: "backup"
        case .epochNotApproved: "approval"
        case .notAnchored: "anchor"
        case .certificateExpired, .ofNoCertificateGiven: "certificate"
        case .drill: "drill"
        case .notAcknowledged: "receipts"
        case .suspended: "suspension"
        case .notProven: "proofs"
        case .marginTooSmall: "margin"
        case .cardExpired: "cards"
        }
    }
}
