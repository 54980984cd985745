// SPDX-License-Identifier: Apache-2.0

import Audit
import Escrow

// What goes into the bundle besides what people said: the escrow as it is, and an audit of it.
extension LiveCeremony {
    /// Copies the escrow and writes the audit's report, before the transcript names them and ends.
    ///
    /// - Returns: What the bundle holds now, by name and digest.
    func keepArtefacts() throws -> [TranscriptLine.File] {
        let escrow = try bundle.keepEscrow(at: escrowPath)
        let input = try Bundle.auditInput(
            // The CA of a rehearsal without a store is made by it: the plan cannot know its certificate.
            isThrowaway ? nil : .file(files.certificate, path: Bundle.certificateName),
            of: files,
            at: now()
        )
        let report = try Audit(of: bundle.escrow, with: input).report
        let page = try bundle.keepOnce("audit.html") {
            ReportPage(of: [report], unread: [], with: input, by: "ca-escrow \(version)").pieces.flatMap { $0 }
        }
        let document = try bundle.keepOnce("audit.json") {
            var bytes: [UInt8] = []
            AuditDocument([report], unread: [], exitStatus: report.verdict.exitStatus).write { bytes += $0 }
            return bytes
        }
        return escrow + [page, document]
    }
}
