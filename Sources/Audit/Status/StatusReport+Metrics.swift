// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Encoding
package import Escrow
import Files
import SecretSharing
package import SystemPackage

// The report for Prometheus: gauges in its text format, for node_exporter's textfile collector.
extension StatusReport {
    /// What every file of these metrics begins with, and by which one that may be replaced is told.
    private static let firstBytes = Array("# HELP ca_escrow_".utf8)

    /// The file's text.
    package var metrics: String {
        var text = MetricText()
        addEscrows(to: &text)
        addPeople(to: &text)
        addChecks(to: &text)
        return text.text
    }

    private func addEscrows(to text: inout MetricText) {
        text.add("status", "0: nothing is due, 1: something is due, 2: quorum lost, a check failed or unreadable") {
            escrows.map { ([("escrow", "\($0.escrow)")], Int($0.verdict.exitStatus)) }
                + unread.map { ([("escrow", "\($0.escrow)")], 2) }
        }
        text.add("unreadable", "Whether the escrow, or a part of it, could not be read") {
            escrows.map { ([("escrow", "\($0.escrow)")], $0.unread.isEmpty ? 0 : 1) }
                + unread.map { ([("escrow", "\($0.escrow)")], 1) }
        }
        text.add("anchored", "Whether as many officers as it takes, of those whom --signers admits, vouch for it") {
            standings { $0.anchor?.isAnchored == true ? 1 : 0 }
        }
        text.add("rehearsal", "Whether the escrow is of a test key") {
            standings { $0.epoch.manifest.isRehearsal ? 1 : 0 }
        }
        text.add("retired", "Whether the escrow is retired and needs nothing") {
            standings { $0.isRetired ? 1 : 0 }
        }
        text.add("backup_due", "Whether a backup of the CA's key, or an approval of one, is due") {
            escrows.map { ([("escrow", "\($0.escrow)")], $0.isBackupDue ? 1 : 0) }
        }
        text.add("due", "Things that are due, by kind") {
            escrows.flatMap { status in
                Dictionary(grouping: status.dues, by: \.code).sorted { $0.key < $1.key }
                    .map { ([("escrow", "\(status.escrow)"), ("kind", $0.key)], $0.value.count) }
            }
        }
    }

    private func addPeople(to text: inout MetricText) {
        text.add("custodians", "Custodians of the epoch in force") { evident { $0.custodians.count } }
        text.add("custodians_acknowledged", "Custodians who have acknowledged their share and are not suspended") {
            evident(\.acknowledged)
        }
        text.add("custodians_proven", "Custodians, not suspended, with a receipt or a proof that is not too old") {
            evident { $0.custodians.count(where: \.isProven) }
        }
        text.add("custodians_suspended", "Custodians who are suspended") {
            evident(\.suspended.count)
        }
        text.add("gate_margin", "People whom a gate of the policy can lose, -1 when it is lost") {
            escrows.flatMap { status in
                (status.evident?.gates ?? []).map { gate in
                    let path = gate.path == .root ? "root" : "\(gate.path)"
                    return ([("escrow", "\(status.escrow)"), ("gate", path)], gate.margin)
                }
            }
        }
    }

    private func addChecks(to text: inout MetricText) {
        text.add("quorum_lost", "Whether those who are not suspended cannot restore") {
            evident { $0.isQuorumLost ? 1 : 0 }
        }
        text.add("check_failed", "Whether a check of the audit failed") {
            escrows.flatMap { status in
                AuditCheck.allCases.map { check in
                    let hasFailed =
                        check == .quorum
                        ? status.standing?.isQuorumLost ?? false : status.failures.contains { $0.check == check }
                    return ([("escrow", "\(status.escrow)"), ("check", check.rawValue)], hasFailed ? 1 : 0)
                }
            }
        }
        text.add("last_drill_timestamp_seconds", "When the epoch in force was drilled last, 0 when it never was") {
            evident { $0.drill?.time.secondsSinceEpoch ?? 0 }
        }
        text.add("next_stale_timestamp_seconds", "When the next document or certificate goes stale") {
            escrows.compactMap { status in
                status.evident?.next.map { ([("escrow", "\(status.escrow)")], $0.time.secondsSinceEpoch) }
            }
        }
        text.add("certificate_not_escrowed", "Whether no escrow is of this certificate") {
            input.certificates.map { watched in
                (
                    [("certificate", watched.source), ("subject", watched.certificate.subject)],
                    neverEscrowed.contains(watched) ? 1 : 0
                )
            }
        }
        text.add("last_run_timestamp_seconds", "When these figures were made") {
            [([], input.time.secondsSinceEpoch)]
        }
    }

    /// Writes the metrics, in one step, in the place of earlier ones.
    ///
    /// - Throws: ``EscrowError/file(_:)`` when anything but earlier metrics is there;
    ///   ``DirectoryFault/insideEscrow(path:escrow:)``
    package func writeMetrics(to path: FilePath) throws(EscrowError) {
        try EscrowDirectory.refuseInside(path, as: path.string)
        let bytes = Array(metrics.utf8)
        try orThrow { () throws(FileError) in
            guard try Files.kind(of: path) != nil else {
                return try Files.create(path, bytes, permissions: .publicFile)
            }
            guard try Files.read(path, limit: Self.byteLimit).starts(with: Self.firstBytes) else {
                throw .exists(path: path.string)
            }
            try Files.replace(path, with: bytes, permissions: .publicFile)
        }
    }

    /// More than the figures of thousands of escrows.
    private static let byteLimit = 64 << 20

    private func standings(_ value: (EscrowStanding) -> Int) -> [(labels: [(String, String)], value: Int)] {
        escrows.compactMap { status in status.standing.map { ([("escrow", "\(status.escrow)")], value($0)) } }
    }

    /// Figures of escrows all of which could be read: of the others nobody knows what people have added.
    private func evident(_ value: (EscrowStanding) -> Int) -> [(labels: [(String, String)], value: Int)] {
        escrows.compactMap { status in status.evident.map { ([("escrow", "\(status.escrow)")], value($0)) } }
    }
}

extension EscrowStatus {
    /// How it stands; nothing when not all of it could be read.
    fileprivate var evident: EscrowStanding? { unread.isEmpty ? standing : nil }
}

/// Gauges in the text format of Prometheus.
private struct MetricText {
    private(set) var text = ""

    /// Adds a gauge with its samples; one without samples is left out.
    mutating func add(
        _ name: String,
        _ help: String,
        _ samples: () -> [(labels: [(String, String)], value: Int)]
    ) {
        let samples = samples()
        guard !samples.isEmpty else {
            return
        }
        text += "# HELP ca_escrow_\(name) \(help).\n# TYPE ca_escrow_\(name) gauge\n"
        for (labels, value) in samples {
            let list = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
            text += "ca_escrow_\(name)\(list.isEmpty ? "" : "{\(list)}") \(value)\n"
        }
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "\n": "\\n"
            default: String(scalar)
            }
        }.joined()
    }
}
