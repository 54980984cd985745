// SPDX-License-Identifier: Apache-2.0

import Glibc
package import SystemPackage

/// One process's turn in a directory, kept until the value goes: flock(2).
///
/// It binds only those who ask for it too, and nothing is left behind by a crash.
package struct DirectoryLock: ~Copyable {
    private let file: Int32

    /// How long a command waits for its turn: 10 seconds.
    ///
    /// *docs/format.md, section 5.7.*
    package static let patience = Duration.seconds(10)

    /// Takes the lock, or says who has it.
    ///
    /// - Parameter patience: How long others are waited for; some are soon done.
    /// - Throws: ``FileError/busy(path:holder:)``
    package init(on directory: FilePath, patience: Duration = patience) throws(FileError) {
        file = try Self.take(directory, O_DIRECTORY, patience)
    }

    /// Takes the lock on a file or directory that stands for something else, such as the module of a token.
    ///
    /// - Throws: ``FileError/busy(path:holder:)``
    package init(onPlaceOf path: FilePath, patience: Duration = patience) throws(FileError) {
        file = try Self.take(path, O_NONBLOCK, patience)
    }

    /// A lock that shows others that a process is at work on a directory; none where that is not possible.
    static func ifPossible(on directory: FilePath) -> DirectoryLock? {
        do throws(FileError) {
            return try DirectoryLock(on: directory, patience: .zero)
        } catch {
            return nil
        }
    }

    private static func take(_ path: FilePath, _ flags: Int32, _ patience: Duration) throws(FileError) -> Int32 {
        let file = try Files.open(path, O_RDONLY | flags)
        let end = ContinuousClock.now + patience
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            let error = Errno.last
            guard error == .wouldBlock, ContinuousClock.now < end else {
                let holder = error == .wouldBlock ? LockHolder(of: file) : nil
                _ = close(file)
                throw error == .wouldBlock
                    ? .busy(path: path.string, holder: holder) : .system(path: path.string, error)
            }
            _ = usleep(pause)
        }
        return file
    }

    /// Between two tries, in microseconds.
    private static let pause: UInt32 = 100_000

    deinit {
        _ = close(file)
    }

    /// Does a piece of work under the lock.
    ///
    /// - Throws: ``FileError/busy(path:holder:)``, or what the work throws.
    package static func during<Result: ~Copyable>(_ directory: FilePath, _ work: () throws -> Result) throws -> Result {
        let lock = try DirectoryLock(on: directory)
        let result = try work()
        _ = consume lock
        return result
    }
}
