// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Encoding
import Escrow
import SystemPackage

struct ReinstateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "reinstate",
        operands: "<escrow> <name> --reason <text> [<options>]",
        abstract: "End the suspensions of a custodian, with the other officers.",
        discussion: """
            Names every suspension of the custodian that counts, and makes a record that counts once as many officers \
            have signed it as the manifest demands. Afterwards one officer alone suspends them no more.
            """,
        examples: ["ca-escrow reinstate acme.escrow bob --reason 'found in the safe' -i olga.identity"]
    )

    @Argument(help: .of("escrow", "The escrow.")) var escrow: String
    @Argument(help: .of("name", "The custodian.")) var name: String
    @Option(help: .of("text", "Why they are counted on again.")) var reason: String?
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
