// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import Files
import SecretMemory
import SystemPackage

struct IdentityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity",
        abstract: "Make an identity and its card; change its passphrase.",
        subcommands: [Create.self, ChangePassphrase.self]
    )

    /// Makes `NAME.identity` and `NAME.card`.
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Make NAME.identity, which stays with you, and NAME.card, which you give to the officers."
        )

        @Argument(help: "Your name in escrows: lower-case letters, digits, and '.', '_', '-', '@', '+' between them.")
        var name = ""

        @Option(help: "Your name as people write it.") var fullName: String?
        @Option(help: "Your company and department.") var organisation: String?
        @Option(help: "Where you keep the identity.") var site: String?
        @Option(help: "How officers reach you.") var contact: String?
        @Option(help: ArgumentHelp("When the card ends, such as 2028-12-31T00:00:00Z.", valueName: "time"))
        var validUntil: String?
        @Option(help: ArgumentHelp("The directory to write to (default: the working directory).", valueName: "dir"))
        var out: String?
        @Option(help: ArgumentHelp("A file with the new passphrase.", valueName: "[name=]file"))
        var passphraseFile: [String] = []
        @Flag(help: "Make a passphrase and show it once, on the terminal.") var generatePassphrase = false
        @Flag(help: "No passphrase: whoever has the file is you.") var noPassphrase = false

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
            for case (let option, let text?) in texts where !TextRule.allows(text) {
                throw ValidationError("\(option): 1 to 500 characters, no control or invisible ones")
            }
        }

        func run() throws {
            let person = try Name(name)
            guard !Self.optionWords.contains(name) else {
                throw Diagnostic("name '\(name)': a word of --passphrase-file: it would be taken for a store's", .usage)
            }
            let details = try details()
            let directory = FilePath(out ?? ".")
            let identityPath = out == nil ? FilePath("\(person).identity") : directory.appending("\(person).identity")
            let cardPath = out == nil ? FilePath("\(person).card") : directory.appending("\(person).card")
            for path in [identityPath, cardPath] where try Files.kind(of: path) != nil {
                throw FileError.exists(path: path.string)
            }
            let passphrase = try passphrase(of: person)
            let made = try Output.whileShowing("making the identity") {
                try make(person, passphrase)
            }
            let card = Card.make(for: made.identity, details: details)
            let (secret, shared) = (made.file.encoded(), card.bytes)
            // Both or neither, also when a signal comes.
            try SignalShield.during { () throws(FileError) in
                try Files.create(identityPath, secret, permissions: [.ownerReadWrite])
                do throws(FileError) {
                    try Files.create(cardPath, shared, permissions: [.ownerReadWrite, .groupRead, .otherRead])
                } catch {
                    Files.withdraw(identityPath)
                    throw error
                }
            }
            Output.line("\(identityPath): keep it, and its passphrase, to yourself")
            Output.line("\(cardPath): give it to the officers")
            Output.line("fingerprint: \(card.signingKey.fingerprint)")
            Output.line("card SHA-256: \(card.digest)")
            if noPassphrase {
                Output.warning("\(identityPath): without a passphrase: whoever has the file is \(person)")
            }
            Output.next("read the card's SHA-256 to an officer on a number they know")
        }

        /// What `--passphrase-file` calls others than people.
        private static let optionWords = ["from", "to", "request"]

        private func make(_ person: Name, _ passphrase: borrowing SecretBytes?) throws -> NewIdentity {
            do {
                return try IdentityFile.create(name: person, passphrase: passphrase)
            } catch {
                throw Diagnostic("\(error)", .refused)
            }
        }

        private func details() throws -> CardDetails {
            var until: Timestamp?
            if let validUntil {
                guard let time = Timestamp(validUntil) else {
                    throw Diagnostic("--valid-until \(validUntil): not a time such as 2028-12-31T00:00:00Z", .usage)
                }
                until = time
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

        private func passphrase(of person: Name) throws -> SecretBytes? {
            guard !noPassphrase else {
                return nil
            }
            if generatePassphrase {
                let passphrase = Custody.generatePassphrase()
                do {
                    try TerminalNotice.show("\(person)'s passphrase, shown only now: ", passphrase)
                } catch {
                    throw Diagnostic(error, showing: "\(person)'s passphrase", else: "--passphrase-file FILE")
                }
                return passphrase
            }
            var files = try PassphraseFiles(passphraseFile)
            try files.check(askable: [person.description])
            return try Passphrase.new(
                "\(person)'s new passphrase",
                name: person.description,
                files: files,
                fewest: IdentityOnDisk.fewestPassphraseBytes
            )
        }
    }

    /// Seals the same keys under another passphrase, in another file.
    struct ChangePassphrase: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "passphrase",
            abstract: "Write the same identity under another passphrase.",
            discussion: "The old file is not touched: destroy it and its copies when the new one is in their place."
        )

        @Argument(help: ArgumentHelp("The identity.", valueName: "file")) var file = ""
        @Option(help: ArgumentHelp("The new file.", valueName: "new")) var out: String?
        @Option(
            help: ArgumentHelp("A file with the old passphrase (NAME=) or the new one (to=).", valueName: "name=file")
        )
        var passphraseFile: [String] = []

        func run() throws {
            let old = try IdentityOnDisk(at: file)
            let out = try out ?? Question.needed("The new file", else: "--out NEW")
            let path = FilePath(out)
            guard try Files.kind(of: path) == nil else {
                throw FileError.exists(path: out)
            }
            var files = try PassphraseFiles(passphraseFile)
            try files.check(askable: old.file.isWithoutPassphrase ? ["to"] : [old.name.description, "to"])
            let identity = try old.open(files)
            let passphrase: SecretBytes? = try Passphrase.new(
                "\(old.name)'s new passphrase",
                name: "to",
                files: files,
                fewest: IdentityOnDisk.fewestPassphraseBytes
            )
            let renewed: IdentityFile
            do {
                renewed = try Output.whileShowing("sealing the identity") { () throws(IdentityError) in
                    try identity.sealed(passphrase: passphrase)
                }
            } catch {
                throw Diagnostic("\(error)", .refused)
            }
            try Files.create(path, renewed.encoded(), permissions: [.ownerReadWrite])
            Output.line("\(out): the same identity of \(old.name) under the new passphrase")
            Output.next("destroy \(file) and its copies: it still opens with the old passphrase")
        }
    }
}
