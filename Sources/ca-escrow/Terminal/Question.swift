// SPDX-License-Identifier: Apache-2.0

import Escrow
import Files
import SecretMemory
import SystemPackage

/// Questions whose answers are public, asked at `/dev/tty` alone.
enum Question {
    /// Whether somebody can be asked.
    static var isPossible: Bool { TerminalPrompt.isPossible }

    /// Whether `--yes` answers those that want a yes: an option of every command, which no command declares.
    static let isYes = CommandLine.arguments.prefix { !$0.isEqual(bytesOf: "--") }.contains(bytesOf: yes)
    static let yes = "--yes"

    /// A line of text; nothing when only Enter was pressed.
    ///
    /// - Parameter what: What an error says was asked for.
    /// - Throws: ``Diagnostic`` when there is no terminal.
    static func text(_ prompt: String, for what: String, else option: String) throws -> String? {
        do {
            let answer = try TerminalPrompt().ask("\(prompt): ".harmless, isEchoed: true)
            guard let answer else {
                return nil
            }
            return answer.withSpan { span in String(decoding: span.indices.map { span[$0] }, as: UTF8.self) }
        } catch {
            throw Diagnostic(error, what, else: option)
        }
    }

    /// Files, with blanks between them: asked for again when one is not there.
    static func files(_ prompt: String, for what: String, else option: String) throws -> [String]? {
        for attempt in 1... {
            guard let files = try text(prompt, for: what, else: option)?.words(between: " ") else {
                return nil
            }
            guard let missing = files.first(where: { (try? Files.kind(of: FilePath($0))) == nil }), attempt < 3 else {
                return files
            }
            Diagnostic("\(missing): No such file or directory", .noInput).report()
        }
        return nil
    }

    /// What an option left out: asked for, or a usage error where nobody can be asked.
    ///
    /// - Throws: ``Diagnostic``
    static func needed(_ prompt: String, else option: String) throws -> String {
        guard isPossible else {
            throw Diagnostic("\(option) is missing, and there is no terminal to ask at", .usage)
        }
        guard let answer = try text(prompt, for: option, else: option) else {
            throw Diagnostic("\(option) is missing", .usage)
        }
        return answer
    }
}

extension Diagnostic {
    /// - Parameter act: What the terminal was for: to `ask for` something, or to `show` it.
    init(_ error: PromptError, to act: String = "ask for", _ what: String, else option: String) {
        switch error {
        case .noTerminal:
            self.init(
                "no terminal to \(act) \(what)",
                hint: "over ssh use 'ssh -t'; in a script: \(option)",
                .unavailable
            )
        case .endOfInput:
            self.init("no answer for \(what): the input ended", .unavailable)
        case .lineTooLong(let limit):
            self.init("\(what): more than \(limit) bytes", .usage)
        case .terminalFailed(let number):
            self.init("the terminal failed: error \(number)", .inputOutput)
        }
    }
}
