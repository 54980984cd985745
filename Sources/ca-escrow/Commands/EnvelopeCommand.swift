// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Encoding
import Escrow
import KeyStores
import Pages
import SystemPackage

struct EnvelopeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "envelope",
        abstract: "Print sheets for the bags that shares are kept in, and check what comes back.",
        subcommands: [Print.self, Check.self]
    )

    /// A page to print, a sheet a custodian.
    struct Print: ParsableCommand {
        static let configuration = CommandConfiguration(
            of: "envelope print",
            operands: "<escrow> [<options>]",
            abstract: "Write a page with a sheet for each custodian: digests, the sealed share as a code, and a label.",
            discussion:
                "A sealed share is public: without its custodian's identity it opens nothing. Needs 'qrencode'.",
            examples: ["ca-escrow envelope print acme.escrow --paper a4"]
        )

        @Argument(help: .of("escrow", "The escrow.")) var escrow: String
        @Option(help: .of("file|dir", "The page, or a directory for it (default: NAME-envelopes-DIGEST.html here)."))
        var out: String?
        @Option(help: "The paper: a4 or letter.") var paper: Paper = .a4
        @Option(help: .of("name", "Only this custodian; may be repeated.")) var custodian: [String] = []
        @Option(help: .of("number|digest", "An epoch other than the one in force.")) var epoch: EpochSelector?

        func run() throws {
            let act = PrintEnvelopes(
                of: FilePath(escrow),
                epoch,
                only: try custodian.map { try Name($0) },
                on: paper,
                by: "ca-escrow \(Version.text)",
                to: out.map { FilePath($0) }
            )
            let printed = try Terminal(PassphraseFiles([])).attend {
                try act.run(searching: EnvelopeCommand.searchPath, attended: $0)
            }
            let list = printed.custodians.listed
            let state = printed.isThere ? ": already here" : ""
            Output.line("\(printed.path): epoch \(printed.epoch), for \(list)\(state)")
            Output.next("print it at full size (100 %), then: ca-escrow envelope check \(ShellWord.path(escrow)) SCAN")
        }
    }
}

extension EnvelopeCommand {
    /// Where programs are looked for.
    static var searchPath: String { StoreEnvironment.value("PATH") ?? "" }
}

extension Paper: ExpressibleByArgument {}
