// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Escrow
import SystemPackage

struct CheckCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        of: "check",
        operands: "<escrow> ... -i <identity> [<options>]",
        abstract: "Open your own share and check it; nobody else is needed.",
        discussion: "Nothing secret is shown, and nothing is written.",
        examples: ["ca-escrow check acme.escrow -i bob.identity"]
    )

    @Argument(help: .of("escrow", "Escrows, or parcels of them.")) var escrows: [String]
    @OptionGroup var acting: IdentityOptions
    @Option(help: .of("number|digest", "An epoch other than the one in force.")) var epoch: EpochSelector?
    @OptionGroup var report: ReportOption

    func run() throws {
        let (custodian, files) = try acting.oneWithFiles()
        let act = Check(escrows.map { FilePath($0) }, by: custodian, epoch: epoch)
        try Terminal(files).attend { try act.run(attended: $0) }
    }
}
