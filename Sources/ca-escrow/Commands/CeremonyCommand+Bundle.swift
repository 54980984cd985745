// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Ceremony
import Custody
import Encoding
import Escrow
import Files
import SystemPackage

struct VerifyBundle: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "ceremony verify",
        operands: "<bundle> [<options>]",
        abstract: "Recompute a ceremony's transcript, and check its files and signatures against it.",
        discussion: """
            Exit status: 0 if every check was made and passed, 1 if one was not made, 2 if one failed. The first bad line \
            of a transcript is named. --signers says which officers to believe, and the plan that they signed has the \
            digests of everybody else's cards and keys; no file in the bundle says whom to believe. Without --signers, \
            the verdict is NOT ANCHORED.
            """,
        examples: ["ca-escrow ceremony verify 2027-03-backup.ceremony --signers officers.signers"]
    )

    @Argument(help: .of("bundle", "What a ceremony left: PLAN.ceremony.")) var bundle: String
    @OptionGroup var signers: SignersOptions
    @Flag(help: "The result as JSON.") var json = false
    @Option(help: .of("file", "Write the result as an HTML page, too.")) var report: String?
    @OptionGroup var clock: TimeOption

    func run() throws {
        try report.map { try BundleVerification.check(place: FilePath($0), besides: FilePath(bundle)) }
        let now = try clock.time()
        let verification = try BundleVerification(
            at: FilePath(bundle),
            anchor: try signers.anchor(stampsElsewhere: true),
            authorities: try signers.authorities(),
            now: now
        )
        if let report {
            let page = verification.html(at: bundle, by: "ca-escrow \(Version.text)")
            try Files.create(FilePath(report), page, permissions: .publicFile)
        }
        if json {
            var members = verification.json(at: bundle)
            members["format"] = .string("ca-escrow/v1/ceremony-verification")
            Output.bytes(JSONValue.object(members).encoded())
        } else {
            Output.line("\(bundle): \(verification.verdict.rawValue): \(verification.plan.title)")
            verification.lines.forEach(Output.line)
            ScreenText.rows(of: verification.transcript.head, of: "the last line, the head").forEach(Output.line)
            Output.line(verification.verdictLine)
        }
        try ExitStatus.end(verification.exitStatus)
    }
}

struct StampBundle: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "ceremony stamp",
        operands: "<bundle> [<options>]",
        abstract: "Write a time-stamp query (RFC 3161) for a ceremony's transcript.",
        discussion: """
            Put the authority's answer beside the transcript as transcript.jsonl.tsr; 'ceremony verify --tsa' verifies it.
            """,
        examples: ["ca-escrow ceremony stamp 2027-03-backup.ceremony"]
    )

    @Argument(help: .of("bundle", "What a ceremony left: PLAN.ceremony.")) var bundle: String
    @Option(help: .of("file", "The query (default: transcript.jsonl.tsq in the bundle).")) var out: String?

    func run() throws {
        let made = Bundle(at: FilePath(bundle))
        let path = try made.writeQuery(to: out.map { FilePath($0) }).string
        Output.line("query: \(path)")
        Output.next(
            "curl -H 'Content-Type: application/timestamp-query' --data-binary \(ShellWord.of("@\(path)")) TSA-URL "
                + "> \(ShellWord.path(made.stamp.string))"
        )
    }
}
