// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Encoding
import Escrow
import SystemPackage

struct IdentityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity",
        abstract: "Make an identity and its card; change its passphrase.",
        subcommands: [Create.self, PassphraseCommand.self]
    )

    /// Makes `NAME.identity` and `NAME.card`.
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            of: "identity create",
            operands: "<name> [<options>]",
            abstract: "Make NAME.identity, which stays with you, and NAME.card, which you give to the officers.",
            examples: ["ca-escrow identity create bob --full-name 'Bob Martin'"]
        )

        @Argument(help: "Your name in escrows: lower-case letters, digits, and '.', '_', '-', '@', '+' between them.")
        var name: String

        @Option(help: "Your name as people write it.") var fullName: String?
        @Option(help: "Your company and department.") var organisation: String?
        @Option(help: "Where you keep the identity.") var site: String?
        @Option(help: "How officers reach you.") var contact: String?
        @Option(help: .of("time", "When the card expires, such as 2028-12-31T00:00:00Z.")) var validUntil: String?
        @Option(help: .of("dir", "The directory to write to (default: the working directory).")) var out: String?
        @Option(help: .of("[name=]file", "A file with the new passphrase.")) var passphraseFile: [String] = []
        @Flag(help: "Make a passphrase and show it once, on the terminal.") var generatePassphrase = false
        @Flag(help: "No passphrase: whoever has the file can act as you.") var noPassphrase = false

        func validate() throws {
            if noPassphrase, generatePassphrase || !passphraseFile.isEmpty {
                throw ValidationError("--no-passphrase stands alone")
            }
            if generatePassphrase, !passphraseFile.isEmpty {
                throw ValidationError("--generate-passphrase and --passphrase-file exclude one another")
            }
            let texts = [
                ("--full-name", fullName), ("--organisation", organisation), ("--site", site), ("--contact", contact),
            ]
            try texts.forEach { try TextRule.validate($1, of: $0) }
        }

        func run() throws {
            let person = try Name(name)
            guard !Self.optionWords.contains(name) else {
                throw Diagnostic("name '\(name)': a word of --passphrase-file: it would be taken for a store's", .usage)
            }
            let details = try details()
            let terminal = try terminal(for: person)
            let act = CreateIdentity(person, details, in: out.map { FilePath($0) }, isWithoutPassphrase: noPassphrase)
            let made = try terminal.attend { try act.run(attended: $0) }
            Output.line("\(made.identity): keep it, and its passphrase, to yourself")
            Output.line("\(made.cardPath): give it to the officers")
            Output.line("fingerprint: \(made.card.signingKey.fingerprint)")
            Output.line("card SHA-256: \(made.card.digest)")
            if noPassphrase {
                Notice.Fact.disclosed(.isWithoutPassphrase(path: made.identity.string, person)).show()
            }
            Output.next("read the card's SHA-256 to an officer on a number they know")
        }

        private func terminal(for person: Name) throws -> Terminal {
            var files = try PassphraseFiles(passphraseFile)
            try files.check(askable: noPassphrase || generatePassphrase ? [] : [person.description])
            return Terminal(files, generating: generatePassphrase)
        }

        /// What `--passphrase-file` calls others than people.
        private static let optionWords = ["from", "to", "request"]

        private func details() throws -> CardDetails {
            let until = try validUntil.map {
                try TimeOption.time($0, option: "--valid-until", such: "2028-12-31T00:00:00Z")
            }
            do {
                return try CardDetails(
                    fullName: fullName,
                    organisation: organisation,
                    site: site,
                    contact: contact,
                    validUntil: until
                )
            } catch {
                throw Diagnostic("\(error)", .usage)
            }
        }
    }

    /// Seals the same keys under another passphrase, in another file.
    struct PassphraseCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            of: "identity passphrase",
            operands: "<file> [--out <new>]",
            abstract: "Write the same identity under another passphrase.",
            discussion: "The old file is not touched: destroy it and its copies once the new file has replaced them.",
            examples: ["ca-escrow identity passphrase bob.identity --out bob-2027.identity"]
        )

        @Argument(help: .of("file", "The identity.")) var file: String
        @Option(help: .of("new", "The new file.")) var out: String?
        @Option(help: .of("name=file", "A file with the old passphrase (NAME=) or the new one (to=)."))
        var passphraseFile: [String] = []

        func run() throws {
            let old = try IdentityOnDisk(at: file)
            let out = try out ?? Question.needed("The new file", else: "--out NEW")
            var files = try PassphraseFiles(passphraseFile)
            try files.check(askable: old.askable + ["to"])
            let act = ChangePassphrase(of: old, to: FilePath(out))
            try Terminal(files).attend { try act.run(attended: $0) }
            Output.line("\(out): the same identity of \(old.name) under the new passphrase")
            Output.next("destroy \(file) and its copies: it still opens with the old passphrase")
        }
    }
}
