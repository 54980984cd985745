// SPDX-License-Identifier: Apache-2.0

import Glibc
package import SystemPackage

/// A regular file that is open, so that what is read twice is one and the same file.
///
/// It was reached without following a link in the last place, unless that was wanted.
package struct OpenedFile: ~Copyable, Sendable {
    private let descriptor: Int32
    private let found: stat
    /// What errors call it.
    package let path: FilePath

    /// Opens a file under a path.
    ///
    /// - Throws: ``FileError``
    package init(_ path: FilePath) throws(FileError) {
        try self.init(path, followingLinks: false)
    }

    /// - Parameter followingLinks: Whether a symbolic link may stand in the last place.
    init(_ path: FilePath, followingLinks: Bool) throws(FileError) {
        try self.init(path, followingLinks: followingLinks) { flags in
            unsafe path.withPlatformString { unsafe Glibc.open($0, flags) }
        }
    }

    fileprivate init(_ path: FilePath, followingLinks: Bool, _ open: (Int32) -> Int32) throws(FileError) {
        // O_NONBLOCK: opening a FIFO must not wait for a writer; it has no effect on regular files.
        let descriptor = open(O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followingLinks ? 0 : O_NOFOLLOW))
        guard descriptor >= 0 else {
            let error = Errno.last
            throw error == .tooManySymbolicLinkLevels && !followingLinks
                ? .symbolicLink(path: path.string) : .system(path: path.string, error)
        }
        let found: stat
        do throws(FileError) {
            found = try Files.status(of: descriptor, shownAs: path)
            let kind = Files.kind(mode: found.st_mode)
            guard kind == .regular else {
                throw kind == .directory
                    ? .system(path: path.string, .isDirectory) : .notRegular(path: path.string)
            }
        } catch {
            _ = Glibc.close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        self.found = found
        self.path = path
    }

    deinit {
        _ = Glibc.close(descriptor)
    }

    /// Its size when it was opened.
    package var byteCount: Int { found.st_size }

    /// Its permission bits when it was opened.
    package var permissions: FilePermissions { FilePermissions(rawValue: found.st_mode & 0o777) }

    /// Reads on until `buffer` is full or the file ends.
    ///
    /// - Returns: How many bytes of the buffer were read.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        try unsafe Files.fill(buffer, from: descriptor, path)
    }

    /// Reads from an offset on until `buffer` is full or the file ends.
    ///
    /// - Returns: How many bytes of the buffer were read.
    /// - Throws: ``FileError/system(path:_:)``
    package func read(at offset: Int, into buffer: inout [UInt8]) throws(FileError) -> Int {
        var span = buffer.mutableSpan
        return try unsafe span.withUnsafeMutableBytes { (buffer) throws(FileError) in
            try Files.inFull(buffer.count, path) { done in
                unsafe pread(descriptor, buffer.baseAddress! + done, buffer.count - done, offset + done)
            }
        }
    }

    /// Whether it has the size and the time of its last change that it had when it was opened.
    ///
    /// - Throws: ``FileError/system(path:_:)``
    package func isUnchanged() throws(FileError) -> Bool {
        let now = try Files.status(of: descriptor, shownAs: path)
        return now.st_size == found.st_size && now.st_mtim.tv_sec == found.st_mtim.tv_sec
            && now.st_mtim.tv_nsec == found.st_mtim.tv_nsec
    }
}

/// A folder that is open: what lies in it is reached by name alone, and no link is followed.
package final class OpenedFolder: Sendable {
    let descriptor: Int32
    /// What errors call it.
    package let path: FilePath

    /// Opens a folder under a path, symbolic links followed.
    ///
    /// - Throws: ``FileError/system(path:_:)``
    package init(_ path: FilePath) throws(FileError) {
        descriptor = try Files.open(path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY)
        self.path = path
    }

    private init(_ descriptor: Int32, _ path: FilePath) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        _ = Glibc.close(descriptor)
    }

    /// What lies under a name, or nothing when nothing does.
    ///
    /// - Throws: ``FileError/system(path:_:)``
    package func kind(of name: String) throws(FileError) -> FileKind? {
        var status = stat()
        guard unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            let error = Errno.last
            guard error == .noSuchFileOrDirectory else {
                throw .system(path: path.appending(name).string, error)
            }
            return nil
        }
        return Files.kind(mode: status.st_mode)
    }

    /// Its permission bits.
    ///
    /// - Throws: ``FileError/system(path:_:)``
    package func permissions() throws(FileError) -> FilePermissions {
        FilePermissions(rawValue: try Files.status(of: descriptor, shownAs: path).st_mode & 0o777)
    }

    /// Whose it is.
    func owner() throws(FileError) -> Owner { Owner(try Files.status(of: descriptor, shownAs: path)) }

    /// The names in it, ordered by their bytes.
    ///
    /// - Throws: ``FileError/system(path:_:)``
    package func names() throws(FileError) -> [String] {
        // A descriptor of its own: reading moves the position, and closing the stream closes it.
        let copy = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = unsafe fdopendir(copy) else {
            throw .system(path: path.string, Errno.last)
        }
        defer { _ = unsafe closedir(stream) }
        return try unsafe Files.names(in: stream, path)
    }

    /// Opens a folder in it.
    ///
    /// - Throws: ``FileError``
    package func folder(_ name: String) throws(FileError) -> OpenedFolder {
        let inside = path.appending(name)
        switch try kind(of: name) {
        case nil: throw .system(path: inside.string, .noSuchFileOrDirectory)
        case .symbolicLink: throw .symbolicLink(path: inside.string)
        case .regular, .other: throw .system(path: inside.string, .notDirectory)
        case .directory: break
        }
        let opened = unsafe openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard opened >= 0 else {
            throw .system(path: inside.string, Errno.last)
        }
        return OpenedFolder(opened, inside)
    }

    /// Opens a regular file in it; what is none is not opened.
    ///
    /// - Throws: ``FileError``
    package func file(_ name: String) throws(FileError) -> OpenedFile {
        let inside = path.appending(name)
        // Looked at first: opening a device can have effects.
        switch try kind(of: name) {
        case nil: throw .system(path: inside.string, .noSuchFileOrDirectory)
        case .symbolicLink: throw .symbolicLink(path: inside.string)
        case .directory: throw .system(path: inside.string, .isDirectory)
        case .other: throw .notRegular(path: inside.string)
        case .regular: break
        }
        return try OpenedFile(inside, followingLinks: false) { flags in unsafe openat(descriptor, name, flags) }
    }
}
