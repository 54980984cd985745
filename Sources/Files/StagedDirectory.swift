// SPDX-License-Identifier: Apache-2.0

import Glibc
package import SystemPackage

/// A directory that becomes visible whole or not at all.
///
/// It is filled under a hidden name beside its place and appears by one rename that refuses to replace. When the value
/// goes before that, what it made is removed again.
package struct StagedDirectory: ~Copyable {
    private let staging: FilePath
    private let destination: FilePath
    private var files: [FilePath]
    private var directories: [FilePath]
    private var isPublished: Bool
    /// Shows that it is not a leftover.
    private let lock: DirectoryLock?
    /// Until the directory is published, or removed again.
    private let shield: SignalShield

    /// Makes a private directory beside `destination`.
    ///
    /// - Throws: ``FileError/exists(path:)`` when something is there already.
    package init(for destination: FilePath) throws(FileError) {
        try Files.requireNothing(at: destination)
        let shield = SignalShield()
        let staging = Files.partialPath(for: destination)
        // Nothing is stored before the last throw: a noncopyable value cannot be half made.
        try Files.make(directory: staging, shownAs: destination)
        self.destination = destination
        self.staging = staging
        files = []
        directories = [staging]
        isPublished = false
        lock = DirectoryLock.ifPossible(on: staging)
        self.shield = shield
        Unfinished.note(staging)
    }

    deinit {
        defer { Unfinished.forget(staging) }
        guard !isPublished else {
            return
        }
        // Only what this value made; what cannot be removed is named by the next run.
        for file in files.reversed() {
            _ = unsafe file.withPlatformString { unsafe unlink($0) }
        }
        for directory in directories.reversed() {
            _ = unsafe directory.withPlatformString { unsafe rmdir($0) }
        }
    }

    /// Makes a directory inside, such as `0001-3fa9c2d1/cards`, whose parent was made before.
    ///
    /// - Throws: ``FileError``
    package mutating func makeDirectory(_ name: String) throws(FileError) {
        let path = staging.appending(FilePath(name).components)
        try Files.make(directory: path, shownAs: shown(name))
        directories.append(path)
    }

    /// Writes one file of it, and syncs it.
    ///
    /// - Throws: ``FileError``
    package mutating func write(
        _ bytes: [UInt8],
        to name: String,
        permissions: FilePermissions
    ) throws(FileError) {
        let path = staging.appending(FilePath(name).components)
        files.append(path)
        try Files.write(bytes.span, to: path, permissions: permissions, shownAs: shown(name))
    }

    /// Makes the directory visible: fsync, one rename that refuses to replace, fsync of the parent.
    ///
    /// - Throws: ``FileError``; it is not visible then.
    package consuming func publish(permissions: FilePermissions) throws(FileError) {
        for directory in directories.reversed() {
            try FileError.check(
                unsafe directory.withPlatformString { unsafe chmod($0, permissions.rawValue) },
                destination
            )
            try Files.sync(directory: directory)
        }
        try Files.rename(staging, to: destination)
        do throws(FileError) {
            try Files.sync(directory: destination.removingLastComponent())
        } catch {
            // Back under the hidden name, from where it is removed: the caller takes back what belongs to it.
            try Files.rename(destination, to: staging)
            throw error
        }
        isPublished = true
    }

    private func shown(_ name: String) -> FilePath { destination.appending(FilePath(name).components) }
}
