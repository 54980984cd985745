// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority

// Nothing stays behind without a yes.
extension Backup {
    /// Names every generation of the CA that would not be escrowed, and asks whether to go on without it.
    ///
    /// - Parameter answered: What is missing in the epoch before, as somebody knew when it was made: named, and not asked
    ///   about again.
    /// - Throws: ``BackupFault/leavesOut(store:_:)`` when there is nobody to ask, ``EscrowError/notConfirmed``
    func confirmLeavingOut(
        of material: CAMaterial,
        answered: GenerationGap? = nil,
        attended attendance: any Attendance
    ) throws(EscrowError) {
        guard let left = LeftOutGenerations(of: material) else {
            return
        }
        let isKnown = left.keyless.isEmpty && left.gap == answered
        guard isKnown || attendance.isAgreedBeforehand || attendance.isAnybodyThere else {
            throw .backup(.leavesOut(store: sourceName, left))
        }
        attendance.tell(.backup(.leavesOut(left, of: sourceName, isKnown: isKnown)))
        if !isKnown {
            try attendance.confirm(.leaveOut(isPlural: left.isPlural))
        }
    }
}
