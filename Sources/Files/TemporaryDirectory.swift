// SPDX-License-Identifier: Apache-2.0

import Glibc
import SecretMemory
import Synchronization
package import SystemPackage

/// A private directory for files that nobody needs afterwards; gone with the value.
///
/// Whatever was put there goes with it, by whomever. It goes as well when the process exits, wherever that is called, and
/// when a signal ends it at a prompt.
package struct TemporaryDirectory: ~Copyable {
    package let path: FilePath

    /// Those that are still there.
    private static let made = Mutex<Set<FilePath>>([])

    /// Evaluated once: from then on nothing is left behind.
    private static let isArmed: Bool = {
        TerminalPrompt.beforeEnd { TemporaryDirectory.removeAll() }
        return atexit { TemporaryDirectory.removeAll() } == 0
    }()

    /// Makes one of a random name.
    ///
    /// - Throws: ``FileError/cannotCreate(path:_:)``
    package init(in parent: FilePath) throws(FileError) {
        _ = Self.isArmed
        let random = String(UInt64.random(in: .min ... .max), radix: 36)
        let path = parent.appending("ca-escrow-\(random)")
        try Files.make(directory: path, shownAs: parent)
        self.path = path
        Self.made.withLock { _ = $0.insert(path) }
    }

    deinit {
        if Self.made.withLock({ $0.remove(path) }) != nil {
            Self.remove(path)
        }
    }

    /// Makes a directory in it, whose parent was made before.
    ///
    /// - Parameter shown: What errors call it.
    /// - Throws: ``FileError/cannotCreate(path:_:)``
    package func makeDirectory(_ name: FilePath, shownAs shown: FilePath) throws(FileError) {
        try Files.make(directory: path.appending(name.components), shownAs: shown)
    }

    /// Writes a file in it: created exclusively, for nobody else to read, and not synced, since it does not last.
    ///
    /// - Parameter shown: What errors call it.
    /// - Throws: ``FileError``
    package func write(_ bytes: [UInt8], to name: FilePath, shownAs shown: FilePath) throws(FileError) {
        let file = try Files.open(new: path.appending(name.components), shownAs: shown)
        defer { _ = Glibc.close(file) }
        try OutputFile(descriptor: file, shown: shown).write(bytes.span)
    }

    private static func removeAll() {
        let all = made.withLock { made in
            defer { made = [] }
            return made
        }
        all.forEach(remove)
    }

    /// What lies in it first, without following a link; what cannot be removed stays.
    private static func remove(_ directory: FilePath) {
        (try? OpenedFolder(directory))?.clear()
        _ = unsafe directory.withPlatformString { unsafe rmdir($0) }
    }
}
