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
        file = try Self.take(directory, O_DIRECTORY, tries: 1)
    }

    /// Takes the lock on a file or directory that stands for something else, such as the module of a token.
    ///
    /// - Parameter tries: How often, a tenth of a second apart: others are soon done.
    /// - Throws: ``FileError/busy(path:)``
    package init(onPlaceOf path: FilePath, tries: Int) throws(FileError) {
        file = try Self.take(path, O_NONBLOCK, tries: tries)
    }

    /// A lock that shows others that a process is at work on a directory; none where that is not possible.
    static func ifPossible(on directory: FilePath) -> DirectoryLock? {
        do throws(FileError) {
            return try DirectoryLock(on: directory)
        } catch {
            return nil
        }
    }

    private static func take(_ path: FilePath, _ flags: Int32, tries: Int) throws(FileError) -> Int32 {
        let options = O_RDONLY | O_CLOEXEC | flags
        let file = unsafe path.withPlatformString { unsafe Glibc.open($0, options) }
        guard file >= 0 else {
            throw .system(path: path.string, Errno.last)
        }
        var left = tries
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            let error = Errno.last
            left -= 1
            guard error == .wouldBlock, left > 0 else {
                _ = close(file)
                throw error == .wouldBlock ? .busy(path: path.string) : .system(path: path.string, error)
            }
            _ = usleep(100_000)
        }
        return file
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
