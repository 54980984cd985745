// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encoding
import Escrow
import SystemPackage

struct WordsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "words",
        operands: "<path|digest>",
        abstract: "Show a digest as words and digits to read aloud.",
        discussion: """
            For an escrow, this is the digest of the manifest in force; for any other file, the file's own. Read the words \
            or the digits to the other person, who types what they hear; a mere "yes" is not a comparison.
            """,
        examples: ["ca-escrow words acme.escrow"]
    )

    @Argument(help: .of("path|digest", "An escrow, a file, or 64 hexadecimal digits.")) var subject: String

    func run() throws {
        switch try ReadAloud(subject) {
        case .digest(let digest): show(digest, of: "\(subject): a digest")
        case .epoch(let approval): show(approval)
        case .file(let count, let digest):
            show(digest, of: "\(FilePath(subject)): a file of \(count) \(count == 1 ? "byte" : "bytes")")
        case nil:
            throw Diagnostic(
                "\(subject.quoted): neither the path of something that is there, nor a digest of 64 hexadecimal digits",
                .usage
            )
        }
    }

    private func show(_ approval: EpochApproval) {
        let document = approval.document
        let state = approval.isApproved ? "in force" : "not in force"
        show(
            document.digest,
            of: "\(document.manifestPath): epoch \(document.manifest.epoch), \(state); unverified: audit tells more"
        )
        if !approval.isApproved {
            Output.warning(approval.notInForce.description)
        }
    }

    private func show(_ digest: SHA256Digest, of subject: String) {
        Output.line(subject)
        Output.line("  SHA-256       \(digest)")
        ComparisonCode(of: digest).rows.forEach(Output.line)
    }
}
