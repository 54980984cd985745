// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Audit
import Encoding
import SystemPackage

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "status",
        operands: "[<escrow|dir> ...] [<options>]",
        abstract: "Say, for people and for monitoring, what is due: a backup, a receipt, a proof, a new custodian.",
        discussion: """
            Exit status: 0 if nothing is due, 1 if something is, 2 if the quorum is lost or a check of the audit fails. \
            Without --signers, nobody vouches for an escrow, and the status is never 0. No secret is needed, and the \
            PKCS#12 file is not looked for.
            """,
        examples: [
            "ca-escrow status acme.escrow --signers officers.signers \\\n    --certificate acme.crt",
            "ca-escrow status /srv/escrows --signers officers.signers --quiet",
        ]
    )

    @Argument(help: .of("escrow|dir", "Escrows, and directories with escrows in them (default: here).")) var paths:
        [String] = []
    @Option(help: .of("file|store", "The certificate that a CA now issues under, or the CA's store; may be repeated."))
    var certificate: [String] = []
    @Option(help: .of("duration", "How old a custodian's evidence may be: 12h, 90d, 4w.")) var maxAge = "90d"
    @Option(help: .of("duration", "How old the last drill may be, such as 365d (default: any age).")) var maxDrillAge:
        String?
    @Option(help: .of("number", "How many people each gate must be able to lose.")) var minMargin = 1
    @OptionGroup var signers: SignersOptions
    @Option(help: .of("file", "Write metrics for node_exporter's textfile collector; replaces only earlier metrics."))
    var prometheus: String?
    @OptionGroup var clock: TimeOption
    @Flag(help: "The report as JSON.") var json = false
    @Flag(help: "Say nothing about escrows that need nothing.") var quiet = false

    func validate() throws {
        guard (0...1000).contains(minMargin) else {
            throw ValidationError("--min-margin \(minMargin): from 0 to 1000")
        }
    }

    func run() throws {
        let now = try clock.time()
        let input = StatusInput(
            certificates: try WatchedCertificate.all(of: certificate, environment: .ofProcess),
            anchor: try signers.anchor(),
            maximumAgeSeconds: try DurationOption.seconds(
                from: maxAge,
                option: "--max-age",
                in: 3600...(10_000 * 86_400)
            ),
            maximumDrillAgeSeconds: try maxDrillAge.map { age in
                try DurationOption.seconds(from: age, option: "--max-drill-age", in: 3600...(10_000 * 86_400))
            },
            leastMargin: minMargin,
            time: now
        )
        let terminal = Terminal(try PassphraseFiles([]))
        let places = paths.isEmpty ? ["."] : paths
        let (report, failures) = StatusReport.survey(places.map { FilePath($0) }, against: input, attended: terminal)
        let failure = failures.first.map(terminal.diagnostic)
        // What has failed weighs more than what could not be read, and that more than what is due.
        let hasFailed = report.exitStatus == ExitStatus.failed.rawValue
        let status = hasFailed ? report.exitStatus : failure?.status.rawValue ?? report.exitStatus
        if json {
            if !quiet || status != 0 {
                Output.bytes(report.json(exitStatus: status).encoded())
            }
        } else {
            report.lines(isQuiet: quiet).forEach(Output.line)
            (report.firstBackups + report.escrows.flatMap(\.nextSteps)).forEach(Output.next)
        }
        if let prometheus {
            try report.writeMetrics(to: FilePath(prometheus))
        }
        try ExitStatus.end(status)
    }
}
