// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Files

extension CommandConfiguration {
    /// The configuration of a command whose help shows what it cannot do without, and what it looks like in use.
    ///
    /// - Parameters:
    ///   - path: Its words, such as `enrol verify`.
    ///   - operands: What stands behind them, required options among it.
    ///   - examples: Command lines, each in as many lines of at most 78 columns as it needs.
    init(
        of path: String,
        operands: String,
        abstract: String,
        discussion: String = "",
        examples: [String]
    ) {
        let words = path.words(between: " ")
        let lines = examples.flatMap { $0.words(between: "\n") }.map { "  \($0)" }
        let yes = Self.askForYes.contains(bytesOf: path) ? Self.yes : ""
        let parts = [discussion, yes, (["Examples:"] + lines).joined(separator: "\n")].filter { !$0.isEmpty }
        self.init(
            commandName: words.last,
            _superCommandName: ([CAEscrow.name] + words.dropLast()).joined(separator: " "),
            abstract: abstract,
            usage: "\(CAEscrow.name) \(path)\(operands.isEmpty ? "" : " \(operands)")",
            discussion: parts.joined(separator: "\n\n")
        )
    }

    private static let yes =
        "\(Question.yes) answers every yes-or-no question; it never supplies a comparison, a reason or a key."

    /// Commands that ask such questions; the help of others does not mention it.
    private static let askForYes = [
        "add-certificate", "answer", "backup", "collect", "prove", "refuse", "reinstate", "rekey", "rotate open",
        "sign", "void", "withdraw",
    ]
}

extension ArgumentHelp {
    /// What help says of an option or operand, and what it calls its value.
    static func of(_ valueName: String, _ text: String) -> ArgumentHelp {
        ArgumentHelp("\(text)", valueName: valueName)
    }
}
