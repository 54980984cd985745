// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import Escrow

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
