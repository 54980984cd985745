// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Escrow
import Synchronization
import SystemPackage

/// Audits of many escrows on all processors, in the order of the operands; of each only the report is kept.
struct ParallelAudit {
    private(set) var reports: [AuditReport] = []
    /// What could not be audited, and why: of several, one does not silence the others.
    private(set) var unread: [(escrow: String, diagnostic: Diagnostic)] = []

    /// - Parameter operands: Escrows, and directories that hold escrows.
    /// - Throws: What is wrong with the only one.
    init(of operands: [String], with input: AuditInput) throws {
        let found = operands.flatMap { operand in
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
        for (escrow, result) in zip(found.map(\.0), Self.results(of: found, with: input)) {
            do throws(EscrowError) {
                reports.append(try result.get())
            } catch {
                guard let diagnostic = Diagnostic(error), found.count > 1 else {
                    throw error
                }
                unread.append((escrow, diagnostic))
            }
        }
        reports.checkForRecurrences()
    }

    private static func results(
        of found: [(escrow: String, error: EscrowError?)],
        with input: AuditInput
    ) -> [Result<AuditReport, EscrowError>] {
        @Sendable func result(_ index: Int) -> Result<AuditReport, EscrowError> {
            if let error = found[index].error {
                return .failure(error)
            }
            do throws(EscrowError) {
                return .success(try Audit(of: FilePath(found[index].escrow), with: input).report)
            } catch {
                return .failure(error)
            }
        }
        guard found.count > 1 else {
            return Output.whileShowing("auditing \(found[0].escrow)") { [result(0)] }
        }
        let progress = Progress("auditing", of: found.count)
        defer { progress.end() }
        let results = Mutex<[Result<AuditReport, EscrowError>?]>(Array(repeating: nil, count: found.count))
        DispatchQueue.concurrentPerform(iterations: found.count) { index in
            let result = result(index)
            results.withLock { $0[index] = result }
            progress.advance()
        }
        return results.withLock { $0.compactMap(\.self) }
    }
}
