// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Ceremony
import CertificateAuthority
import Custody
import Escrow
import Files
import SecretSharing
import SystemPackage

struct CeremonyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ceremony",
        abstract: "Plan a ceremony, print its run sheet, hold it, verify what it left.",
        subcommands: [CheckPlan.self, PrintScript.self, RunCeremony.self, VerifyBundle.self, StampBundle.self]
    )
}

/// The plan that a sub-command is about.
struct PlanOption: ParsableArguments {
    @Argument(help: ArgumentHelp("The ceremony's plan, in TOML.", valueName: "plan")) var plan = ""

    func read(at now: Timestamp) throws -> PlanFiles {
        do {
            return try PlanFiles(at: FilePath(plan), now: now, program: SelfTest.programDigest())
        } catch PlanError.file(let error) {
            throw error
        } catch let error as PlanError {
            throw Diagnostic("\(plan): \(error)", .data)
        } catch let error as CertificateError {
            throw Diagnostic("\(plan): ca.certificate: \(error)", .data)
        } catch let error as EarlierInventoryError {
            throw Diagnostic("\(error)", .data)
        }
    }
}

struct RunCeremony: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Hold a ceremony, step by step; run again after an interruption.",
        discussion: """
            Shows the step, who acts and what is expected, asks for confirmations and initials, and writes everything \
            down. At any question 'x' raises an exception, 'stop' interrupts.
            """
    )

    @OptionGroup var subject: PlanOption
    @Option(help: ArgumentHelp("Where its evidence goes (default: PLAN.ceremony).", valueName: "dir"))
    var bundle: String?
    @OptionGroup var clock: TimeOption

    func run() throws {
        let now = try clock.time()
        let files = try subject.read(at: now)
        guard !files.hasErrors else {
            throw Diagnostic(
                "\(subject.plan): a plan with errors is not held",
                hint: "ca-escrow ceremony check \(subject.plan)",
                .failed
            )
        }
        guard Question.isPossible else {
            throw Diagnostic("no terminal to hold a ceremony at", hint: "over ssh use 'ssh -t'", .unavailable)
        }
        let stem = files.path.stem ?? "plan"
        let path = bundle.map { FilePath($0) } ?? files.path.removingLastComponent().appending("\(stem).ceremony")
        try EscrowDirectory.refuseInside(path, as: path.string)
        let made = try Bundle.make(at: path, for: files)
        // One at a time: two at once would write two transcripts.
        try DirectoryLock.during(path) {
            try LiveCeremony(files, bundle: made, clock: clock).run()
        }
        Output.line("bundle: \(path)")
    }
}
