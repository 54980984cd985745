// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Escrow
import SystemPackage

struct ReleaseCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        of: "release",
        operands: "<escrow> -i <identity> [<options>]",
        abstract: "Release your share to the machine of a request, sealed to this one restore.",
        discussion: """
            Shows who asks for what, and why, and asks for the request's words or digits, which an officer reads to you. \
            Writes one file, which you send to the restoring machine, and files your signed statement in the escrow.
            """,
        examples: ["ca-escrow release acme.escrow --request 7f3a -i bob.identity"]
    )

    @Argument(help: .of("escrow", "The escrow, or a parcel of it.")) var escrow: String
    @Option(help: .of("id", "The request, by the first digits of its ID (default: the open one).")) var request: String?
    @OptionGroup var acting: IdentityOptions
    @Option(help: .of("code", "The manifest's digest; it is needed only the first time.")) var manifest: [String] = []
    @Option(help: .of("code", "The request's digest, as read to you.")) var confirm: [String] = []
    @Option(help: .of("file", "The release's file (default: a new name).")) var out: String?
    @OptionGroup var rehearsing: RehearsalOption
    @OptionGroup var clock: TimeOption
    @OptionGroup var report: ReportOption

    func run() throws {
        let (custodian, files) = try acting.oneWithFiles()
        let act = Release(
            from: FilePath(escrow),
            request: request,
            by: custodian,
            given: Release.Given(manifests: manifest, requests: confirm),
            to: out.map { FilePath($0) },
            isRehearsing: rehearsing.rehearsal,
            now: try clock.time()
        )
        try Terminal(files).attend { try act.run(attended: $0) }
    }
}
