// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Escrow
import SystemPackage

struct RekeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "rekey",
        operands: "<escrow> ... --card <file> -i <identity> [<options>]",
        abstract: "Seal your own share to a new card of yours; nobody else's share changes.",
        discussion: """
            Makes a new epoch of the same secret, signed with your old identity; the card is signed with the new one. \
            The epoch counts when the officers have signed it; then acknowledge your share with the new identity.
            """,
        examples: ["ca-escrow rekey acme.escrow --card bob-2027.card -i bob.identity"]
    )

    @Argument(help: .of("escrow", "Escrows, or parcels of them.")) var escrows: [String]
    @Option(help: .of("file", "Your new card.")) var card: String?
    @OptionGroup var options: CustodianOptions

    func run() throws {
        try options.attend { custodian, terminal in
            let act = Rekey(
                escrows.map { FilePath($0) },
                by: custodian,
                to: FilePath(try card ?? Question.needed("Your new card", else: "--card FILE")),
                given: options.manifest,
                parcel: options.out.map { FilePath($0) },
                now: try options.clock.time()
            )
            try terminal.attend { try act.run(attended: $0) }
        }
    }
}
