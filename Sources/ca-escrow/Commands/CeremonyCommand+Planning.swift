// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Ceremony
import CertificateAuthority
import Custody
import Escrow
import Files
import SecretSharing
import SystemPackage

struct CheckPlan: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "ceremony check",
        operands: "<plan> [<options>]",
        abstract: "Say what is wrong with a plan, and what is unwise.",
        discussion: """
            Ends with 0 when there is nothing to say, with 1 when there are warnings alone, with 2 when the ceremony cannot \
            be held so. Given a bundle, PLAN.ceremony, it checks the plan that the bundle keeps.
            """,
        examples: ["ca-escrow ceremony check 2027-03-backup.plan.json"]
    )

    @OptionGroup var subject: PlanOption
    @Flag(help: "The findings as JSON.") var json = false
    @OptionGroup var clock: TimeOption

    func run() throws {
        let files = try subject.readWherever(at: try clock.time())
        json ? Output.bytes(files.json.encoded()) : show(files)
        try ExitStatus.end(files.exitStatus)
    }

    private func show(_ files: PlanFiles) {
        let plan = files.plan
        Output.line("\(subject.plan): \(plan.kind.rawValue)\(plan.isRehearsal ? ", REHEARSAL" : ""): \(plan.title)")
        Output.line("SHA-256: \(files.digest)")
        files.review.custody.lines.forEach(Output.line)
        Output.line("approved by: \(files.approval.text)")
        PolicyLines.show(files.findings)
        if files.findings.isEmpty {
            Output.line("nothing is wrong with it")
        }
        let missing = files.missingDigests
        if !missing.isEmpty {
            Output.line("members for the plan, each pair in the place of that card:")
        }
        for (person, sha256) in missing {
            Output.line("\"card\": \(Self.written(person.card ?? "")),")
            Output.line("\"sha256\": \(Self.written("\(sha256)"))")
        }
    }

    /// A text as JSON has it; those of a plan hold no control characters.
    private static func written(_ text: String) -> String {
        String(decoding: JSONValue.string(text).encodedOnOneLine(), as: UTF8.self)
    }
}

/// What a policy comes to, for people.
enum PolicyLines {
    static func show(_ findings: [PlanFinding]) {
        for finding in findings {
            Output.line("\(finding.severity.rawValue): \(finding.code): \(finding.text)")
        }
    }
}

struct PrintScript: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "ceremony script",
        operands: "<plan> --out <file> [<options>]",
        abstract: "Print the run sheet of a plan: .html or .txt.",
        examples: ["ca-escrow ceremony script 2027-03-backup.plan.json --out sheet.html"]
    )

    @OptionGroup var subject: PlanOption
    @Option(help: .of("file", "The run sheet: FILE.html or FILE.txt.")) var out: String
    @Option(help: .of("size", "The paper: a4 or letter.")) var paper = "a4"
    @OptionGroup var clock: TimeOption

    func validate() throws {
        guard RunSheet.Paper(rawValue: paper) != nil else {
            throw ValidationError("--paper \(paper): a4 or letter")
        }
        guard out.hasSuffix(bytesOf: ".html") || out.hasSuffix(bytesOf: ".txt") else {
            throw ValidationError("--out \(out): FILE.html or FILE.txt")
        }
    }

    func run() throws {
        let files = try subject.read(at: try clock.time())
        guard !files.hasErrors else {
            throw PlanOption.refusal(of: files, at: subject.plan, "has no run sheet")
        }
        let script = CeremonyScript(of: files.review)
        let sheet = RunSheet(
            of: files.plan,
            script,
            known: files.known,
            subject: files.certificate.subject,
            paper: RunSheet.Paper(rawValue: paper) ?? .a4,
            bags: files.earlier?.bags ?? [:]
        )
        let text = out.hasSuffix(bytesOf: ".html") ? sheet.html : sheet.text
        try Files.create(FilePath(out), Array(text.utf8), permissions: .publicFile)
        Output.line("run sheet: \(out): \(script.steps.count) steps, \(script.minutes) minutes")
    }
}
