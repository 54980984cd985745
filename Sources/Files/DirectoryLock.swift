// SPDX-License-Identifier: Apache-2.0

import Glibc
package import SystemPackage

/// One process's turn in a directory, kept until the value goes: flock(2).
///
/// It binds only those who ask for it too, and nothing is left behind by a crash.
package struct DirectoryLock: ~Copyable {
    private let file: Int32

    /// Takes the lock, or finds out at once that somebody else has it.
    ///
    /// - Throws: ``FileError/busy(path:)``
    package init(on directory: FilePath) throws(FileError) {
        let file = unsafe directory.withPlatformString { unsafe Glibc.open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard file >= 0 else {
            throw .system(path: directory.string, Errno.last)
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let error = Errno.last
            _ = close(file)
            throw error == .wouldBlock
                ? .busy(path: directory.string) : .system(path: directory.string, error)
        }
        self.file = file
    }

    deinit {
        _ = close(file)
    }

    /// Does a piece of work under the lock.
    ///
    /// - Throws: ``FileError/busy(path:)``, or what the work throws.
    package static func during<Result: ~Copyable>(_ directory: FilePath, _ work: () throws -> Result) throws -> Result {
        let lock = try DirectoryLock(on: directory)
        let result = try work()
        _ = consume lock
        return result
    }
}
