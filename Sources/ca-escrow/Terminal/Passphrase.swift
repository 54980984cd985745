// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow
import Files
import SecretMemory
import SystemPackage

/// Passphrases, from a file or from the terminal, straight into secret memory.
enum Passphrase {
    /// Asks once, without echo.
    ///
    /// - Parameters:
    ///   - what: Such as `bob's passphrase`.
    ///   - name: What `--passphrase-file` calls them.
    static func ask(_ what: String, name: String) throws -> SecretBytes? {
        do {
            return try TerminalPrompt().ask("\(what): ".harmless)
        } catch {
            throw Diagnostic(error, what, else: "--passphrase-file \(name)=FILE")
        }
    }

    /// A passphrase of our making, shown on the terminal this once.
    static func generated(_ what: String) throws -> SecretBytes {
        let passphrase = generatePassphrase()
        do {
            try TerminalNotice.show("\(what), shown only now: ", passphrase)
        } catch {
            throw Diagnostic(error, to: "show", what, else: "--passphrase-file FILE")
        }
        return passphrase
    }

    /// How often somebody may try to type a new one.
    private static let attempts = 3

    /// A new passphrase: from its file, or asked twice; what is no good, or typed differently, is asked for again.
    ///
    /// - Parameters:
    ///   - fewest: The fewest characters.
    ///   - rule: Throws for a passphrase that what is written cannot have.
    static func new(
        _ what: String,
        name: String,
        files: PassphraseFiles,
        fewest: Int,
        rule: ((borrowing SecretBytes) throws -> Void)? = nil
    ) throws -> SecretBytes {
        if let passphrase = try files.passphrase(of: name) {
            try rule?(passphrase)
            try check(passphrase, what, fewest: fewest)
            return passphrase
        }
        if fewest > 1, Question.isPossible {
            Output.error("ca-escrow: a new passphrase has at least \(fewest) characters; type it twice")
        }
        for attempt in 1...attempts {
            guard let passphrase = try ask(what, name: name) else {
                throw Diagnostic("\(what): it is empty", .refused)
            }
            do {
                try rule?(passphrase)
                try check(passphrase, what, fewest: fewest)
                guard let again = try ask("\(what), again", name: name), again.isEqual(to: passphrase) else {
                    throw Diagnostic("\(what): the two were not the same", .refused)
                }
                return passphrase
            } catch {
                guard attempt < attempts, let slip = Diagnostic(error), slip.status == .refused else {
                    throw error
                }
                slip.report()
            }
        }
        preconditionFailure("the last attempt returns or throws")
    }

    private static func check(_ passphrase: borrowing SecretBytes, _ what: String, fewest: Int) throws {
        let count = passphrase.characterCount
        guard count >= fewest else {
            throw Diagnostic("\(what): \(count) characters: at least \(fewest)", .refused)
        }
        if !passphrase.isASCII {
            Output.warning("\(what): not only ASCII: another keyboard or system may type other bytes for it")
        }
    }

    /// Where wrong passphrases often come from.
    static var keyboardHint: String {
        let bytes = (try? Files.read("/etc/default/keyboard", limit: 4096, followingLinks: true)) ?? []
        let layout = String(decoding: bytes, as: UTF8.self).words(between: "\n").lazy
            .compactMap { $0.rest(after: "XKBLAYOUT=") }.first?.replacing(bytesOf: "\"", with: "")
        return "check Caps Lock and the keyboard layout" + (layout.map { " (this console: \($0))" } ?? "")
    }
}
