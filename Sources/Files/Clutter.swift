// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import SystemPackage

/// What desktops and version control leave in directories: `._NAME`, `.DS_Store`, `.git…`, `Thumbs.db`, `desktop.ini`.
///
/// Nobody means it, and it is passed over; what was is remembered, so that it can be said once.
package enum Clutter {
    private static let noted = Mutex<Set<FilePath>>([])

    /// Whether a name is one of theirs; a leftover of our own is not.
    package static func isOne(_ name: String) -> Bool {
        guard !Files.isLeftover(name) else {
            return false
        }
        return name.hasPrefix(bytesOf: "._") || name.hasPrefix(bytesOf: ".git")
            || [".ds_store", "thumbs.db", "desktop.ini"].contains(bytesOf: name.lowercasedASCII)
    }

    /// What a directory holds besides, in order, for somebody who named that directory.
    ///
    /// - Throws: ``FileError``
    package static func namesBesides(in directory: FilePath) throws(FileError) -> [String] {
        try Files.names(in: directory).filter { name in
            guard isOne(name) else {
                return true
            }
            noted.withLock { _ = $0.insert(directory.appending(name)) }
            return false
        }
    }

    /// What was passed over, ordered by path.
    package static var found: [FilePath] {
        noted.withLock { $0.sorted { $0.string.precedes(bytesOf: $1.string) } }
    }
}
