// SPDX-License-Identifier: Apache-2.0

package import Escrow
import Files
package import SystemPackage

extension StatusReport {
    /// Looks at all escrows in places; what cannot be read is told, and the rest is looked at all the same.
    ///
    /// - Parameter places: Escrows, and directories with escrows in them.
    /// - Returns: With the report, why it is not about everything that was named.
    package static func survey(
        _ places: [FilePath],
        against input: StatusInput,
        attended attendance: any Attendance
    ) -> (report: StatusReport, failures: [EscrowFailure]) {
        let attempts = Attempts(attended: attendance)
        var (audits, unread, found): ([Audit], [Unread], [FilePath]) = ([], [], [])
        func attempt(_ path: FilePath, _ body: () throws(EscrowError) -> Void) {
            do throws(EscrowError) {
                try body()
            } catch {
                attempts.note(error)
                unread.append(Unread(escrow: path, error: error))
            }
        }
        for place in places {
            attempt(place) { () throws(EscrowError) in
                let escrows = try EscrowDirectory.search(place)
                guard !escrows.isEmpty || !input.certificates.isEmpty else {
                    throw .directory(.noEscrowInside(path: place.string))
                }
                found += escrows
            }
        }
        var seen: Set<FilePath> = []
        for path in found where seen.insert((try? Files.resolved(path)) ?? path).inserted {
            attempt(path) { () throws(EscrowError) in
                let audit = try attendance.during(.lookingAt(path)) { () throws(EscrowError) in
                    try Audit(of: path, with: input.auditInput)
                }
                audits.append(audit)
            }
        }
        audits.checkForRecurrences()
        return (StatusReport(of: audits, unread: unread, against: input), attempts.failures)
    }
}
