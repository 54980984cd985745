// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Escrow
import SystemPackage

struct VoidCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "void",
        operands: "<escrow> --epoch <digest> --reason <text> [<options>]",
        abstract: "End a fork: say which branch of approved epochs does not count.",
        discussion: """
            Makes a record in the newest epoch of the branch that stays. The record counts when as many of that \
            epoch's officers as its manifest demands have signed it.
            """,
        examples: ["ca-escrow void acme.escrow --epoch 5f9d6dba --reason 'two renewals' \\\n    -i olga.identity"]
    )

    @Argument(help: .of("escrow", "The escrow.")) var escrow: String
    @Option(help: .of("digest", "The epoch that does not count: the digest of its manifest, or its first digits."))
    var epoch: EpochSelector?
    @Option(help: .of("text", "Why.")) var reason: String?
    @OptionGroup var acting: IdentityOptions
    @OptionGroup var clock: TimeOption

    func run() throws {
        let (officer, files) = try acting.oneWithFiles()
        let act = VoidBranch(epoch, of: FilePath(escrow), because: reason, by: officer, now: try clock.time())
        let done = try Terminal(files).attend { try act.run(attended: $0) }
        Output.line("\(escrow): void: the branch of \(done.branch)")
        Output.line("record: \(done.record)")
        Output.next(signersOf: done.approval, besides: officer.name, of: escrow)
    }
}
