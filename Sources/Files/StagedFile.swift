// SPDX-License-Identifier: Apache-2.0

import Glibc
package import SystemPackage

/// A file that is written piece by piece under a hidden name, and appears whole under a name that is chosen at the end.
///
/// When the value goes before that, the file is removed.
package struct StagedFile: ~Copyable {
    private let staging: FilePath
    private let file: Int32
    private let shown: FilePath
    private var isPublished = false
    /// Until the file is published, or removed again.
    private let shield: SignalShield

    /// Makes an empty file of mode 0600 in a directory, exclusively.
    ///
    /// - Parameter name: Part of the hidden name, and what errors call the file.
    /// - Throws: ``FileError/cannotCreate(path:_:)``
    package init(in directory: FilePath, named name: String) throws(FileError) {
        let shield = SignalShield()
        let shown = directory.appending(name)
        let staging = Files.partialPath(for: shown)
        file = try Files.open(new: staging, shownAs: shown)
        self.staging = staging
        self.shown = shown
        self.shield = shield
        Unfinished.note(staging)
    }

    deinit {
        _ = Glibc.close(file)
        if !isPublished {
            Files.withdraw(staging)
        }
        Unfinished.forget(staging)
    }

    /// Writes behind what was written before.
    ///
    /// - Throws: ``FileError``
    package func write(_ bytes: Span<UInt8>) throws(FileError) {
        try SignalShield.check(shown)
        try OutputFile(descriptor: file, shown: shown).writeSparsely(bytes)
    }

    /// Sets the mode, syncs the file and gives it its name, without replacing anything.
    ///
    /// - Throws: ``FileError``; nothing is left behind then.
    package consuming func publish(as path: FilePath, permissions: FilePermissions) throws(FileError) {
        try OutputFile(descriptor: file, shown: shown).endSparsely()
        try Files.end(file, permissions, shownAs: path)
        try Files.rename(staging, to: path)
        isPublished = true
        do throws(FileError) {
            try Files.sync(directory: path.removingLastComponent())
        } catch {
            Files.withdraw(path)
            throw error
        }
    }
}
