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
        subcommands: [CheckPlan.self, PrintScript.self, RunCeremony.self, VerifyBundle.self]
    )
}

/// The plan that a sub-command is about.
struct PlanOption: ParsableArguments {
    @Argument(help: ArgumentHelp("The ceremony's plan, in TOML.", valueName: "plan")) var plan = ""

    func read(at now: Timestamp) throws -> PlanFiles { try Self.read(plan, at: now) }

    /// - Throws: ``Diagnostic`` for the plan itself, or what a file that it names is.
    static func read(_ plan: String, at now: Timestamp) throws -> PlanFiles {
        do {
            return try PlanFiles(at: FilePath(plan), now: now)
        } catch PlanError.file(let error) {
            throw error
        } catch let error as PlanError {
            throw Diagnostic("\(plan): \(error)", .data)
        }
    }
}

struct CheckPlan: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say what is wrong with a plan, and what is unwise."
    )

    @OptionGroup var subject: PlanOption
    @OptionGroup var clock: TimeOption

    func run() throws {
        let files = try subject.read(at: try clock.time())
        Output.line("\(subject.plan): \(files.plan.kind.rawValue): \(files.plan.title)")
        Output.line("SHA-256: \(files.digest)")
        Output.line("restored by: \(files.review.policy.text): \(files.review.policy.fewestToRestore) people at least")
        Output.line("approved by: \(files.approval.text)")
        for finding in files.findings {
            Output.line("\(finding.severity.rawValue): \(finding.code): \(finding.text)")
        }
        guard !files.hasErrors else {
            throw ExitCode(ExitStatus.failed.rawValue)
        }
        guard files.findings.isEmpty else {
            throw ExitCode(ExitStatus.notYet.rawValue)
        }
        Output.line("nothing is wrong with it")
    }
}

struct PrintScript: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "script",
        abstract: "Print the run sheet of a plan: .html or .txt."
    )

    @OptionGroup var subject: PlanOption
    @Option(help: ArgumentHelp("The run sheet: FILE.html or FILE.txt.", valueName: "file")) var out: String
    @Option(help: ArgumentHelp("The paper: a4 or letter.", valueName: "size")) var paper = "a4"
    @OptionGroup var clock: TimeOption

    func validate() throws {
        guard RunSheet.Paper(rawValue: paper) != nil else {
            throw ValidationError("--paper \(paper): a4 or letter")
        }
        guard out.hasSuffix(".html") || out.hasSuffix(".txt") else {
            throw ValidationError("--out \(out): FILE.html or FILE.txt")
        }
    }

    func run() throws {
        let files = try subject.read(at: try clock.time())
        guard !files.hasErrors else {
            throw Diagnostic(
                "\(subject.plan): a plan with errors has no run sheet",
                hint: "ca-escrow ceremony check \(subject.plan)",
                .failed
            )
        }
        let script = CeremonyScript(for: files.plan, policy: files.review.policy, officers: files.review.signing)
        let sheet = RunSheet(
            of: files.plan,
            script,
            known: files.known,
            subject: files.certificate.subject,
            paper: RunSheet.Paper(rawValue: paper) ?? .a4
        )
        let text = out.hasSuffix(".html") ? sheet.html : sheet.text
        try Files.create(FilePath(out), Array(text.utf8), permissions: .publicFile)
        Output.line("run sheet: \(out): \(script.steps.count) steps, \(script.minutes) minutes")
    }
}

struct VerifyBundle: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Recompute a ceremony's transcript, and hold its files and signatures against it.",
        discussion: """
            Ends with 0 when every check was made and passed, with 1 when one was not made, with 2 when one failed; the \
            first bad line of a transcript is named.
            """
    )

    @Argument(help: ArgumentHelp("What a ceremony left: PLAN.ceremony.", valueName: "bundle")) var bundle = ""
    @OptionGroup var signers: SignersOptions

    func run() throws {
        let anchor = try signers.anchor()
        let made = Bundle(at: FilePath(bundle))
        let verification: BundleVerification
        do {
            verification = try BundleVerification(of: made, anchor: anchor)
        } catch let error as TranscriptError {
            throw Diagnostic("\(made.transcript): \(error)", .failed)
        } catch let error as PlanError {
            throw Diagnostic("\(made.plan): \(error)", .data)
        }
        let transcript = verification.transcript
        Output.line("\(bundle): \(verification.plan.title)")
        Output.line("\(transcript.lines.count) lines, \(transcript.exceptions.count) exception(s)")
        for result in verification.results {
            Output.line("\(result.outcome.word): \(result.name)\(Self.detail(of: result.outcome))")
        }
        CeremonyScreen.show(transcript.head, of: "the last line, the head")
        guard !verification.hasFailed else {
            throw ExitCode(ExitStatus.failed.rawValue)
        }
        guard verification.isComplete else {
            throw ExitCode(ExitStatus.notYet.rawValue)
        }
    }

    private static func detail(of outcome: AuditOutcome) -> String {
        switch outcome {
        case .pass: ""
        case .fail(let found): ": \(found.joined(separator: "; "))"
        case .notChecked(let reason), .notApplicable(let reason): ": \(reason)"
        }
    }
}
