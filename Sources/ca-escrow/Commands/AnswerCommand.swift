// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Escrow
import SystemPackage

struct AnswerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "answer",
        operands: "<file> ... -i <identity> [<options>]",
        abstract: "Do what a parcel asks of you, and write the file to send back.",
        discussion: """
            This is the only command that a custodian needs besides 'identity create'. At enrolment, it shows that you \
            can unseal a share. Later it acknowledges a new share, answers challenges, and releases a share for a \
            request, after showing who asks for what, and why.
            """,
        examples: ["ca-escrow answer acme-request.parcel -i bob.identity"]
    )

    @Argument(help: .of("file", "Parcels.")) var files: [String]
    @OptionGroup var acting: IdentityOptions
    @Option(help: .of("code", "A manifest's digest; it is needed only the first time.")) var manifest: [String] = []
    @Option(help: .of("code", "A request's digest, as read to you.")) var confirm: [String] = []
    @Option(help: .of("file", "The answer's file (default: a new name).")) var out: String?
    @OptionGroup var rehearsing: RehearsalOption
    @OptionGroup var clock: TimeOption

    func run() throws {
        let (custodian, passphrases) = try acting.oneWithFiles()
        let terminal = Terminal(passphrases)
        let act = Answer(
            try files.map { Answer.Received(try Parcel(at: FilePath($0)), at: $0) },
            by: custodian,
            given: Release.Given(manifests: manifest, requests: confirm),
            to: out.map { FilePath($0) },
            isRehearsing: rehearsing.rehearsal,
            now: try clock.time()
        )
        let outcome = try terminal.attend { try act.run(attended: $0) }
        if !outcome.isAsked {
            Output.line("nothing is asked of \(custodian.name)")
        }
        try terminal.end(outcome.failures)
    }
}
