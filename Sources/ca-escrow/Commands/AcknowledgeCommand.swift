// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Escrow
import SystemPackage

struct AcknowledgeCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        of: "acknowledge",
        operands: "<escrow> ... -i <identity> [<options>]",
        abstract: "Say in a signed receipt that you opened your share, and accept its custody.",
        discussion: """
            Opens and checks the share; the receipt proves that you know it, without showing it. The first time, you type \
            the manifest's digest, from the ceremony's sheet or as an officer reads it to you.
            """,
        examples: ["ca-escrow acknowledge acme.escrow -i bob.identity"]
    )

    @Argument(help: .of("escrow", "Escrows, or parcels of them.")) var escrows: [String]
    @OptionGroup var options: CustodianOptions
    @OptionGroup var report: ReportOption

    func run() throws {
        try options.attend { custodian, terminal in
            let escrows = escrows.map { FilePath($0) }
            let (parcel, now) = (options.out.map { FilePath($0) }, try options.clock.time())
            let act = Acknowledge(escrows, by: custodian, given: options.manifest, parcel: parcel, now: now)
            try terminal.attend { try act.run(attended: $0) }
        }
    }
}
