// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encoding
import Escrow
import SystemPackage

extension EnrolCommand {
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            of: "enrol verify",
            operands: "<file> ... [<options>]",
            abstract: "Say for each card whether its custodian has shown that they can unseal.",
            discussion: """
                Reads what custodians sent back, and directories of cards. A challenge counts if you made it (-i), or if \
                --signers admits its officer for \(EnrolmentChallenge.format.namespace). With --out, what was proven is \
                filed beside its card, where 'backup' and ceremonies look for it.
                """,
            examples: ["ca-escrow enrol verify bob-answer.parcel -i olga.identity --out cards"]
        )

        @Argument(help: .of("file", "Parcels, directories, cards, enrolments.")) var files: [String]
        @Option(
            name: [.customShort("i"), .long],
            help: .of("file", "The identity of the officer who asked; its passphrase is not needed.")
        )
        var identity: [String] = []
        @Option(help: .of("file", "The officers you believe: an allowed_signers file.")) var signers: String?
        @Option(help: .of("dir", "The cards' directory, where what was proven is filed.")) var out: String?
        @Flag(help: "The result as JSON.") var json = false
        @OptionGroup var clock: TimeOption

        func run() throws {
            let now = try clock.time()
            let folder = out.map { FilePath($0) }
            let trust = EnrolmentTrust(
                officers: try identity.map { try IdentityOnDisk(at: $0).signer },
                signers: try signers.map(SignersOptions.read)
            )
            let review = try VerifyEnrolment(files.map { FilePath($0) }, trusting: trust, into: folder, now: now).run()
            review.faults.forEach { Diagnostic(fact: $0).report() }
            if json {
                Output.bytes(review.json.encoded())
            } else {
                review.lines.map(\.text).forEach(Output.line)
            }
            if let folder {
                try review.file(in: folder) { json ? () : Output.line("filed: \($0)") }
            } else if review.exitStatus < 2, files.contains(where: { RecognisedFile(at: FilePath($0)) == .parcel }) {
                Output.next("nothing is filed without --out, the cards' directory: 'backup' looks for it there")
            }
            try ExitStatus.end(review.exitStatus)
        }
    }
}
