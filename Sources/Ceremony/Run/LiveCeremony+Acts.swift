// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Files
import SecretMemory
import SystemPackage

// How a step does an act of the library, and what is written down of it.
extension LiveCeremony {
    /// An act, and the command that does the same by itself: words as a shell takes them.
    struct Doing {
        let command: [String]
        /// Who has put a medium in and pressed Enter; nobody, when that is still to be done.
        var medium: Name?
        /// Whose media come one after the other, while it is done.
        var comers: Comers?
        let act: (any Attendance) throws -> Void
    }

    /// Does something once: what an interrupted run has made already is the result, and nothing else is.
    ///
    /// - Parameters:
    ///   - what: In words, without an article.
    ///   - names: Those without whom it cannot be done.
    ///   - isMade: Whether it is in the escrow, and in no line yet.
    func once(
        _ what: String,
        by names: [Name] = [],
        isMade: () -> Bool,
        _ prepare: () throws -> Doing
    ) throws -> Outcome {
        if let fault = try absence(of: names) ?? changeOfManifest() {
            return Outcome(fault: fault)
        }
        guard !isMade() else {
            return Outcome(files: appeared(), remarks: [.found])
        }
        var outcome = try attempt(prepare)
        if outcome.fault == nil, !isMade() {
            // The act has done something, by others or for something else.
            outcome.fault = "no \(what) was made"
        }
        return outcome
    }

    /// Does something that leaves a file in the newest epoch, or finds it there.
    ///
    /// - Parameters:
    ///   - name: Who does it.
    ///   - isThere: Whether nothing is left to be done.
    func leaving(
        _ artefact: EscrowArtefact,
        by name: Name,
        unless isThere: () throws -> Bool = { false },
        _ prepare: () throws -> Doing
    ) throws -> Outcome {
        if let fault = try absence(of: [name]) ?? changeOfManifest() {
            return Outcome(fault: fault)
        }
        var outcome = try isThere() ? Outcome(files: appeared(), remarks: [.found]) : attempt(prepare)
        guard outcome.fault == nil else {
            return outcome
        }
        let folder = try epoch().path.lastComponent?.string ?? ""
        let there = EscrowListing.digests(in: escrowPath).filter { path, _ in
            path.hasPrefix(bytesOf: "\(folder)/") && artefact.isNamed(by: path)
        }
        guard !there.isEmpty else {
            outcome.fault = "no \(artefact.words) was made"
            return outcome
        }
        let found = there.filter { path, _ in !outcome.files.contains { $0.name.isEqual(bytesOf: path) } }
            .map { TranscriptLine.File(.input, $0.key, $0.value) }
        outcome.files += found.sorted { $0.name.precedes(bytesOf: $1.name) }
        return outcome
    }

    /// Why people who are needed cannot do it, or nothing.
    private func absence(of names: [Name]) -> String? {
        let missing = names.filter { !roll.isThere($0) }
        return missing.isEmpty ? nil : "absent: \(missing.listed)"
    }

    /// Does an act, once those in the room are ready for it.
    ///
    /// - Returns: The files that came to the escrow meanwhile, and why it could not be done.
    func attempt(_ prepare: () throws -> Doing) throws -> Outcome {
        try waitForRemoval()
        let doing = try prepare()
        let words = ["ca-escrow"] + doing.command.map(ShellWord.of)
        screen.show(command: words)
        if doing.medium == nil {
            try waitForEnter("This is done now")
        }
        let before = unrecorded()
        var outcome = Outcome(remarks: [.command(words)])
        do {
            try screen.attend { room in
                let attendance = WrittenAttendance(room, comers: doing.comers)
                defer { outcome.remarks += attendance.remarks }
                try doing.act(attendance)
            }
        } catch {
            guard !isStopped else {
                isStopped = false
                throw interruption
            }
            screen.report(error)
            outcome.fault = "\(error)"
        }
        outcome.files = appeared(besides: before)
        return outcome
    }

    /// Waits until the newest epoch has nothing that an interrupted run left: the bundle would take it in for good.
    private func waitForRemoval() throws {
        while let path = try? epoch().path, case let left = Record.orphanedSignatures(inEpoch: path), !left.isEmpty {
            left.forEach { screen.say("its document is missing: \($0)", first: "", rest: "    ") }
            try waitForEnter("Remove what an interrupted run left")
        }
    }

    /// What is otherwise than when the manifest was compared: every step after that is about the same one.
    func changeOfManifest() throws -> String? {
        guard let compared = script.compared(.manifest, in: transcript) else {
            return nil
        }
        let now = try epoch().digest
        return now == compared ? nil : "the newest manifest is \(now), where \(compared) was compared"
    }
}

/// Those in the room while an act is done: what they are told and asked is passed on, and who came is written down.
private final class WrittenAttendance: Attendance {
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
