// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import Files
import SystemPackage

struct WordsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "words",
        _superCommandName: CAEscrow.name,
        abstract: "Show a digest as words and digits to read aloud.",
        discussion: """
            Of an escrow it is the digest of the manifest in force, of any other file the file's own. Read the words or \
            the digits to the other person, who types what they hear; a yes is no comparison.
            """
    )

    @Argument(help: ArgumentHelp("An escrow, a file, or 64 hexadecimal digits.", valueName: "path|digest"))
    var subject: String

    func run() throws {
        let typed = Result { () throws(TypedCodeError) in try TypedCode(subject) }
        if case .success(.digest(let digest)) = typed {
            return show(digest, of: "\(subject): a digest")
        }
        let path = FilePath(subject)
        switch try Files.kind(of: path) {
        case .directory:
            try show(escrow: EscrowDirectory(at: path))
        case .regular, .symbolicLink, .other:
            let bytes = try Files.read(path, limit: Self.byteLimit)
            let count = "\(bytes.count) \(bytes.count == 1 ? "byte" : "bytes")"
            show(SHA256Digest(of: bytes), of: "\(path): a file of \(count)")
        case nil:
            throw Self.isPath(typed) ? FileError.system(path: path.string, .noSuchFileOrDirectory) : notUnderstood
        }
    }

    private func show(escrow directory: EscrowDirectory) throws {
        let approval = try directory.approval(of: nil)
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

    /// Whether a text under which nothing lies was meant as a path: not what is read aloud, and no digest cut short.
    private static func isPath(_ typed: Result<TypedCode, TypedCodeError>) -> Bool {
        switch typed {
        case .success, .failure(.empty), .failure(.hexDigitCount): false
        case .failure(.unknownWord), .failure(.misplacedWord), .failure(.wordCount), .failure(.digitCount): true
        }
    }

    private var notUnderstood: Diagnostic {
        Diagnostic(
            "\(subject.quoted): neither the path of something that is there, nor a digest of 64 hexadecimal digits",
            .usage
        )
    }

    /// The longest file that is read, in bytes: that of the largest thing an escrow names, a PKCS#12 file.
    private static let byteLimit = ByteLimit.pkcs12

    /// How many words stand in a row.
    private static let rowCount = 4
}
