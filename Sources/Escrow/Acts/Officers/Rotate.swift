// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding
package import SystemPackage

/// An officer makes an epoch with other officers, of the same secret: the same shares, in the same boxes.
///
/// docs/format.md, section 5.2. It counts when the old officers and the new ones have signed it, each to their threshold.
package struct Rotate {
    private let escrow: FilePath
    private let approval: PolicyText
    private let people: PeopleGiven
    private let officer: IdentityOnDisk
    private let anchor: Anchor?
    private let now: Timestamp

    /// - Parameters:
    ///   - approval: Who approves from now on.
    ///   - people: Cards and keys of new officers.
    ///   - anchor: Whom one knows, from outside the escrow; the officer's own signature when not given.
    package init(
        of escrow: FilePath,
        to approval: PolicyText,
        _ people: PeopleGiven,
        by officer: IdentityOnDisk,
        anchor: Anchor?,
        now: Timestamp
    ) {
        (self.escrow, self.approval, self.people) = (escrow, approval, people)
        (self.officer, self.anchor, self.now) = (officer, anchor, now)
    }

    /// A new epoch that waits for officers.
    package struct Made: Sendable {
        package let manifest: Manifest
        package let digest: SHA256Digest
        package let path: FilePath
        /// Officers, new and old, who have not signed it, and how many of them must.
        package let shortfalls: [Shortfall]
    }

    package func run(attended attendance: any Attendance) throws(EscrowError) -> Made {
        try locked(escrow) { () throws(EscrowError) in try rotate(attended: attendance) }
    }

    private func rotate(attended attendance: any Attendance) throws(EscrowError) -> Made {
        let directory = try EscrowDirectory(at: escrow)
        var acting = try ActingOfficer(officer)
        let chain = acting.chain(of: directory)
        let newest = try acting.inForce(of: chain, in: directory)
        let epoch = newest.document
        let before = epoch.manifest.approval
        try chain.refuseSecond(after: epoch, by: officer.name, officer.file.signingKey)
        guard !epoch.manifest.isRetired else {
            throw .trust(.retired(path: escrow.string))
        }
        try officer.checkMaySign(before)
        try newest.requireVouched(by: officer, anchor, at: escrow, now: now, for: .newEpoch, attended: attendance)
        var people = people
        people.fill(from: try PeopleGiven(of: epoch))
        let after = try people.approval(approval)
        guard after != before else {
            throw .person(.sameOfficers)
        }
        attendance.tell(.changesOfficers(escrow: escrow, from: before, to: after))
        try attendance.confirm(.makeEpoch)
        let successor = try SuccessorEpoch(after: epoch, approval: after, now: now)
        try successor.manifest.checkBeforePublication(after: chain.line(to: newest), at: now)
        let path = try officer.use(attended: attendance) { identity throws(EscrowError) in
            try successor.publish(in: escrow) { bytes, format in
                let isNew = after.officer(named: officer.name)?.key == officer.file.signingKey
                let isTheirs = format == .manifest || isNew
                return isTheirs ? (officer.name, identity.sign(bytes, namespace: format.namespace)) : nil
            }
        }
        let changed = try EscrowDirectory(at: escrow)
        try acting.remember(in: changed)
        return Made(
            manifest: successor.manifest,
            digest: successor.digest,
            path: path,
            shortfalls: changed.chain().approval(of: successor.digest)?.shortfalls ?? []
        )
    }
}
