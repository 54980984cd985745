// SPDX-License-Identifier: Apache-2.0

import Dispatch
package import Escrow
package import Files
import Synchronization
import SystemPackage

/// Audits of many escrows on all processors, in the order of the operands.
///
/// Of each the report is kept; or, where the text is all that is wanted, the text, in a file: then an archive takes no more
/// memory than its commitments.
package struct ParallelAudit {
    /// What somebody named: an escrow, or why it is none.
    package struct Subject: Sendable {
        package let escrow: String
        let error: EscrowError?
    }

    /// How one audit ended.
    private enum Ending: Sendable {
        indirect case report(AuditReport)
        case text(Range<Int>, AuditRow, PublishedCommitments)
        case failure(EscrowError)
    }

    private let text: @Sendable (AuditReport) -> String
    /// Where the texts are; there is none when the reports are kept.
    private let spool: Spool?
    private var endings: [Ending]
    private let subjects: [Subject]
    private let certificates: CertificateInventory
    /// What could not be audited, and why: of several, one does not silence the others.
    package let unread: [(escrow: String, error: EscrowError)]

    /// The escrows that the operands name, and what is wrong with an operand that names none.
    package static func subjects(of operands: [String]) -> [Subject] {
        operands.flatMap { operand in
            do throws(EscrowError) {
                let paths = try EscrowDirectory.search(FilePath(operand))
                guard !paths.isEmpty else {
                    throw .directory(.notAnEscrow(path: operand))
                }
                return paths.map { Subject(escrow: $0.string, error: nil) }
            } catch {
                return [Subject(escrow: operand, error: error)]
            }
        }
    }

    /// - Parameters:
    ///   - keepsReports: Whether more is wanted than ``write(_:)`` prints.
    ///   - text: What is printed of a report.
    ///   - advance: Told after each audit, from whichever thread.
    package init(
        of subjects: [Subject],
        with input: AuditInput,
        keepsReports: Bool,
        text: @escaping @Sendable (AuditReport) -> String,
        advance: @Sendable () -> Void
    ) {
        self.text = text
        // Where none can be made, the reports are kept.
        let spool = keepsReports || subjects.count == 1 ? nil : try? Spool(in: UnpackedParcel.temporary)
        self.spool = spool
        let found = Mutex<[Ending?]>(Array(repeating: nil, count: subjects.count))
        DispatchQueue.concurrentPerform(iterations: subjects.count) { index in
            let ending = Self.ending(of: subjects[index], input, spool, text)
            found.withLock { $0[index] = ending }
            advance()
        }
        var endings = found.withLock { $0.compactMap(\.self) }
        for (index, findings) in Self.recurrences(in: endings, subjects) {
            endings[index] = Self.ending(of: subjects[index], input, spool, text, recurrences: findings)
        }
        self.endings = endings
        self.subjects = subjects
        certificates = input.certificates
        unread = zip(subjects, endings).compactMap { subject, ending in
            if case .failure(let error) = ending { (subject.escrow, error) } else { nil }
        }
    }

    /// The reports that were kept.
    package var reports: [AuditReport] {
        endings.compactMap { if case .report(let report) = $0 { report } else { nil } }
    }

    /// The worst verdict's, of which a certificate without an escrow is one; nothing when no escrow could be audited.
    package var exitStatus: Int32? {
        let worst = rows.compactMap(\.row?.verdict.exitStatus).max()
        return missing.isEmpty ? worst : 2
    }

    /// Certificates given of which no escrow is.
    package var missing: [GivenCertificate] { certificates.missing(in: rows.compactMap(\.row)) }

    /// Whether there is a table: of several escrows, or of one among the escrows of several CAs.
    package var isOfMany: Bool { subjects.count > 1 || certificates.all.count > 1 }

    /// A line for each escrow, and how many are sound; lines without a newline at their ends.
    package var table: [String] {
        AuditTable(rows: rows, missing: missing, certificateCount: certificates.all.count).lines
    }

    private var rows: [(escrow: String, row: AuditRow?)] {
        zip(subjects, endings).map { subject, ending in
            switch ending {
            case .report(let report): (subject.escrow, AuditRow(report))
            case .text(_, let row, _): (subject.escrow, row)
            case .failure: (subject.escrow, nil)
            }
        }
    }

    /// Hands out what the audits come to, one after the other.
    ///
    /// - Throws: ``FileError/system(path:_:)``
    package func write(_ write: ([UInt8]) -> Void) throws(FileError) {
        for ending in endings {
            switch ending {
            case .report(let report): write(Array(text(report).utf8))
            case .text(let place, _, _): write(try spool?.read(place) ?? [])
            case .failure: break
            }
        }
    }

    /// - Parameter recurrences: What shows only beside the other escrows.
    private static func ending(
        of subject: Subject,
        _ input: AuditInput,
        _ spool: Spool?,
        _ text: (AuditReport) -> String,
        recurrences: [String] = []
    ) -> Ending {
        do throws(EscrowError) {
            if let error = subject.error {
                throw error
            }
            var report = try Audit(of: FilePath(subject.escrow), with: input).report
            recurrences.forEach { report.note(.commitments, $0) }
            guard let spool else {
                return .report(report)
            }
            let bytes = Array(text(report).utf8)
            let place = try orThrow(spool.append(bytes))
            return .text(place, AuditRow(report), report.published)
        } catch {
            return .failure(error)
        }
    }

    /// Commitments that stand under two sets, by the escrow: the few audits that they concern are made again.
    private static func recurrences(in endings: [Ending], _ subjects: [Subject]) -> [(index: Int, findings: [String])] {
        let published = endings.map { ending in
            switch ending {
            case .report(let report): report.published
            case .text(_, _, let published): published
            case .failure: PublishedCommitments()
            }
        }
        return Dictionary(grouping: published.recurrences(in: subjects.map(\.escrow)), by: \.index)
            .map { ($0.key, $0.value.map(\.finding)) }
    }
}
