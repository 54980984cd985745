// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Files

/// An operand that a command cannot do without and that was left out: asked for on a terminal, elsewhere a usage error.
struct MissingOperand {
    /// What the parser says of it: `Missing expected argument '<file> ...'`.
    private let name: String
    private let help: String

    /// - Returns: Nothing for other errors.
    init?(_ error: any Error) {
        guard let name = CAEscrow.message(for: error).rest(after: "Missing expected argument '")?.rest(before: "'")
        else {
            return nil
        }
        self.name = name
        let lines = CAEscrow.fullMessage(for: error).words(between: "\n")
        let help = lines.lazy.compactMap { $0.rest(after: "Help:  ")?.sides(of: ">  ")?.behind }.first ?? name
        self.help = help.rest(before: ".") ?? help
    }

    /// Asks for it; of several, there are blanks between them.
    ///
    /// - Returns: The arguments, none of which is taken for an option; nothing when only Enter was pressed.
    /// - Throws: ``Diagnostic``
    func ask() throws -> [String]? {
        guard Question.isPossible else {
            return nil
        }
        // One alone may be new; several are there.
        let words =
            name.hasSuffix(bytesOf: " ...")
            ? try Question.files(help, for: name, else: name)
            : try Question.text(help, for: name, else: name).map { [$0] }
        return words?.map { $0.hasPrefix(bytesOf: "-") ? "./\($0)" : $0 }
    }
}
