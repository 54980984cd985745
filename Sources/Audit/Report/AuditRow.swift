// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow

/// One escrow among many: what a table says of it.
struct AuditRow: Sendable {
    let verdict: AuditVerdict
    let isRehearsal: Bool
    let epoch: Int?
    /// Custodians with a receipt, and all of them; nothing when that cannot be known.
    let receipts: (count: Int, all: Int)?
    let drilled: Timestamp?
    /// Which of the certificates given it is the escrow of.
    let authorities: Set<Int>

    init(_ report: AuditReport) {
        verdict = report.verdict
        isRehearsal = report.epoch?.isRehearsal == true
        epoch = report.epoch?.number
        receipts = report.evidence.map { ($0.custodians.count - $0.withoutReceipt.count, $0.custodians.count) }
        drilled = report.evidence?.drills.last?.time
        authorities = report.authorities
    }

    fileprivate func cells(_ escrow: String) -> [String] {
        [
            verdict.rawValue, epoch.map(String.init) ?? "-", receipts.map { "\($0.count) of \($0.all)" } ?? "-",
            drilled?.date ?? (receipts == nil ? "-" : "never"), escrow + (isRehearsal ? " (\(Rehearsal.mark))" : ""),
        ]
    }
}

extension CertificateInventory {
    /// Certificates of which none of some escrows is, each a finding; a rehearsal is the escrow of none.
    func missing(in rows: [AuditRow]) -> [GivenCertificate] {
        let escrowed = Set(rows.filter { !$0.isRehearsal }.flatMap(\.authorities))
        // With one certificate and one escrow, the escrow's own check says it.
        return all.count == 1 ? [] : all.indices.filter { !escrowed.contains($0) }.map { all[$0].given }
    }
}

/// The end of a report about many escrows: a line for each, and how many are sound.
struct AuditTable {
    /// With the name of each; nothing for one that could not be read.
    let rows: [(escrow: String, row: AuditRow?)]
    let missing: [GivenCertificate]
    let certificateCount: Int

    /// Lines without a newline at their ends.
    var lines: [String] {
        var table = TextTable(["verdict", "epoch", "receipts", "drilled", "escrow"])
        for (escrow, row) in rows {
            table.add(row?.cells(escrow) ?? [Self.notRead, "-", "-", "-", escrow])
        }
        let verdicts = rows.map { $0.row?.verdict.rawValue ?? Self.notRead }
        var totals = "\(rows.count) \(rows.count == 1 ? "escrow" : "escrows"): \(verdicts.counted(in: Self.order))"
        if certificateCount > 1 {
            totals += "; \(certificateCount) certificates: "
            totals += missing.isEmpty ? "each has an escrow" : "\(missing.count) without an escrow"
        }
        return table.lines + missing.map { "  FAIL  \($0.words): no escrow here" } + ["", totals]
    }

    static let notRead = "NOT READ"
    private static let order =
        [AuditVerdict.failed, .notAnchored, .incomplete, .notFullyChecked, .soundWithoutPKCS12, .sound].map(\.rawValue)
        + [notRead]
}
