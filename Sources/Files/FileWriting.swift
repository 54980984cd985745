// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
package import SecretMemory
package import SystemPackage

/// Writing files that appear whole or not at all, and never in the place of another.
extension Files {
    /// Writes one public file: beside its place first, then published by a rename that refuses to replace.
    ///
    /// - Throws: ``FileError/exists(path:)``, or what the system answered; nothing is left behind.
    package static func create(
        _ path: FilePath,
        _ bytes: [UInt8],
        permissions: FilePermissions,
        ownership: Ownership = .maker
    ) throws(FileError) {
        try create(path, permissions, ownership) { (output) throws(FileError) in
            try output.write(bytes.span)
        }
    }

    /// Writes one public file in pieces, each of which is made when the one before is written.
    ///
    /// - Throws: ``FileError``, as above.
    package static func create(
        _ path: FilePath,
        pieces: some Sequence<[UInt8]>,
        permissions: FilePermissions
    ) throws(FileError) {
        try create(path, permissions, .maker) { (output) throws(FileError) in
            for piece in pieces {
                try output.write(piece.span)
            }
        }
    }

    /// Writes one file whose content is a secret, with mode 0600.
    ///
    /// - Throws: ``FileError``
    package static func create(
        _ path: FilePath,
        secret: borrowing SecretBytes,
        ownership: Ownership = .maker
    ) throws(FileError) {
        try create(path, [.ownerReadWrite], ownership) { (output) throws(FileError) in
            try output.write(secret.span)
        }
    }

    private static func create(
        _ path: FilePath,
        _ permissions: FilePermissions,
        _ ownership: Ownership,
        _ content: (OutputFile) throws(FileError) -> Void
    ) throws(FileError) {
        guard try kind(of: path) == nil, let name = path.lastComponent?.string else {
            throw .exists(path: path.string)
        }
        let partial = partialName(for: name, in: path.removingLastComponent())
        // One and the same until the file has its name: whose it is says whose the file will be.
        let folder = try OpenedFolder(toMake: path)
        try SignalShield.during { () throws(FileError) in
            do throws(FileError) {
                try folder.withNewFile(partial, shownAs: path) { (file) throws(FileError) in
                    try content(OutputFile(descriptor: file, shown: path))
                    try ownership.owner(in: folder)?.take(file, shownAs: path)
                    try end(file, permissions, shownAs: path)
                }
                try folder.rename(partial, to: name, shownAs: path)
            } catch {
                folder.unlink(partial)
                throw error
            }
            do throws(FileError) {
                try folder.sync()
            } catch {
                folder.unlink(name)
                throw error
            }
        }
    }

    /// Sets the mode of a file that was written, and syncs it.
    static func end(
        _ file: Int32,
        _ permissions: FilePermissions,
        shownAs shown: FilePath
    ) throws(FileError) {
        // The process runs under umask 077: the mode of a public file is set here.
        try FileError.check(fchmod(file, permissions.rawValue), shown)
        try FileError.check(fsync(file), shown)
    }

    /// Puts other content in the place of a file: readers see the old file or the new one.
    ///
    /// It is longer content of one that only ever grows, or that of one that can be made anew at any time, such as figures
    /// for monitoring. The caller makes sure that nothing else is lost.
    ///
    /// - Throws: ``FileError``; the old content is there then.
    package static func replace(
        _ path: FilePath,
        with bytes: [UInt8],
        permissions: FilePermissions
    ) throws(FileError) {
        let partial = partialPath(for: path)
        try SignalShield.during { () throws(FileError) in
            do throws(FileError) {
                try write(bytes.span, to: partial, permissions: permissions, shownAs: path)
                let status = unsafe partial.withPlatformString { partial in
                    unsafe path.withPlatformString { unsafe Glibc.rename(partial, $0) }
                }
                try FileError.check(status, path)
            } catch {
                withdraw(partial)
                throw error
            }
            try sync(directory: path.removingLastComponent())
        }
    }

    /// Overwrites a file with zeros, syncs it and removes it: for a key that has served.
    ///
    /// A file system that writes elsewhere than where the old bytes lie keeps them: encryption is what protects them.
    ///
    /// - Throws: ``FileError``
    package static func erase(_ path: FilePath) throws(FileError) {
        let file = try open(path, O_WRONLY | O_NOFOLLOW)
        defer { _ = Glibc.close(file) }
        let zeros = [UInt8](repeating: 0, count: try status(of: file, shownAs: path).st_size)
        try OutputFile(descriptor: file, shown: path).write(zeros.span)
        try FileError.check(fsync(file), path)
        try FileError.check(unsafe path.withPlatformString { unsafe unlink($0) }, path)
        try sync(directory: path.removingLastComponent())
    }

    /// Shows that a file of this size could be made in a directory now: makes one, syncs it, and removes it again.
    ///
    /// - Throws: ``FileError``
    package static func probe(_ directory: FilePath, byteCount: Int) throws(FileError) {
        let path = partialPath(for: directory.appending("probe"))
        let content = [UInt8](repeating: 0, count: byteCount)
        try SignalShield.during { () throws(FileError) in
            defer { _ = unsafe path.withPlatformString { unsafe unlink($0) } }
            try write(content.span, to: path, permissions: [.ownerReadWrite], shownAs: directory)
        }
    }

    /// Whether a name is that of a file or directory that a crash left half made.
    package static func isLeftover(_ name: String) -> Bool {
        name.hasPrefix(bytesOf: ".") && name.hasSuffix(bytesOf: ".partial")
    }

