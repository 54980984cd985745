// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Ceremony
import Custody
import Encoding
import Escrow
import Files
import SecretMemory
import SystemPackage

struct RunCeremony: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "ceremony run",
        operands: "<plan> [--bundle <dir>] [--no-bell]",
        abstract: "Hold a ceremony, step by step; run again after an interruption.",
        discussion: """
            Shows each step, who acts and what is expected, asks for confirmations and initials, and writes everything \
            down. At any of the ceremony's own questions, 'x' raises an exception and 'stop' interrupts. Relative paths, \
            in the plan or typed, start at the plan's directory.
            """,
        examples: ["ca-escrow ceremony run 2027-03-backup.plan.json"]
    )

    @OptionGroup var subject: PlanOption
    @Option(
        help: .of("dir", "Where its evidence goes (default: PLAN.ceremony; PLAN.standby.ceremony on the standby date).")
    )
    var bundle: String?
    @Flag(help: "No bell when something is not as it should be.") var noBell = false

    func run() throws {
        let given = try bundle.map { try Files.absolute(FilePath($0)) }
        // Before anybody goes to the plan's directory: what is wrong is named from here.
        let read = try subject.read(at: Timestamp.now())
        try check(read, given ?? Bundle(of: read, beside: FilePath(subject.plan)).path)
        guard Question.isPossible else {
            throw Diagnostic("no terminal to hold a ceremony at", hint: "over ssh use 'ssh -t'", .unavailable)
        }
        let plan = FilePath(subject.plan)
        let directory = plan.removingLastComponent()
        guard let name = plan.lastComponent else {
            throw Diagnostic("\(plan): No such file or directory", .noInput)
        }
        try Files.enter(directory)
        let files = try PlanFiles(at: FilePath(root: nil, [name]), now: Timestamp.now())
        let path = try given ?? Bundle(of: files, beside: FilePath(root: nil, [name])).path
        try check(files, path)
        try EscrowDirectory.refuseInside(path, as: path.string)
        try Bundle(at: path).check(isOf: files)
        let made = try Bundle.make(at: path, for: files)
        let option = bundle.map { " --bundle \(ShellWord.path($0))" } ?? ""
        let command = "ca-escrow ceremony run \(ShellWord.path(subject.plan))\(option)"
        // One at a time: two at once would write two transcripts.
        try DirectoryLock.during(path) {
            try hold(files, made, command)
        }
        Output.line("bundle: \(path)")
    }

    private func hold(_ files: PlanFiles, _ bundle: Bundle, _ command: String) throws {
        defer { CeremonyTerminal.leave() }
        TerminalPrompt.beforeEnd {
            CeremonyTerminal.leave()
            Output.error("ca-escrow: error: interrupted; what is done is written down")
            Output.error("ca-escrow: hint: go on with: \(command)")
        }
        let ceremony = try LiveCeremony(
            files,
            bundle: bundle,
            on: CeremonyTerminal(bell: !noBell),
            version: Version.text,
            environment: .ofProcess,
            now: Timestamp.now
        )
        do {
            try ceremony.run()
        } catch let error as CeremonyError {
            guard case .interrupted = error else {
                throw error
            }
            throw Diagnostic("\(error)", hint: "go on with: \(command)", .notYet)
        }
    }

    private func check(_ files: PlanFiles, _ bundle: FilePath) throws {
        guard try files.mayBeHeld(in: Bundle(at: bundle)) else {
            throw PlanOption.refusal(of: files, at: subject.plan, "is not held")
        }
    }
}
