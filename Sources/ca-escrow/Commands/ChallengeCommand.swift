// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import SystemPackage

struct ChallengeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "challenge",
        abstract: "Ask the custodians to prove that they still know their shares.",
        discussion: """
            Files a signed challenge in each escrow; custodians answer with 'prove' or 'answer'. It counts for an audit \
            whose --signers admits your key for \(DocumentFormat.challenge.namespace).
            """
    )

    @Argument(help: ArgumentHelp("Escrows.", valueName: "escrow")) var escrows: [String] = []
    @OptionGroup var acting: IdentityOptions
    @Option(help: ArgumentHelp("How long custodians may answer (default: 30d).", valueName: "duration"))
    var expires = "30d"
    @Option(help: ArgumentHelp("Also write a parcel for the custodians.", valueName: "file")) var out: String?
    @OptionGroup var clock: TimeOption

    func run() throws {
        let auditor = try acting.oneOrAsked()
        var files = try PassphraseFiles(acting.passphraseFile)
        try files.check(askable: auditor.file.isWithoutPassphrase ? [] : [auditor.name.description])
        let now = try clock.time()
        let seconds = try DurationOption.seconds(from: expires, option: "--expires", in: 1...Challenge.longestSeconds)
        let outbox = try Outbox(out)
        let directories = try escrows.map { try EscrowDirectory(at: FilePath($0)) }
        let epochs = try directories.map { directory in
            let approvals = try directory.approvals()
            guard let approval = approvals.inForce else {
                throw approvals[approvals.count - 1].notInForce
            }
            try Clock.check(now, against: approval.document, in: directory)
            return approval.document
        }
        let identity = try auditor.open(files)
        let officer = Officer(name: identity.name, key: identity.signingKey)
        var sent = outbox
        for (directory, epoch) in zip(directories, epochs) {
            let challenge = Challenge(by: officer, to: epoch, at: now, until: now.adding(seconds: seconds))
            let signed = SignedDocument(challenge, in: epoch, by: identity)
            if out != nil {
                sent.add(
                    try directory.packed(only: [signed.identifier]) { Output.warning("left out: \($0)") }
                )
            }
            try sent.send(signed, of: directory, as: "challenge \(signed.identifier.prefix(8))")
        }
        try sent.finish(
            about:
                "\(auditor.name) asks for proofs until \(now.adding(seconds: seconds).forPeople): ca-escrow answer FILE"
        )
        let people = Set(epochs.flatMap { $0.manifest.people.map(\.name) }).sorted().map(\.description)
        let list = people.joined(separator: ", ")
        Output.next(
            out.map { "send \($0) to \(list); they run: ca-escrow answer FILE" }
                ?? "\(list) answer it: ca-escrow prove \(escrows.joined(separator: " ")) -i NAME.identity"
        )
    }
}
