// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encoding
import Escrow
import SystemPackage

struct RotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Change who approves, without touching the shares.",
        subcommands: [Open.self]
    )

    /// A new epoch with other officers, of the same secret.
    struct Open: ParsableCommand {
        static let configuration = CommandConfiguration(
            of: "rotate open",
            operands: "<escrow> -i <identity> [<options>]",
            abstract: "Make an epoch with other officers: the same shares, in the same boxes.",
            discussion: "It counts when enough of the old officers and enough of the new ones have signed it.",
            examples: [
                "ca-escrow rotate open acme.escrow --officers '2 of (olga, oscar)' \\\n    --card oscar.card -i olga.identity"
            ]
        )

        @Argument(help: .of("escrow", "The escrow.")) var escrow: String
        @Option(help: .of("policy", "Who approves from now on: '2 of (olga, oscar, otto)'.")) var officers: String?
        @Option(help: .of("file", "A card or .pub file of a new officer, or a directory; may be repeated.")) var card:
            [String] = []
        @OptionGroup var acting: IdentityOptions
        @OptionGroup var signers: SignersOptions
        @OptionGroup var clock: TimeOption

        func run() throws {
            let (officer, files) = try acting.oneWithFiles()
            let text = try officers ?? Question.needed("Who approves from now on", else: "--officers POLICY")
            let act = Rotate(
                of: FilePath(escrow),
                to: try PolicyText(officers: text),
                try PeopleGiven(at: card.map { FilePath($0) }),
                by: officer,
                anchor: try signers.anchor(),
                now: try clock.time()
            )
            report(try Terminal(files).attend { try act.run(attended: $0) })
        }

        private func report(_ made: Rotate.Made) {
            let approval = made.manifest.approval
            Output.line("\(escrow): epoch \(made.manifest.epoch): approved by \(approval.text)")
            Output.line("manifest SHA-256: \(made.digest)")
            Output.line("epoch: \(made.path)")
            Output.next(signers: made.shortfalls, of: escrow)
            Output.next(
                "then the custodians acknowledge the new epoch: ca-escrow acknowledge \(ShellWord.path(escrow)) -i NAME.identity"
            )
        }
    }
}
