// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Escrow
import Files
import Synchronization
import SystemPackage

/// Audits of many escrows on all processors, in the order of the operands.
///
/// Of each the report is kept; or, where the text is all that is wanted, the text, in a file: then an archive takes no more
/// memory than its commitments.
struct ParallelAudit {
    /// How one audit ended.
    private enum Ending {
        indirect case report(AuditReport)
        case text(Range<Int>, exitStatus: Int32, PublishedCommitments)
        case failure(EscrowError)
    }

    private let isQuiet: Bool
    /// Where the texts are; there is none when the reports are kept.
    private let spool: Spool?
    private var endings: [Ending]
    /// What could not be audited, and why: of several, one does not silence the others.
    private(set) var unread: [(escrow: String, diagnostic: Diagnostic)] = []

    /// - Parameters:
    ///   - operands: Escrows, and directories that hold escrows.
    ///   - keepsReports: Whether more is wanted than ``write()`` prints.
    ///   - isQuiet: Whether nothing is printed about sound escrows.
    /// - Throws: What is wrong with the only one.
    init(of operands: [String], with input: AuditInput, keepsReports: Bool, isQuiet: Bool) throws {
        self.isQuiet = isQuiet
        let found = Self.escrows(among: operands)
        // Where none can be made, the reports are kept.
        spool = keepsReports || found.count == 1 ? nil : try? Spool(in: UnpackedParcel.temporary)
        endings = []
        endings = auditAll(found, input)
        noteRecurrences(found, input)
        for (escrow, ending) in zip(found.map(\.escrow), endings) {
            guard case .failure(let error) = ending else {
                continue
            }
            guard let diagnostic = Diagnostic(error), found.count > 1 else {
                throw error
            }
            unread.append((escrow, diagnostic))
        }
    }

    /// The reports that were kept.
    var reports: [AuditReport] {
        endings.compactMap { if case .report(let report) = $0 { report } else { nil } }
    }

    /// The worst verdict's; nothing when no escrow could be audited.
    var exitStatus: Int32? {
        endings.compactMap { ending in
            switch ending {
            case .report(let report): report.verdict.exitStatus
            case .text(_, let exitStatus, _): exitStatus
            case .failure: nil
            }
        }.max()
    }

    /// Prints what the audits come to.
    func write() throws {
        for ending in endings {
            switch ending {
            case .report(let report): Output.bytes(Array(text(of: report).utf8))
            case .text(let place, _, _): Output.bytes(try spool?.read(place) ?? [])
            case .failure: break
            }
        }
    }

    /// The escrows that the operands name, and what is wrong with an operand that names none.
    private static func escrows(among operands: [String]) -> [(escrow: String, error: EscrowError?)] {
        operands.flatMap { operand in
            do throws(EscrowError) {
                let paths = try EscrowDirectory.search(FilePath(operand))
                guard !paths.isEmpty else {
                    throw .notAnEscrow(path: operand)
                }
                return paths.map { ($0.string, nil as EscrowError?) }
            } catch {
                return [(operand, error)]
            }
        }
    }

    private func auditAll(_ found: [(escrow: String, error: EscrowError?)], _ input: AuditInput) -> [Ending] {
        guard found.count > 1 else {
            return Output.whileShowing("auditing \(found[0].escrow)") { [ending(of: found[0], input)] }
        }
        let progress = Progress("auditing", of: found.count)
        defer { progress.end() }
        let endings = Mutex<[Ending?]>(Array(repeating: nil, count: found.count))
        DispatchQueue.concurrentPerform(iterations: found.count) { index in
            let ending = ending(of: found[index], input)
            endings.withLock { $0[index] = ending }
            progress.advance()
        }
        return endings.withLock { $0.compactMap(\.self) }
    }

    /// - Parameter recurrences: What shows only beside the other escrows.
    private func ending(
        of found: (escrow: String, error: EscrowError?),
        _ input: AuditInput,
        recurrences: [String] = []
    ) -> Ending {
        do throws(EscrowError) {
            if let error = found.error {
                throw error
            }
            var report = try Audit(of: FilePath(found.escrow), with: input).report
            recurrences.forEach { report.note(.commitments, $0) }
            guard let spool else {
                return .report(report)
            }
            let place: Range<Int>
            do throws(FileError) {
                place = try spool.append(Array(text(of: report).utf8))
            } catch {
                throw .file(error)
            }
            return .text(place, exitStatus: report.verdict.exitStatus, report.published)
        } catch {
            return .failure(error)
        }
    }

    /// Notes commitments that stand under two sets: the few audits that they concern are made again.
    private mutating func noteRecurrences(_ found: [(escrow: String, error: EscrowError?)], _ input: AuditInput) {
        let published = endings.map { ending in
            switch ending {
            case .report(let report): report.published
            case .text(_, _, let published): published
            case .failure: PublishedCommitments()
            }
        }
        let recurrences = Dictionary(grouping: published.recurrences(in: found.map(\.escrow)), by: \.index)
        for (index, findings) in recurrences {
            endings[index] = ending(of: found[index], input, recurrences: findings.map(\.finding))
        }
    }

    /// What is printed of a report.
    private func text(of report: AuditReport) -> String {
        isQuiet && report.verdict.exitStatus == 0 ? "" : report.lines.map(Output.lines).joined()
    }
}
