// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Synchronization
import SystemPackage

/// What is being made under hidden names: it goes when a signal ends the process at a prompt, where nothing else runs any
/// more.
enum Unfinished {
    private static let paths = Mutex<Set<FilePath>>([])

    /// Evaluated once.
    private static let isArmed: Bool = {
        TerminalPrompt.beforeEnd { removeAll() }
        return true
    }()

    /// Remembers a file or a folder until it is forgotten.
    static func note(_ path: FilePath) {
        _ = isArmed
        paths.withLock { _ = $0.insert(path) }
    }

    /// It has gone to its place, or was removed.
    static func forget(_ path: FilePath) {
        paths.withLock { _ = $0.remove(path) }
    }

    /// What cannot be removed stays, and the next run names it.
    private static func removeAll() {
        for path in paths.withLock({ $0 }) {
            if (try? Files.kind(of: path)) == .directory {
                (try? OpenedFolder(path))?.clear()
            }
            (try? OpenedFolder(path.removingLastComponent()))?.unlink(path.lastComponent?.string ?? "")
        }
    }
}
