// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import SystemPackage

// Whether new custodians have shown that they can unseal what is about to be sealed to them.
extension Backup {
    /// Names every custodian whose card is new, and beside whose card no enrolment lies that counts.
    ///
    /// A challenge counts when an officer of the new epoch has made it: docs/format.md, section 4.23.
    func tellMissingEnrolments(
        of plan: EscrowPlan,
        besides previous: EpochDocument? = nil,
        to attendance: any Attendance
    ) throws(EscrowError) {
        let known = Set(previous?.manifest.people.map(\.card) ?? [])
        let trust = EnrolmentTrust(officers: plan.approval.officers)
        var folders: [FilePath: EnrolmentFiles] = [:]
        for card in plan.cards where !known.contains(card.digest) {
            let path = plan.people.path(of: card.name)
            let parent = FilePath(path).removingLastComponent()
            let folder = parent.isEmpty ? FilePath(".") : parent
            let files = if let read = folders[folder] { read } else { try EnrolmentFiles(in: folder) }
            folders[folder] = files
            switch Enrolment.state(of: card, in: files, trusting: trust, now: now) {
            case .proven: break
            case .notAnswered: attendance.tell(.backup(.hasNotEnrolled(card.name, path: path, nil)))
            case .wrong(let faults):
                faults.forEach { attendance.tell(.backup(.hasNotEnrolled(card.name, path: path, $0))) }
            }
        }
    }
}
