// SPDX-License-Identifier: Apache-2.0

package import Encoding
import Files

/// What a line says besides its act, for people: no rule reads it.
package indirect enum Remark: Sendable {
    /// The plan's, at the opening.
    case title(String)
    case kind(Plan.Kind)
    /// The last line before an interruption, by its number.
    case after(line: Int)
    /// Of the program, or of a library that it uses.
    case version(of: String, String)
    case result(String)
    case enrolled(by: Name, Timestamp)
    /// A command that does the same: words as a shell takes them.
    case command([String])
    /// Whose share was taken.
    case accepted(Name)
    /// Whose share was not taken, and why.
    case rejected(String)
    /// What an interrupted run had made was found.
    case found
    /// What was typed again at a comparison, such as a word.
    case retyped(String)

    /// The note that says so.
    var note: (name: String, text: String) {
        switch self {
        case .title(let title): ("title", title)
        case .kind(let kind): ("kind", kind.rawValue)
        case .after(let line): ("after", "line \(line)")
        case .version(let name, let version): (name.lowercasedASCII, version.cutToText)
        case .result(let result): ("result", result.cutToText)
        case .enrolled(let officer, let time): ("enrolled", "by \(officer), \(time)")
        case .command(let words): ("command", words.joined(separator: " ").cutToText)
        case .accepted(let name): ("accepted", name.description)
        case .rejected(let words): ("rejected", words.cutToText)
        case .found: ("found", "done before the interruption")
        case .retyped(let words): ("retyped", words.cutToText)
        }
    }
}
