// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Escrow
import SystemPackage

struct RefuseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "refuse",
        operands: "<escrow> --reason <text> -i <identity> [<options>]",
        abstract: "Object to a request, with a reason: the restore stops unless officers override it.",
        discussion: "Custodians and officers can refuse.",
        examples: ["ca-escrow refuse acme.escrow --reason 'nobody called me back' -i bob.identity"]
    )

    @Argument(help: .of("escrow", "The escrow, or a parcel of it.")) var escrow: String
    @Option(help: .of("id", "The request, by the first digits of its ID (default: the open one).")) var request: String?
    @Option(help: .of("text", "Why.")) var reason: String?
    @OptionGroup var acting: IdentityOptions
    @Option(help: .of("file", "Also write the refusal into one file, to send.")) var out: String?
    @OptionGroup var clock: TimeOption

    func run() throws {
        let (person, files) = try acting.oneWithFiles()
        let act = Refuse(
            FilePath(escrow),
            request: request,
            by: person,
            because: reason,
            parcel: out.map { FilePath($0) },
            now: try clock.time()
        )
        try Terminal(files).attend { try act.run(attended: $0) }
    }
}
