// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SystemPackage

/// An officer ends a fork: says which branch of approved epochs does not count.
///
/// docs/format.md, section 5.2. The record lies in the newest epoch of the branch that stays, and counts once as many of
/// its officers have signed it as its manifest demands.
package struct VoidBranch {
    private let escrow: FilePath
    private let selected: EpochSelector?
    private let officer: IdentityOnDisk
    private let reason: String?
    private let now: Timestamp

    /// - Parameters:
    ///   - selected: An epoch of the branch that does not count.
    ///   - reason: Why, when it was said beforehand.
    package init(
        _ selected: EpochSelector?,
        of escrow: FilePath,
        because reason: String?,
        by officer: IdentityOnDisk,
        now: Timestamp
    ) {
        (self.selected, self.escrow, self.reason) = (selected, escrow, reason)
        (self.officer, self.now) = (officer, now)
    }

    /// What was filed.
    package struct Done: Sendable {
        package let record: FilePath
        /// The first epoch of the branch that does not count.
        package let branch: FilePath
        package let approval: Approval
    }

    package func run(attended attendance: any Attendance) throws(EscrowError) -> Done {
        let directory = try EscrowDirectory(at: escrow)
        let chain = try ActingOfficer(officer).chain(of: directory)
        let forks = chain.exclusions.filter { if case .fork = $0 { true } else { false } }
        guard let branches = forks.last?.branches else {
            throw .directory(.nothingToVoid(path: escrow.string))
        }
        guard let selected else {
            throw .directory(.whichBranch(path: escrow.string))
        }
        let meant = try chain.approval(selected)
        guard
            let branch = chain.line(to: meant).first(where: { approval in branches.contains { $0.isSame(as: approval) }
            })
        else {
            throw .directory(.notOfTheFork(path: escrow.string, selected))
        }
        let kept = try kept(branches.filter { !$0.isSame(as: branch) }, in: chain)
        let document = kept.document
        try ClockRule.check(document, at: now)
        attendance.tell(.fork(stays: kept, doesNotCount: meant))
        let reason = try attendance.reason(reason, for: .reasonToVoid)
        try attendance.confirm(.void(branch.document.digest))
        let record = VoidRecord(
            heading: Heading(in: document, at: ClockRule.date(about: document.manifest, at: now)),
            branch: branch.document.digest,
            officer: officer.name,
            reason: reason
        )
        let signed = try officer.use(attended: attendance) { SignedDocument(record, in: document, by: $0) }
        return Done(record: try signed.file(), branch: branch.document.path, approval: document.manifest.approval)
    }

    /// The newest epoch of the branch that stays, of which the officer is one.
    private func kept(_ branches: [EpochApproval], in chain: EpochChain) throws(EscrowError) -> EpochApproval {
        let tips = branches.compactMap { chain.tip(of: $0) }
            .filter { $0.document.manifest.approval.officers.contains(officer.signer) }
        guard let tip = tips.first else {
            throw .person(.notAnOfficer(path: officer.path, officer.name))
        }
        guard tips.count == 1 else {
            throw .directory(.severalBranchesStay(path: escrow.string, tips.map(\.document.digest)))
        }
        return tip
    }
}
