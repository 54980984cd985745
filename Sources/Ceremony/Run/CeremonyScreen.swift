// SPDX-License-Identifier: Apache-2.0

package import Encoding
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

/// The screen and the keyboard of a room in which a ceremony is held.
///
/// A console is one, a test's script another. Nothing secret comes here: passphrases go from an act's ``Attendance`` into
/// secret memory.
package protocol CeremonyScreen: Console {
    /// Shows the step that is under way at the top, where it stays; what was shown before stays below it.
    func show(_ step: Step, of script: CeremonyScript, _ plan: Plan, _ digest: SHA256Digest)

    /// Begins with an empty screen.
    func clear()

    /// Calls for attention: something is not as it should be.
    func alarm()

    /// Shows a digest as it is read aloud.
    func show(_ digest: SHA256Digest, of subject: String)

    /// Shows a command that does the same by itself, or that somebody runs elsewhere: words as a shell takes them.
    func show(command words: [String])

    /// Runs an act that asks and tells those in the room.
    func attend<Result>(_ act: (any Attendance) throws -> Result) throws -> Result
}
