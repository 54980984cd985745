// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Escrow
import SystemPackage

struct WithdrawCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "withdraw",
        operands: "<escrow> -i <identity> [<options>]",
        abstract: "Take back a draft of yours: an epoch that is not approved, and its key file.",
        discussion:
            "Moves both to NAME.withdrawn beside the escrow; nothing is erased. Destroy them when you are sure.",
        examples: ["ca-escrow withdraw acme.escrow -i olga.identity"]
    )

    @Argument(help: .of("escrow", "The escrow.")) var escrow: String
    @Option(help: .of("number|digest", "Which draft, by the first digits of its digest or by its number.")) var epoch:
        EpochSelector?
    @Option(help: .of("path", "The PKCS#12 file, or its directory (default: beside the escrow).")) var pkcs12: String?
    @OptionGroup var acting: IdentityOptions

    func run() throws {
        let (officer, files) = try acting.oneWithFiles()
        let act = Withdraw(epoch, of: FilePath(escrow), pkcs12: pkcs12.map { FilePath($0) }, by: officer)
        let withdrawal = try Terminal(files).attend { try act.run(attended: $0) }
        for (source, target) in withdrawal.moves {
            Output.line("moved: \(source) to \(target)")
        }
        if withdrawal.hasKeyFile {
            let place = withdrawal.moves[0].to.removingLastComponent()
            Output.next("nothing opens the key file in \(place) without its draft: keep both, or destroy both")
        }
    }
}
