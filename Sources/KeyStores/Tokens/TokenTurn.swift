// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage

/// One process's turn at writing into the tokens of a module, or into a database, as long as its session lasts.
///
/// The lock is on the module's file or the database's directory, so that nothing is left behind. SoftHSM also answers
/// CKR_GENERAL_ERROR when another process logs in meanwhile.
final class TokenTurn: Sendable {
    private let lock: DirectoryLock

    /// Waits while another process has it, as long as every command does.
    ///
    /// - Throws: ``FileError/busy(path:holder:)``
    init(at place: FilePath) throws(FileError) {
        lock = try DirectoryLock(onPlaceOf: place)
    }
}
