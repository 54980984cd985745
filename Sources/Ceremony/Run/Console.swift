// SPDX-License-Identifier: Apache-2.0

package import Escrow

/// A keyboard, and a screen on which lines appear below one another.
package protocol Console: AnyObject {
    /// Shows a text, in as many lines as it needs.
    ///
    /// - Parameters:
    ///   - first: What stands before its first line.
    ///   - rest: What stands before those that follow.
    func say(_ text: String, first: String, rest: String)

    /// Shows why something could not be done, and what helps.
    func report(_ error: any Error)

    /// A line that is typed; nothing for Enter alone.
    ///
    /// - Throws: ``Absence`` when the input has ended.
    func line(_ prompt: String) throws(Absence) -> String?
}

extension Console {
    /// Shows a line.
    package func say(_ text: String) { say(text, first: "", rest: "") }
}
