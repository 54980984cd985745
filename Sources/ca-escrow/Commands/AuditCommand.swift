// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Audit
import Ceremony
import Custody
import Escrow
import Files
import SystemPackage

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "audit",
        operands: "<escrow> ... [<options>]",
        abstract: "Check escrows; no secret and no custodian is needed.",
        discussion: """
            Exit status: 0 if every check was made and passed, 1 if one was not made, 2 if one failed. Without --signers, \
            nobody vouches for an escrow: the verdict is NOT ANCHORED.
            """,
        examples: [
            "ca-escrow audit acme.escrow --signers officers.signers --certificate acme.crt",
            "ca-escrow audit /srv/escrows --signers officers.signers \\\n    --certificate /srv/certificates --report 2027.html",
        ]
    )

    @Argument(help: .of("escrow", "Escrows, or directories that hold escrows.")) var escrows: [String]
    @OptionGroup var signers: SignersOptions
    @Option(help: .of("file|dir", "The CA's certificate; for several escrows, those of the CAs: files or directories."))
    var certificate: [String] = []
    @Option(help: .of("path", "The PKCS#12 file, or its directory (default: beside the escrow).")) var pkcs12: String?
    @Flag(help: "The PKCS#12 file is deliberately not here; its digest is not checked.") var withoutPkcs12 = false
    @Option(help: .of("number|digest", "An epoch other than the one in force.")) var epoch: EpochSelector?
    @OptionGroup var clock: TimeOption
    @Flag(help: "The report as JSON.") var json = false
    @Option(help: .of("file", "Write the report as an HTML page, too.")) var report: String?
    @Option(help: .of("bundle", "A ceremony's bundle to verify, too; may be repeated.")) var ceremony: [String] = []
    @Flag(help: "Print one line for each escrow that is not sound, and nothing else.") var quiet = false
    @Flag(help: "List the checks that passed, too.") var verbose = false

    func validate() throws {
        if withoutPkcs12, pkcs12 != nil {
            throw ValidationError("--pkcs12 and --without-pkcs12 exclude one another")
        }
    }

    func run() throws {
        try report.map { try ReportPage.check(place: FilePath($0)) }
        let now = try clock.time()
        let input = AuditInput(
            anchor: try signers.anchor(stampsElsewhere: !ceremony.isEmpty),
            certificates: try CertificateTrust.all(at: certificate),
            pkcs12: pkcs12.map { FilePath($0) },
            isWithoutPKCS12: withoutPkcs12,
            time: now,
            epoch: epoch
        )
        let all = audits(with: input)
        let failures = all.unread.map { Diagnostic(fact: $0.error) }
        failures.forEach { $0.report() }
        guard let worstAudit = all.exitStatus else {
            throw ExitCode(failures[0].status.rawValue)
        }
        let unread = zip(all.unread, failures).map { UnreadEscrow(escrow: $0.escrow, reason: $1.message) }
        let authorities = try signers.authorities()
        let ceremonies = try self.ceremony.map { bundle in
            let verification = try BundleVerification(
                at: FilePath(bundle),
                anchor: input.anchor,
                authorities: authorities,
                now: input.time
            )
            return try verification.reported(at: bundle, for: report)
        }
        let worst = max(worstAudit, ceremonies.map(\.exitStatus).max() ?? 0)
        // One that failed weighs more than one that could not be read.
        let status = worst == 2 ? worst : failures.first?.status.rawValue ?? worst
        let document = AuditDocument(
            all.reports,
            unread: unread,
            exitStatus: status,
            ceremonies: ceremonies,
            missing: all.missing
        )
        if let report {
            let page = ReportPage(of: document, with: input, by: "ca-escrow \(Version.text)")
            try Files.create(FilePath(report), pieces: page.pieces, permissions: .publicFile)
        }
        if json {
            document.write(Output.bytes)
        } else {
            try show(all, ceremonies)
        }
        try ExitStatus.end(status)
    }

    private func show(_ all: ParallelAudit, _ ceremonies: [ReportedCeremony]) throws {
        try all.write(Output.bytes)
        if all.isOfMany, !quiet {
            all.table.forEach(Output.line)
        } else {
            all.missing.forEach { Output.line("\($0.words): no escrow here") }
        }
        for ceremony in ceremonies where !quiet || ceremony.exitStatus != 0 {
            ceremony.lines.forEach(Output.line)
        }
        if let report, !quiet {
            Output.line("report: \(report)")
        }
    }

    private func audits(with input: AuditInput) -> ParallelAudit {
        let subjects = ParallelAudit.subjects(of: escrows)
        let (isQuiet, isVerbose) = (quiet, verbose)
        let isOfMany = subjects.count > 1 || input.certificates.all.count > 1
        func all(_ advance: @Sendable () -> Void) -> ParallelAudit {
            ParallelAudit(
                of: subjects,
                with: input,
                keepsReports: json || report != nil,
                text: { report in
                    guard isQuiet else {
                        return report.lines(isVerbose: isVerbose).map(Output.lines).joined() + (isOfMany ? "\n" : "")
                    }
                    return report.verdict.exitStatus == 0 ? "" : Output.lines(report.line)
                },
                advance: advance
            )
        }
        guard subjects.count > 1 else {
            return Output.whileShowing("auditing \(subjects[0].escrow)") { all {} }
        }
        let progress = Progress("auditing", of: subjects.count)
        defer { progress.end() }
        return all(progress.advance)
    }
}
