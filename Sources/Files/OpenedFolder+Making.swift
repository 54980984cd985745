// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import SystemPackage

// What is made in a folder that is open: under which path it is found by then, or what lies in its place, does not
// matter.
extension OpenedFolder {
    /// Opens the folder in which something is to be made.
    ///
    /// - Throws: ``FileError/cannotCreate(path:_:)``, or ``FileError/system(path:_:)`` where it could be made, and not
    ///   be synced, since the folder may not be read.
    convenience init(toMake path: FilePath) throws(FileError) {
        let folder = path.removingLastComponent()
        do throws(FileError) {
            try self.init(folder)
        } catch {
            guard case .system(_, let errno) = error, !Files.isWritable(directory: folder) else {
                throw error
            }
            throw .cannotCreate(path: path.string, errno)
        }
    }

    /// Makes a file of mode 0600 exclusively, for as long as it is written.
    ///
    /// - Parameters:
    ///   - name: In this folder, or in one below that was made here.
    ///   - shown: What errors call it.
    func withNewFile(
        _ name: String,
        shownAs shown: FilePath,
        _ body: (Int32) throws(FileError) -> Void
    ) throws(FileError) {
        let file = try create(name, shownAs: shown)
        defer { _ = Glibc.close(file) }
        try body(file)
    }

    /// Likewise; the caller closes it.
    func create(_ name: String, shownAs shown: FilePath) throws(FileError) -> Int32 {
        try Files.open(new: FilePath(name), in: descriptor, shownAs: shown)
    }

    /// Makes a folder of mode 0700, and opens it.
    ///
    /// - Throws: ``FileError/cannotCreate(path:_:)``
    func makeFolder(_ name: String, shownAs shown: FilePath) throws(FileError) -> OpenedFolder {
        try Files.make(directory: FilePath(name), in: descriptor, shownAs: shown)
        let made = try folder(name)
        // Whoever owns this folder may have put another one in its place: nobody is given what that holds.
        guard try made.names().isEmpty else {
            throw .cannotCreate(path: shown.string, .directoryNotEmpty)
        }
        return made
    }

    /// Gives the folder to its owner, and lets those in who may enter.
    func finish(_ permissions: FilePermissions, _ owner: Owner?, shownAs shown: FilePath) throws(FileError) {
        try owner?.take(descriptor, shownAs: shown)
        try FileError.check(fchmod(descriptor, permissions.rawValue), shown)
    }

    /// Gives something another name, here or in another folder, without replacing anything.
    func rename(
        _ name: String,
        to other: String,
        in folder: OpenedFolder? = nil,
        shownAs shown: FilePath
    ) throws(FileError) {
        try Files.rename(
            FilePath(name),
            in: descriptor,
            to: FilePath(other),
            in: (folder ?? self).descriptor,
            shownAs: shown
        )
    }

    /// Removes a file, link or empty folder that was made in it; what cannot be removed stays.
    func unlink(_ name: String) {
        if unsafe unlinkat(descriptor, name, 0) != 0 {
            removeFolder(name)
        }
    }

    /// Removes an empty folder, and nothing else.
    func removeFolder(_ name: String) {
        _ = unsafe unlinkat(descriptor, name, AT_REMOVEDIR)
    }

    /// Removes everything in it, likewise; links are not followed.
    func clear() {
        for name in (try? names()) ?? [] {
            (try? folder(name))?.clear()
            unlink(name)
        }
    }

    /// Makes the names in it last.
    func sync() throws(FileError) {
        try FileError.check(fsync(descriptor), path)
    }

    /// Makes all that was written to its file system last.
    func syncFileSystem() throws(FileError) {
        try FileError.check(CLinux_sync_file_system(descriptor), path)
    }
}
