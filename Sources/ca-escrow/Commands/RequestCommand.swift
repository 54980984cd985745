// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Audit
import Encoding
import Escrow
import Files
import SystemPackage

struct RequestCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        of: "request",
        operands: "<escrow> --purpose <text> --destination <text> ...",
        abstract: "Ask custodians who are elsewhere to release their shares to this machine.",
        discussion: """
            Makes a key for this one restore and keeps it outside the escrow; also makes a request, which other officers \
            sign. Custodians answer it with 'release' or 'answer'; 'restore --request' opens what they send.
            """,
        examples: [
            "ca-escrow request acme.escrow --purpose 'INC-4711: CA server burnt' \\\n    --destination 'ca2, Lyon' --key restore.key -i olga.identity"
        ]
    )

    @Argument(help: .of("escrow", "The escrow.")) var escrow: String
    @Option(help: .of("text", "Why: custodians read it.")) var purpose: String?
    @Option(help: .of("text", "Where the key goes: custodians read it.")) var destination: String?
    @Option(help: .of("text", "This machine (default: its name).")) var machine: String?
    @Option(help: .of("duration", "How long custodians have to answer, at most 30d.")) var expires = "72h"
    @Option(help: .of("time", "When custodians may start to answer (default: now).")) var notBefore: String?
    @Option(help: .of("file", "Where the request's private key goes: outside the escrow.")) var key: String?
    @OptionGroup var acting: IdentityOptions
    @OptionGroup var rehearsing: RehearsalOption
    @OptionGroup var clock: TimeOption
    @OptionGroup var report: ReportOption

    func run() throws {
        let officer = try acting.oneOrAsked()
        let words = try words()
        let now = try clock.time()
        let start = try notBefore.map { try TimeOption.time($0, option: "--not-before") } ?? now
        let seconds = try DurationOption.seconds(from: expires, option: "--expires", in: 1...Request.longestSeconds)
        var files = try PassphraseFiles(acting.passphraseFile)
        try files.check(askable: officer.askable + [AskForShares.keyName])
        let act = AskForShares(
            of: FilePath(escrow),
            words,
            from: start,
            seconds: seconds,
            by: officer,
            isRehearsing: rehearsing.rehearsal,
            now: now
        )
        let ready = try act.ready()
        let key = try key ?? Question.needed("A new file for the request's private key", else: "--key FILE")
        let made = try Terminal(files).attend { try ready.made(keyAt: FilePath(key), attended: $0) }
        Output.line("request: \(made.request)")
        Output.line("key: \(key): keep it on this machine: it opens what custodians release")
        Output.line("request SHA-256: \(made.digest)")
        let code = ComparisonCode(of: made.digest)
        Output.line("words:  \(code.words.joined(separator: " "))")
        Output.line("digits: \(code.digits.joined(separator: " "))")
        Report.note([
            "digits": .texts(code.digits), "key": .text(key), "request": .text(made.request),
            "sha256": .text(made.digest), "words": .texts(code.words),
        ])
        announce(made.approval, made.digest, officer.name)
    }

    private func announce(_ approval: Approval, _ digest: SHA256Digest, _ officer: Name) {
        Output.next(signersOf: approval, besides: officer, of: escrow)
        Output.next(NextStep.pack(request: digest, of: FilePath(escrow)))
        Output.next("read the words or the digits to each custodian who calls you")
    }

    private func words() throws -> Request.Words {
        let purpose = try purpose ?? Question.needed("Why the key is needed", else: "--purpose TEXT")
        let destination = try destination ?? Question.needed("Where the key goes", else: "--destination TEXT")
        let machine = machine ?? Files.hostName.flatMap { TextRule.allows($0) ? $0 : nil } ?? "unknown"
        for (option, text) in [("--purpose", purpose), ("--destination", destination), ("--machine", machine)] {
            try TextRule.check(text, of: option)
        }
        return Request.Words(purpose: purpose, destination: destination, machine: machine)
    }
}
