// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow
import SystemPackage

// Whether new custodians have shown that they can unseal what is about to be sealed to them.
extension BackupCommand {
    /// Warns of every custodian whose card is new and beside whose card no enrolment lies that counts.
    ///
    /// A challenge counts when an officer of the new epoch has made it.
    func warnOfMissingEnrolments(_ plan: EscrowPlan, besides previous: EpochDocument? = nil) throws {
        let known = Set(previous?.manifest.people.map(\.card) ?? [])
        let now = try clock.time()
        let trust = EnrolmentTrust(officers: plan.approval.officers)
        var folders: [FilePath: EnrolmentFiles] = [:]
        for card in plan.cards where !known.contains(card.digest) {
            let path = plan.people.path(of: card.name)
            let parent = FilePath(path).removingLastComponent()
            let folder = parent.isEmpty ? FilePath(".") : parent
            let files = try folders[folder] ?? EnrolmentFiles(in: folder)
            folders[folder] = files
            let lack = "\(card.name) has not shown that they can unseal"
            switch Enrolment.state(of: card, in: files, trusting: trust, now: now) {
            case .proven: break
            case .notAnswered: Output.warning("\(path): no answer to an enrolment challenge: \(lack)")
            case .wrong(let faults):
                for fault in faults {
                    Output.warning("\(path): its enrolment does not count: \(fault): \(lack)")
                }
            }
        }
    }
}
