// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import SystemPackage

struct WordsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "words",
        operands: "<path|digest>",
        abstract: "Show a digest as words and digits to read aloud.",
        discussion: """
            Of an escrow it is the digest of the manifest in force, of any other file the file's own. Read the words or \
            the digits to the other person, who types what they hear; a yes is no comparison.
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
        let code = ComparisonCode(of: digest)
        Output.line(subject)
        Output.line("  SHA-256       \(digest)")
        for start in stride(from: 0, to: code.words.count, by: Self.rowCount) {
            let row = code.words[start..<start + Self.rowCount]
            let label = padded("words \(start + 1)-\(start + row.count)", to: 14)
            let words = row.dropLast().map { padded($0, to: 13) } + row.suffix(1)
            Output.line("  \(label)\(words.joined())")
        }
        Output.line("  digits        \(code.digits.joined(separator: " "))")
    }

    private func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: width - text.utf8.count)
    }

    /// How many words stand in a row.
    private static let rowCount = 4
}
