// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Escrow
import SystemPackage

struct ProveCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        of: "prove",
        operands: "<escrow> ... -i <identity> [<options>]",
        abstract: "Answer an auditor's challenge: prove that you know your share, without showing it.",
        examples: ["ca-escrow prove acme.escrow --challenge 91cc -i bob.identity"]
    )

    @Argument(help: .of("escrow", "Escrows, or parcels of them.")) var escrows: [String]
    @Option(help: .of("id", "One challenge, by the first digits of its ID (default: all that are open)."))
    var challenge: String?
    @OptionGroup var options: CustodianOptions
    @OptionGroup var report: ReportOption

    func run() throws {
        try options.attend { custodian, terminal in
            let act = Prove(
                escrows.map { FilePath($0) },
                by: custodian,
                challenge: challenge,
                given: options.manifest,
                parcel: options.out.map { FilePath($0) },
                now: try options.clock.time()
            )
            let outcome = try terminal.attend { try act.run(attended: $0) }
            guard outcome.isAnything else {
                Output.line("no challenge is open")
                throw ExitCode(ExitStatus.notYet.rawValue)
            }
            try terminal.end(outcome.failures)
        }
    }
}