    /// A hidden name beside `path`, with a random part so that two runs do not meet; no longer than a file's name may be.
    static func partialPath(for path: FilePath) -> FilePath {
        let directory = path.removingLastComponent()
        return directory.appending(partialName(for: path.lastComponent?.string, in: directory))
    }

    /// The name alone of a file that is being made, to be called `name`.
    static func partialName(for name: String?, in directory: FilePath) -> String {
        Leftovers.note(directory)
        let random = String(UInt64.random(in: .min ... .max), radix: 36)
        var name = name ?? "output"
        // 255 bytes, less two dots, a random part and the ending.
        while name.utf8.count > 255 - 23 {
            name.removeLast()
        }
        return ".\(name).\(random).partial"
    }

    /// Creates a file exclusively, writes it, sets its mode and syncs it.
    static func write(
        _ bytes: Span<UInt8>,
        to path: FilePath,
        permissions: FilePermissions,
        shownAs shown: FilePath
    ) throws(FileError) {
        let file = try open(new: path, shownAs: shown)
        defer { _ = Glibc.close(file) }
        try OutputFile(descriptor: file, shown: shown).write(bytes)
        try end(file, permissions, shownAs: shown)
    }

    /// Makes a directory of mode 0700.
    ///
    /// - Parameter folder: Where a relative path begins; else in the working directory.
    static func make(
        directory path: FilePath,
        in folder: Int32 = AT_FDCWD,
        shownAs shown: FilePath
    ) throws(FileError) {
        guard unsafe path.withPlatformString({ unsafe mkdirat(folder, $0, 0o700) }) == 0 else {
            throw .cannotCreate(path: shown.string, Errno.last)
        }
    }

    /// - Parameter folder: Where a relative path begins; else in the working directory.
    static func open(
        new path: FilePath,
        in folder: Int32 = AT_FDCWD,
        shownAs shown: FilePath
    ) throws(FileError) -> Int32 {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = unsafe path.withPlatformString { unsafe openat(folder, $0, flags, 0o600) }
        guard file >= 0 else {
            throw .cannotCreate(path: shown.string, Errno.last)
        }
        // Shows others that it is not a leftover; where there are no locks, it may be taken for one.
        _ = flock(file, LOCK_EX | LOCK_NB)
        return file
    }

    /// renameat2(2) with RENAME_NOREPLACE; a file system that lacks it is refused (docs/format.md, section 5.7).
    ///
    /// - Parameters:
    ///   - folder: Where a relative source begins; else in the working directory.
    ///   - target: Likewise of the destination.
    ///   - shown: What errors call the destination.
    static func rename(
        _ source: FilePath,
        in folder: Int32 = AT_FDCWD,
        to destination: FilePath,
        in target: Int32 = AT_FDCWD,
        shownAs shown: FilePath? = nil
    ) throws(FileError) {
        let shown = (shown ?? destination).string
        let status = unsafe source.withPlatformString { source in
            unsafe destination.withPlatformString { destination in
                unsafe CLinux_rename_exclusively(folder, source, target, destination)
            }
        }
        guard status == 0 else {
            switch Errno.last {
            case .fileExists, .directoryNotEmpty: throw .exists(path: shown)
            case .invalidArgument, .notSupported, .noFunction: throw .cannotPublish(path: shown)
            default: throw .cannotCreate(path: shown, Errno.last)
            }
        }
    }

    /// Gives a file or directory another place on its file system, unless something is there, and makes that last.
    package static func move(_ source: FilePath, to destination: FilePath) throws(FileError) {
        try rename(source, to: destination)
        try sync(directory: destination.removingLastComponent())
        try sync(directory: source.removingLastComponent())
    }

    /// Makes the names in a directory last: fsync(2) of the directory itself.
    package static func sync(directory: FilePath) throws(FileError) {
        let path = directory.isEmpty ? FilePath(".") : directory
        let file = try open(path, O_RDONLY | O_DIRECTORY)
        defer { _ = Glibc.close(file) }
        try FileError.check(fsync(file), path)
    }

    /// Makes a directory, if it is not there yet: beside its place first, so that it never has another mode there.
    package static func makeDirectory(
        _ path: FilePath,
        permissions: FilePermissions,
        ownership: Ownership = .maker
    ) throws(FileError) {
        guard try kind(of: path) != .directory, let name = path.lastComponent?.string else {
            return
        }
        let folder = try OpenedFolder(toMake: path)
        try SignalShield.during { () throws(FileError) in
            let partial = partialName(for: name, in: path.removingLastComponent())
            do throws(FileError) {
                try folder.makeFolder(partial, shownAs: path).finish(
                    try ownership.permissions(permissions, in: folder),
                    try ownership.owner(in: folder),
                    shownAs: path
                )
                try folder.rename(partial, to: name, shownAs: path)
            } catch {
                folder.unlink(partial)
                // Somebody else has made it meanwhile.
                guard case .exists = error, try kind(of: path) == .directory else {
                    throw error
                }
                return
            }
            try folder.sync()
        }
    }

    /// Removes a file that the caller has just made, since a later step failed; what cannot be removed stays.
    package static func withdraw(_ path: FilePath) {
        _ = unsafe path.withPlatformString { unsafe unlink($0) }
    }

    /// Whether a file could be made in this directory now.
    package static func isWritable(directory: FilePath) -> Bool {
        let path = directory.isEmpty ? FilePath(".") : directory
        return unsafe path.withPlatformString { unsafe access($0, W_OK | X_OK) } == 0
    }
}
