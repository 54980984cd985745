// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import SecretMemory
import SystemPackage

/// Those in the room while an act is done: what they are told and asked is passed on, and who came is written down.
final class WrittenAttendance: Attendance {
    private let room: any Attendance
    private let comers: LiveCeremony.Comers?
    /// Whose shares were taken and whose were not, in order.
    private(set) var remarks: [Remark] = []

    /// - Parameter comers: Who puts a medium in next; without it those in the room are asked.
    init(_ room: any Attendance, comers: LiveCeremony.Comers? = nil) {
        (self.room, self.comers) = (room, comers)
    }

    var isAnybodyThere: Bool { room.isAnybodyThere }

    var isAgreedBeforehand: Bool { room.isAgreedBeforehand }

    func identity(_ count: Int, moreOf candidates: [Name]) throws(Absence) -> FilePath? {
        guard let comers else {
            return try room.identity(count, moreOf: candidates)
        }
        return try comers(count, candidates)
    }

    func passphrase(_ wanted: WantedPassphrase) throws(Absence) -> SecretBytes? { try room.passphrase(wanted) }

    func text(_ wanted: WantedText) throws(Absence) -> String? { try room.text(wanted) }

    func agrees(to decision: Decision) throws(Absence) -> Bool { try room.agrees(to: decision) }

    func tell(_ notice: Notice) {
        switch notice.fact {
        case .done(.accepted(let name, _)): remarks.append(.accepted(name))
        case .done(.rejected(let rejection)): remarks.append(.rejected("\(rejection.name): \(rejection.error)"))
        default: break
        }
        room.tell(notice)
    }
}
