// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow
import Files
import SecretMemory

// The self-check at the opening, and after every interruption: what is red needs an exception.
extension LiveCeremony {
    func checkMachine() throws {
        let program = SelfCheck.programDigest()
        let check = SelfCheck.run()
        let versions = [("version", version)] + check.libraries.map { ($0.name.lowercasedASCII, $0.version) }
        screen.say(
            "ca-escrow \(version), " + check.libraries.map(Self.words).joined(separator: ", ")
        )
        let items = items(of: check, program)
        for item in items {
            screen.say("\(item.isPassed ? "PASS" : "RED ")  \(item.name)")
        }
        if !acts.contains(where: { $0.act == .compared && !$0.files.isEmpty }) {
            let used = program.map { [TranscriptLine.File(.input, ProgramUse.fileName, $0)] } ?? []
            try record(.compared, files: used, notes: versions.map { .init($0.0, cutting: $0.1) })
        }
        for item in items where !item.isPassed {
            var isFirst = true
            try ensure(item.name) { [self] in
                let now = isFirst ? item : self.item(item.name)
                isFirst = false
                return now.isPassed ? .asExpected() : .otherwise(now.found)
            }
        }
        try waitForEnter("All of it is green or has its exception")
        showStep()
        if let program {
            screen.show(program, of: "this program")
        }
        try initialBoth()
    }

    /// Checks everything again when the ceremony goes on: the machine may have been started anew, or the program replaced.
    ///
    /// What is red and has an exception already needs no other; before the self-check only the program is looked at.
    func recheckMachine() throws {
        let isChecked = transcript.isDone("self-check")
        for item in items(of: SelfCheck.run(), SelfCheck.programDigest()) where isChecked || item.isOfProgram {
            var now = item
            while !now.isPassed, !hasException(now) {
                let decision = try raiseException(
                    expected: now.name,
                    happened: now.found,
                    choices: [.goOn, .again, .abandon]
                )
                guard decision == .again else {
                    break
                }
                now = self.item(now.name)
            }
        }
    }

    private func hasException(_ item: MachineItem) -> Bool {
        let notes = [TranscriptLine.Note("expected", cutting: item.name), .init("happened", cutting: item.found)]
        return transcript.exceptions.contains { line in
            line.text("decision") == Decision.goOn.rawValue && notes.allSatisfy(line.notes.contains)
        }
    }

    /// One item of the self-check as it is now.
    private func item(_ name: String) -> MachineItem {
        guard let item = items(of: SelfCheck.run(), SelfCheck.programDigest()).first(where: { $0.name == name })
        else {
            preconditionFailure("the items are the same every time")
        }
        return item
    }

    private func items(of check: SelfCheck, _ program: SHA256Digest?) -> [MachineItem] {
        let tool = MachineItem(
            name: "\(ProgramUse.expectation), \(plan.tool.short)…",
            isPassed: program == plan.tool,
            found: program.map { "SHA-256 \($0)" } ?? ProgramUse.unreadable,
            isOfProgram: true
        )
        return check.results.map { MachineItem(name: $0.name, isPassed: $0.isPassed) } + [tool] + MachineFacts.read()
    }

    /// A library's name and version, of which some say their names themselves.
    private static func words(_ library: (name: String, version: String)) -> String {
        library.version.hasPrefix(bytesOf: library.name) ? library.version : "\(library.name) \(library.version)"
    }
}

/// One thing that the self-check looks at.
struct MachineItem {
    /// What is expected, in words.
    let name: String
    let isPassed: Bool
    /// What there is in its place.
    var found = "it is not so"
    var isOfProgram = false
}
