// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import SystemPackage

/// What interrupted runs left half made in the directories in which this process made something.
///
/// Nothing of it is removed: the next run names it.
package enum Leftovers {
    private static let noted = Mutex<Set<FilePath>>([])

    /// The directories, ordered by their paths.
    package static var directories: [FilePath] {
        noted.withLock { $0.sorted { $0.string.precedes(bytesOf: $1.string) } }
    }

    /// Remembers a directory in which something is made, or was to be.
    package static func note(_ directory: FilePath) {
        noted.withLock { _ = $0.insert(directory) }
    }

    /// Files and directories of our own hidden names that no process is at work on.
    ///
    /// A directory that cannot be listed has none.
    package static func found() -> [FilePath] {
        directories.flatMap { directory in
            let names = (try? Files.names(in: directory.isEmpty ? "." : directory)) ?? []
            return names.filter(isOurs).map { directory.appending($0) }.filter(isAbandoned)
        }
    }

    /// `.NAME.RANDOM.partial`, as ``Files`` makes them: other programs have such names as well.
    private static func isOurs(_ name: String) -> Bool {
        let parts = name.parts(between: ".")
        guard Files.isLeftover(name), parts.count >= 4 else {
            return false
        }
        let random = parts[parts.count - 2].utf8
        let isDrawn = random.allSatisfy { $0.isDigit || $0.isSmallLetter }
        return isDrawn && random.count >= 8
    }

    /// Whoever makes it holds a lock on it.
    private static func isAbandoned(_ path: FilePath) -> Bool {
        do throws(FileError) {
            let kind = try Files.kind(of: path)
            guard kind == .regular || kind == .directory else {
                return false
            }
            _ = try DirectoryLock(onPlaceOf: path, patience: .zero)
            return true
        } catch {
            return false
        }
    }
}
