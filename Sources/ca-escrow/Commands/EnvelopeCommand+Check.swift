// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encoding
import Escrow
import SystemPackage

extension EnvelopeCommand {
    /// What a scan says about an envelope.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            of: "envelope check",
            operands: "<escrow> <scan> ... [<options>]",
            abstract: "Say whose envelope was scanned, and whether it is in force; nothing is opened.",
            discussion: """
                Exit status: 0 if every code is right, 1 if one is not in force, 2 if one is damaged, another escrow's or \
                somebody else's, and 65 if there is none. The escrow itself is not verified: 'ca-escrow audit' says \
                whether it can be believed. Pictures need 'zbarimg'.
                """,
            examples: ["ca-escrow envelope check acme.escrow bob.png --custodian bob"]
        )

        @Argument(help: .of("escrow", "The escrow.")) var escrow: String
        @Argument(help: .of("scan", "Pictures (PNG, JPEG), a hand-held scanner's text, or '-' to type it now."))
        var scans: [String]
        @Option(help: .of("name", "Who handed it over.")) var custodian: String?
        @Flag(help: "The findings as JSON.") var json = false

        func run() throws {
            let directory = try EscrowDirectory(at: FilePath(escrow))
            let check = try EnvelopeCheck(of: directory, heldBy: try custodian.map { try Name($0) })
            var findings: [(scan: String, finding: EnvelopeFinding)] = []
            var unread: [(scan: String, diagnostic: Diagnostic)] = []
            for scan in scans {
                do throws(CodeProgramError) {
                    let codes = try EnvelopeScan.codes(in: scan, searching: EnvelopeCommand.searchPath)
                    findings += check.judge(codes).map { (scan, $0) }
                } catch {
                    let diagnostic = Diagnostic(error)
                    diagnostic.report()
                    unread.append((scan, diagnostic))
                }
            }
            let status = Self.status(of: findings.map(\.finding), unread.map(\.diagnostic))
            if json {
                let reasons = unread.map { (scan: $0.scan, reason: $0.diagnostic.message) }
                Output.bytes(check.json(of: findings, unread: reasons, at: escrow, exitStatus: status).encoded())
            } else {
                for (scan, finding) in findings {
                    Output.line("\(scan): \(finding.description)")
                }
            }
            try ExitStatus.end(status)
        }

        /// The worst of all: what failed weighs more than what could not be read, and that more than what is not in force.
        ///
        /// Bags carry codes of their makers: beside one of ours in the same command, they do not count.
        private static func status(of findings: [EnvelopeFinding], _ unread: [Diagnostic]) -> Int32 {
            let verdicts = Set(findings.map(\.verdict))
            if !verdicts.isDisjoint(with: [.anotherEscrow, .wrongHolder, .damaged]) {
                return ExitStatus.failed.rawValue
            }
            if let first = unread.first {
                return first.status.rawValue
            }
            if !verdicts.isDisjoint(with: [.superseded, .notInForce]) {
                return ExitStatus.notYet.rawValue
            }
            return verdicts.contains(.right) ? ExitStatus.done.rawValue : ExitStatus.data.rawValue
        }
    }
}
