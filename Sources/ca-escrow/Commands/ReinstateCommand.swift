// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encoding
import Escrow
import SystemPackage

struct ReinstateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "reinstate",
        operands: "<escrow> <name> --reason <text> [<options>]",
        abstract: "Together with the other officers, end a custodian's suspensions.",
        discussion: """
            Makes a record that names every suspension of the custodian that is in force. The record counts when as many \
            officers as the manifest demands have signed it. Then one officer alone can no longer suspend the custodian.
            """,
        examples: ["ca-escrow reinstate acme.escrow bob --reason 'found in the safe' \\\n    -i olga.identity"]
    )

    @Argument(help: .of("escrow", "The escrow.")) var escrow: String
    @Argument(help: .of("name", "The custodian.")) var name: String
    @Option(help: .of("text", "Why the custodian counts again.")) var reason: String?
    @OptionGroup var acting: IdentityOptions
    @OptionGroup var clock: TimeOption

    func run() throws {
        let custodian = try Name(name)
        let (officer, files) = try acting.oneWithFiles()
        let act = Reinstate(custodian, of: FilePath(escrow), because: reason, by: officer, now: try clock.time())
        let done = try Terminal(files).attend { try act.run(attended: $0) }
        Output.line("\(escrow): \(custodian): \(done.ended == 1 ? "a suspension ends" : "suspensions end")")
        Output.line("record: \(done.record)")
        Output.next(signersOf: done.approval, besides: officer.name, of: escrow)
    }
}
