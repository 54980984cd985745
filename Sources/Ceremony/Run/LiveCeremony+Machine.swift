// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Files

// The self-check at the opening, and after every interruption: what is red needs an exception.
extension LiveCeremony {
    func checkMachine() throws {
        let program = SelfCheck.programDigest()
        let versions = [("version", version)] + SelfCheck.libraries
        screen.say(
            "ca-escrow \(version), " + SelfCheck.libraries.map(Self.words).joined(separator: ", ")
        )
        let items = MachineItem.all(SelfCheck.run(), program, for: plan)
        for item in items {
            screen.say("\(item.isPassed ? "PASS" : "RED ")  \(item.expected)")
        }
        if !held.lines.contains(where: { $0.act == .checked && !$0.files.isEmpty }) {
            let used = program.map { [TranscriptLine.File(.input, ProgramUse.fileName, $0)] } ?? []
            try record(.checked, files: used, remarks: versions.map { .version(of: $0.0, $0.1) })
        }
        for item in items where !item.isPassed {
            var isFirst = true
            try ensure(item.expected) { [self] in
                let now = isFirst ? item : self.item(item.expected)
                isFirst = false
                return Outcome(fault: now.isPassed ? nil : now.found)
            }
        }
        if let program {
            screen.show(program, of: "this program")
        }
        let disks = MachineFacts.disks
        screen.say("lsblk: \(disks)")
        try enter(StepRow.image, asking: "SHA-256 of the image that was started, as on the sheet ('-': none)")
        if held.field(StepRow.disks) == nil {
            try record(.entered(Act.Field(name: StepRow.disks, text: disks.cutToText)))
        }
    }

    /// Checks everything again when the ceremony goes on: the machine may have been started anew, or the program replaced.
    ///
    /// What is red and has an exception already needs no other; before the self-check only the program is looked at.
    func recheckMachine() throws {
        let isChecked = transcript.isDone("self-check")
        for item in items where isChecked || item.isOfProgram {
            var now = item
            while !now.isPassed, !hasException(now) {
                let decision = try raiseException(
                    expected: now.expected,
                    happened: now.found,
                    choices: [.goOn, .again, .abandon]
                )
                guard decision == .again else {
                    break
                }
                now = self.item(now.expected)
            }
        }
    }

    private func hasException(_ item: MachineItem) -> Bool {
        transcript.exceptions.map(\.raised).contains { raised in
            raised.decision == .goOn && raised.expected == item.expected
                && raised.happened.isEqual(bytesOf: item.found.cutToText)
        }
    }

    /// One item of the self-check as it is now.
    private func item(_ expected: Expectation) -> MachineItem {
        guard let item = items.first(where: { $0.expected == expected }) else {
            preconditionFailure("the items are the same every time")
        }
        return item
    }

    private var items: [MachineItem] { MachineItem.all(SelfCheck.run(), SelfCheck.programDigest(), for: plan) }

    /// A library's name and version, of which some say their names themselves.
    private static func words(_ library: (name: String, version: String)) -> String {
        library.version.hasPrefix(bytesOf: library.name) ? library.version : "\(library.name) \(library.version)"
    }
}
