// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Ceremony
import Encoding
import Escrow
import Files
import Pages
import SystemPackage

struct CheckPlan: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "ceremony check",
        operands: "<plan> [<options>]",
        abstract: "Say what is wrong with a plan, and what is unwise.",
        discussion: """
            Exit status: 0 if there is nothing to say, 1 if there are only warnings, 2 if the ceremony cannot be held \
            as planned. Given a bundle, PLAN.ceremony, it checks the plan in the bundle.
            """,
        examples: ["ca-escrow ceremony check 2027-03-backup.plan.json"]
    )

    @OptionGroup var subject: PlanOption
    @Flag(help: "The findings as JSON.") var json = false
    @OptionGroup var clock: TimeOption

    func run() throws {
        let files = try subject.readWherever(at: try clock.time())
        json ? Output.bytes(files.json.encoded()) : files.lines(of: subject.plan).forEach(Output.line)
        try ExitStatus.end(files.exitStatus)
    }
}

struct PreflightCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "ceremony preflight",
        operands: "<plan> [<options>]",
        abstract: "Check the ceremony's machine before the day, and say how to put right what is wrong.",
        discussion: "Exit status: 0 if everything is green, 2 if something is red. Run it at the ceremony's console.",
        examples: ["ca-escrow ceremony preflight 2027-03-backup.plan.json"]
    )

    @OptionGroup var subject: PlanOption
    @Flag(help: "The items as JSON.") var json = false
    @OptionGroup var clock: TimeOption

    func run() throws {
        let now = try clock.time()
        let preflight = Preflight(of: try subject.read(at: now), now: now)
        json ? Output.bytes(preflight.json.encoded()) : preflight.lines.forEach(Output.line)
        try ExitStatus.end(preflight.exitStatus)
    }
}

struct MakePlan: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "ceremony plan",
        operands: "--out <file> [<options>]",
        abstract: "Make the plan of a ceremony: ask for what no file says, and fill in every digest.",
        discussion: """
            MEMBER is a name as 'ceremony check' uses it, such as title, date, escrow.store, bob.roles, bob.site or \
            USB-01.serial. Separate roles with commas: 'witness, alternate operator'. For somebody without a card, \
            give the name: --set vera.fullName='Vera Vogt'.
            """,
        examples: ["ca-escrow ceremony plan --out 2027-03-backup.plan.json --from cards/ \\\n    --certificate ca.crt"]
    )

    @Option(help: .of("file", "The plan: NAME.plan.json.")) var out: String
    @Option(help: .of("plan", "The plan of the last ceremony, to start from.")) var like: String?
    @Option(help: .of("file", "Cards and keys: files, or directories of them.")) var from: [String] = []
    @Option(help: .of("file", "The CA's certificate.")) var certificate: String?
    @Option(help: .of("policy", "Who restores: '3 of all'.")) var policy: String?
    @Option(help: .of("policy", "Who approves: '2 of (olga, omar)'.")) var officers: String?
    @Option(help: .of("member=value", "The value of any other member; may be repeated.")) var set: [String] = []

    func run() throws {
        let named = [("ca.certificate", certificate), ("escrow.policy", policy), ("escrow.officers", officers)]
        let plan = try DraftPlan(
            to: FilePath(out),
            like: like.map { FilePath($0) },
            cards: from.map { FilePath($0) },
            given: DraftPlan.given(set, named),
            program: SelfCheck.programDigest(),
            on: Question.isPossible ? CeremonyTerminal(bell: true) : nil,
            now: Timestamp.now()
        ).run()
        Output.line("plan: \(out)")
        plan.findings.map(\.words).forEach(Output.line)
        let path = ShellWord.path(out)
        Output.next("ca-escrow ceremony check \(path); then officers sign it: ca-escrow sign \(path) -i NAME.identity")
    }
}

struct PrintScript: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "ceremony script",
        operands: "<plan> --out <file> [<options>]",
        abstract: "Write the run sheet of a plan or of a bundle, to print: .html or .txt.",
        examples: ["ca-escrow ceremony script 2027-03-backup.plan.json --out sheet.html"]
    )

    @OptionGroup var subject: PlanOption
    @Option(help: .of("file", "The run sheet: FILE.html or FILE.txt.")) var out: String
    @Option(help: .of("size", "The paper: a4 or letter.")) var paper: Paper = .a4
    @OptionGroup var clock: TimeOption

    func validate() throws {
        guard out.hasSuffix(bytesOf: ".html") || out.hasSuffix(bytesOf: ".txt") else {
            throw ValidationError("--out \(out): FILE.html or FILE.txt")
        }
    }

    func run() throws {
        let files = try subject.readWherever(at: try clock.time())
        guard try files.hasRunSheet() else {
            throw PlanOption.refusal(of: files, at: subject.plan, "has no run sheet")
        }
        let sheet = RunSheet(of: files, on: paper)
        let text = out.hasSuffix(bytesOf: ".html") ? sheet.html : sheet.text
        try Files.create(FilePath(out), Array(text.utf8), permissions: .publicFile)
        Output.line("run sheet: \(out): \(sheet.script.steps.count) steps, \(sheet.script.minutes) minutes")
    }
}
