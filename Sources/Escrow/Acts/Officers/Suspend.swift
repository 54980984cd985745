// SPDX-License-Identifier: Apache-2.0

package import Encoding
import SecretSharing
package import SystemPackage

/// An officer counts a custodian as gone: their keys, or the person.
///
/// docs/format.md, section 4.20.
package struct Suspend {
    private let escrow: FilePath
    private let custodian: Name
    private let cause: Suspension.Cause
    private let officer: IdentityOnDisk
    private let now: Timestamp

    package init(
        _ custodian: Name,
        of escrow: FilePath,
        because cause: Suspension.Cause,
        by officer: IdentityOnDisk,
        now: Timestamp
    ) {
        (self.custodian, self.escrow, self.cause) = (custodian, escrow, cause)
        (self.officer, self.now) = (officer, now)
    }

    /// What was filed, and what is left.
    package struct Done: Sendable {
        package let record: FilePath
        /// Whether it was there before.
        package let isThere: Bool
        /// What the escrow's epoch in force knows afterwards.
        package let evidence: Evidence

        /// Whose signatures it needs before it counts, as officers took the custodian back before: nothing where it does.
        package let shortfall: Shortfall?

        /// Whether those who are left can still restore.
        package var isRestorable: Bool {
            evidence.epoch.manifest.policy.isSatisfied(by: evidence.available)
        }
    }

    package func run(attended attendance: any Attendance) throws(EscrowError) -> Done {
        let directory = try EscrowDirectory(at: escrow)
        let acting = try ActingOfficer(officer)
        let approval = try acting.inForce(in: directory)
        let epoch = approval.document
        guard let person = epoch.manifest.person(named: custodian) else {
            throw .person(.notACustodian(path: escrow.string, custodian))
        }
        try officer.checkMaySign(epoch.manifest.approval)
        try ClockRule.check(epoch, at: now)
        let line = acting.chain(of: directory).line(to: approval)
        let earlier = try Suspensions(in: line, at: now)
        let standing = earlier.of(person).map(\.filed) + earlier.waiting.filter { $0.document.officer == officer.name }
        let again = standing.first { $0.document.custodian == custodian && $0.document.because == cause }
        let record = if let again { again.path } else { try file(in: epoch, attended: attendance) }
        let waiting = try Suspensions(in: line, at: now).waiting.first { $0.path == record }
        return Done(
            record: record,
            isThere: again != nil,
            evidence: try Evidence(of: epoch, in: directory, at: now),
            shortfall: waiting.flatMap { Shortfall(of: $0.signatures.signed, for: epoch.manifest.approval) }
        )
    }

    private func file(in epoch: EpochDocument, attended attendance: any Attendance) throws(EscrowError) -> FilePath {
        let date = ClockRule.date(about: epoch.manifest, at: now)
        let suspension = Suspension(of: custodian, because: cause, by: officer.name, in: epoch, at: date)
        return try officer.use(attended: attendance) { SignedDocument(suspension, in: epoch, by: $0) }.file()
    }
}
