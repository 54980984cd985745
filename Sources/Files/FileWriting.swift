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
        permissions: FilePermissions
    ) throws(FileError) {
        try create(path, permissions: permissions) { (output) throws(FileError) in
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
        try create(path, permissions: permissions) { (output) throws(FileError) in
            for piece in pieces {
                try output.write(piece.span)
            }
        }
    }

    /// Writes one file whose content is a secret, with mode 0600.
    ///
    /// - Throws: ``FileError``
    package static func create(_ path: FilePath, secret: borrowing SecretBytes) throws(FileError) {
        try create(path, permissions: [.ownerReadWrite]) { (output) throws(FileError) in
            try output.write(secret.span)
        }
    }

    private static func create(
        _ path: FilePath,
        permissions: FilePermissions,
        _ content: (OutputFile) throws(FileError) -> Void
    ) throws(FileError) {
        guard try kind(of: path) == nil else {
            throw .exists(path: path.string)
        }
        let partial = partialPath(for: path)
        try SignalShield.during { () throws(FileError) in
            do throws(FileError) {
                try write(to: partial, permissions: permissions, shownAs: path, content)
                try rename(partial, to: path)
            } catch {
                withdraw(partial)
                throw error
            }
            do throws(FileError) {
                try sync(directory: path.removingLastComponent())
            } catch {
                withdraw(path)
                throw error
            }
        }
    }

    /// Puts longer content in the place of a file that only ever grows: what was there is its beginning.
    ///
    /// - Throws: ``FileError``; the old content is there then.
    package static func extend(
        _ path: FilePath,
        to bytes: [UInt8],
        permissions: FilePermissions
    ) throws(FileError) {
        try replace(path, with: bytes, permissions: permissions)
    }

    /// Puts other content in the place of a file that can be made anew at any time, such as figures for monitoring:
    /// readers see the old file or the new one.
    ///
    /// The caller makes sure that nothing else is lost.
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
        let file = unsafe path.withPlatformString { unsafe Glibc.open($0, O_WRONLY | O_NOFOLLOW | O_CLOEXEC) }
        guard file >= 0 else {
            throw .system(path: path.string, Errno.last)
        }
        defer { _ = Glibc.close(file) }
        var status = stat()
        try FileError.check(unsafe fstat(file, &status), path)
        let zeros = [UInt8](repeating: 0, count: status.st_size)
        var written = 0
        while written < zeros.count {
            let count = unsafe zeros.withUnsafeBytes {
                unsafe Glibc.write(file, $0.baseAddress! + written, $0.count - written)
            }
            if count < 0, Errno.last == .interrupted {
                continue
            }
            guard count > 0 else {
                throw .system(path: path.string, Errno.last)
            }
            written += count
        }
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
        name.hasPrefix(".") && name.hasSuffix(".partial")
    }

    /// A hidden name beside `path`, with a random part so that two runs do not meet; no longer than a file's name may be.
    static func partialPath(for path: FilePath) -> FilePath {
        Leftovers.note(path.removingLastComponent())
        let random = String(UInt64.random(in: .min ... .max), radix: 36)
        var name = path.lastComponent?.string ?? "output"
        // 255 bytes, less two dots, a random part and the ending.
        while name.utf8.count > 255 - 23 {
            name.removeLast()
        }
        return path.removingLastComponent().appending(".\(name).\(random).partial")
    }

    /// Creates a file exclusively, writes it, sets its mode and syncs it.
    static func write(
        _ bytes: Span<UInt8>,
        to path: FilePath,
        permissions: FilePermissions,
        shownAs shown: FilePath
    ) throws(FileError) {
        try write(to: path, permissions: permissions, shownAs: shown) { (output) throws(FileError) in
            try output.write(bytes)
        }
    }

    private static func write(
        to path: FilePath,
        permissions: FilePermissions,
        shownAs shown: FilePath,
        _ content: (OutputFile) throws(FileError) -> Void
    ) throws(FileError) {
        let file = try open(new: path, shownAs: shown)
        defer { _ = Glibc.close(file) }
        try content(OutputFile(descriptor: file, shown: shown))
        // The process runs under umask 077: the mode of a public file is set here.
        try FileError.check(fchmod(file, permissions.rawValue), shown)
        try FileError.check(fsync(file), shown)
    }

    /// Creates a file exclusively with mode 0600 and writes it; for what does not last, so it is not synced.
    static func writeScratch(_ bytes: Span<UInt8>, to path: FilePath, shownAs shown: FilePath) throws(FileError) {
        let file = try open(new: path, shownAs: shown)
        defer { _ = Glibc.close(file) }
        try OutputFile(descriptor: file, shown: shown).write(bytes)
    }

    static func open(new path: FilePath, shownAs shown: FilePath) throws(FileError) -> Int32 {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = unsafe path.withPlatformString { unsafe Glibc.open($0, flags, 0o600) }
        guard file >= 0 else {
            throw .cannotCreate(path: shown.string, Errno.last)
        }
        // Shows others that it is not a leftover; where there are no locks, it may be taken for one.
        _ = flock(file, LOCK_EX | LOCK_NB)
        return file
    }

    /// renameat2(2) with RENAME_NOREPLACE; a file system that lacks it is refused (docs/format.md, section 5.7).
    static func rename(_ source: FilePath, to destination: FilePath) throws(FileError) {
        let status = unsafe source.withPlatformString { source in
            unsafe destination.withPlatformString { destination in
                unsafe CLinux_rename_exclusively(source, destination)
            }
        }
        guard status == 0 else {
            switch Errno.last {
            case .fileExists, .directoryNotEmpty: throw .exists(path: destination.string)
            case .invalidArgument, .notSupported, .noFunction: throw .cannotPublish(path: destination.string)
            default: throw .cannotCreate(path: destination.string, Errno.last)
            }
        }
    }

    /// Makes the names in a directory last: fsync(2) of the directory itself.
    package static func sync(directory: FilePath) throws(FileError) {
        let path = directory.isEmpty ? FilePath(".") : directory
        let file = unsafe path.withPlatformString { unsafe Glibc.open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard file >= 0 else {
            throw .system(path: path.string, Errno.last)
        }
        defer { _ = Glibc.close(file) }
        try FileError.check(fsync(file), path)
    }

    /// Makes a directory, if it is not there yet: beside its place first, so that it never has another mode there.
    package static func makeDirectory(_ path: FilePath, permissions: FilePermissions) throws(FileError) {
        guard try kind(of: path) != .directory else {
            return
        }
        try SignalShield.during { () throws(FileError) in
            let partial = partialPath(for: path)
            guard unsafe partial.withPlatformString({ unsafe mkdir($0, 0o700) }) == 0 else {
                throw .cannotCreate(path: path.string, Errno.last)
            }
            do throws(FileError) {
                let status = unsafe partial.withPlatformString { unsafe chmod($0, permissions.rawValue) }
                try FileError.check(status, path)
                try rename(partial, to: path)
            } catch {
                _ = unsafe partial.withPlatformString { unsafe rmdir($0) }
                // Somebody else has made it meanwhile.
                guard case .exists = error, try kind(of: path) == .directory else {
                    throw error
                }
                return
            }
            try sync(directory: path.removingLastComponent())
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

/// A file that is being written, from its beginning to its end.
struct OutputFile {
    let descriptor: Int32
    /// What errors call it.
    let shown: FilePath

    func write(_ bytes: Span<UInt8>) throws(FileError) {
        try unsafe bytes.withUnsafeBytes { (buffer) throws(FileError) in
            var written = 0
            while written < buffer.count {
                let count = unsafe Glibc.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
                if count < 0, Errno.last == .interrupted {
                    continue
                }
                guard count > 0 else {
                    throw .system(path: shown.string, Errno.last)
                }
                written += count
            }
        }
    }
}
