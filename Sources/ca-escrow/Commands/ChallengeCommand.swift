// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encoding
import Escrow
import SystemPackage

struct ChallengeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "challenge",
        operands: "<escrow> ... -i <identity> [<options>]",
        abstract: "Ask the custodians to prove that they still know their shares.",
        discussion: """
            Files a signed challenge in each escrow; custodians answer with 'prove' or 'answer'. It counts in an audit \
            whose --signers file admits your key for \(DocumentFormat.challenge.namespace).
            """,
        examples: ["ca-escrow challenge acme.escrow -i wanda.identity --out 2027.parcel"]
    )

    @Argument(help: .of("escrow", "Escrows.")) var escrows: [String]
    @OptionGroup var acting: IdentityOptions
    @Option(help: .of("duration", "How long custodians have to answer.")) var expires = "30d"
    @Option(help: .of("file", "Also write a parcel for the custodians.")) var out: String?
    @OptionGroup var clock: TimeOption

    func run() throws {
        let (auditor, files) = try acting.oneWithFiles()
        let act = AskForProofs(
            escrows.map { FilePath($0) },
            by: auditor,
            seconds: try DurationOption.seconds(from: expires, option: "--expires", in: 1...Challenge.longestSeconds),
            parcel: out.map { FilePath($0) },
            now: try clock.time()
        )
        let people = try Terminal(files).attend { try act.run(attended: $0) }
        let (list, places) = (people.map(\.description), escrows.map(ShellWord.path))
        Output.next(
            out.map { NextStep.send(FilePath($0), to: people, toRun: "answer") }
                ?? "\(list.joined(separator: ", ")) answer it: ca-escrow prove \(places.joined(separator: " ")) -i NAME.identity"
        )
    }
}
