// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SystemPackage

/// An officer ends the suspensions of a custodian that count; it counts when the others have signed it, too.
///
/// docs/format.md, section 4.28.
package struct Reinstate {
    private let escrow: FilePath
    private let custodian: Name
    private let officer: IdentityOnDisk
    private let reason: String?
    private let now: Timestamp

    /// - Parameter reason: Why, when it was said beforehand.
    package init(
        _ custodian: Name,
        of escrow: FilePath,
        because reason: String?,
        by officer: IdentityOnDisk,
        now: Timestamp
    ) {
        (self.custodian, self.escrow, self.reason) = (custodian, escrow, reason)
        (self.officer, self.now) = (officer, now)
    }

    /// What was filed.
    package struct Done: Sendable {
        package let record: FilePath
        package let ended: Int
        package let approval: Approval
    }

    package func run(attended attendance: any Attendance) throws(EscrowError) -> Done {
        let directory = try EscrowDirectory(at: escrow)
        let acting = try ActingOfficer(officer)
        let chain = acting.chain(of: directory)
        let approval = try acting.inForce(of: chain, in: directory)
        let epoch = approval.document
        try officer.checkMaySign(epoch.manifest.approval)
        try ClockRule.check(epoch, at: now)
        let suspensions = try Suspensions(in: chain.line(to: approval), at: now)
        let ending = suspensions.standing.filter { $0.person.name == custodian }.map(\.filed)
        guard !ending.isEmpty else {
            throw .person(.notSuspended(path: escrow.string, custodian))
        }
        attendance.tell(.endsSuspensions(ending.map(\.document)))
        let reason = try attendance.reason(reason, for: .reasonToReinstate(custodian))
        try attendance.confirm(.reinstate(custodian))
        let record = Reinstatement(
            of: custodian,
            ending: ending.map(\.digest),
            in: epoch,
            by: officer.name,
            because: reason,
            at: ClockRule.date(about: epoch.manifest, at: now)
        )
        let signed = try officer.use(attended: attendance) { SignedDocument(record, in: epoch, by: $0) }
        return Done(record: try signed.file(), ended: ending.count, approval: epoch.manifest.approval)
    }
}
