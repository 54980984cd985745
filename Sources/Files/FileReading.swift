// SPDX-License-Identifier: Apache-2.0

import Glibc
package import SecretMemory
package import SystemPackage

/// The calling thread's `errno`; here because `Glibc` is imported here.
func currentErrno() -> Int32 { errno }

/// Sets it to 0, for functions that tell errors by it alone.
func clearErrno() { errno = 0 }

/// What lies under a path.
package enum FileKind: Equatable, Sendable {
    case regular, directory, symbolicLink, other
}

/// Reading whole files, within a limit, into memory.
package enum Files {
    /// - Throws: ``FileError/exists(path:)`` when something is there.
    package static func requireNothing(at path: FilePath) throws(FileError) {
        guard try kind(of: path) == nil else {
            throw .exists(path: path.string)
        }
    }

    /// What a path names, symbolic links not followed, or nothing when nothing is there.
    ///
    /// - Throws: ``FileError/system(path:_:)``
    package static func kind(of path: FilePath) throws(FileError) -> FileKind? {
        var status = stat()
        guard unsafe path.withPlatformString({ unsafe lstat($0, &status) }) == 0 else {
            let error = Errno.last
            guard error == .noSuchFileOrDirectory || error == .notDirectory else {
                throw .system(path: path.string, error)
            }
            return nil
        }
        return kind(mode: status.st_mode)
    }

    /// The path without links, `.` and `..`; parts that are not there yet are kept as they are.
    ///
    /// - Throws: ``FileError/system(path:_:)``
    package static func resolved(_ path: FilePath) throws(FileError) -> FilePath {
        let start = path.isEmpty ? FilePath(".") : path
        if let real = unsafe start.withPlatformString({ unsafe realpath($0, nil) }) {
            defer { unsafe free(real) }
            return unsafe FilePath(platformString: real)
        }
        let error = Errno.last
        guard error == .noSuchFileOrDirectory, let name = start.lastComponent else {
            throw .system(path: path.string, error)
        }
        return try resolved(start.removingLastComponent()).appending(name)
    }

    /// The absolute path without links, `.` and `..`; parts that are not there yet are taken for folders and files.
    ///
    /// - Throws: ``FileError/system(path:_:)``
    package static func absolute(_ path: FilePath) throws(FileError) -> FilePath {
        // Where nothing is, no link is: only then a `..` is what the text says.
        try resolved(path).lexicallyNormalized()
    }

    /// The permission bits of a file, such as 0o600, symbolic links followed.
    ///
    /// - Throws: ``FileError/system(path:_:)``
    package static func permissions(of path: FilePath) throws(FileError) -> FilePermissions {
        FilePermissions(rawValue: try status(of: path).st_mode & 0o7777)
    }

    /// Reads a public file.
    ///
    /// - Parameters:
    ///   - limit: The most bytes that are read; a longer file is refused by its size, before reading.
    ///   - followingLinks: Whether a symbolic link may stand in the last place; never for documents of ours.
    /// - Throws: ``FileError``
    package static func read(
        _ path: FilePath,
        limit: Int,
        followingLinks: Bool = false
    ) throws(FileError) -> [UInt8] {
        let file = try open(path, limit: limit, followingLinks: followingLinks)
        var bytes = [UInt8](repeating: 0, count: file.byteCount)
        var span = bytes.mutableSpan
        let found = try unsafe span.withUnsafeMutableBytes { (buffer) throws(FileError) in
            try unsafe file.read(into: buffer)
        }
        return Array(bytes[..<found])
    }

    /// Reads what is public from an open file, pipe or terminal up to its end.
    ///
    /// - Parameter path: What errors call it.
    /// - Throws: ``FileError``
    package static func readStream(
        _ file: FileDescriptor,
        named path: FilePath,
        limit: Int
    ) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65536)
        while bytes.count <= limit {
            var span = piece.mutableSpan
            let found = try unsafe span.withUnsafeMutableBytes { (buffer) throws(FileError) in
                try unsafe fill(buffer, from: file.rawValue, path)
            }
            guard found > 0 else {
                return bytes
            }
            bytes += piece[..<found]
        }
        throw .tooLarge(path: path.string, byteCount: bytes.count, limit: limit)
    }

    /// Reads a secret file, such as a private key; an empty one is an error.
    ///
    /// - Throws: ``FileError``
    package static func readSecret(
        _ path: FilePath,
        limit: Int,
        followingLinks: Bool = true
    ) throws(FileError) -> SecretBytes {
        let file = try open(path, limit: limit, followingLinks: followingLinks)
        guard file.byteCount > 0 else {
            throw .system(path: path.string, .noData)
        }
        return try SecretBytes(count: file.byteCount) { bytes throws(FileError) in
            let found = try unsafe bytes.withUnsafeMutableBytes { (buffer) throws(FileError) in
                try unsafe file.read(into: buffer)
            }
            guard found == bytes.count else {
                throw .system(path: path.string, .ioError)
            }
        }
    }

    /// Reads what comes from an open file, pipe or terminal up to its end.
    ///
    /// - Parameter path: What errors call it.
    /// - Returns: Nothing when the end came at once.
    /// - Throws: ``FileError``
    package static func readSecretStream(
        _ file: FileDescriptor,
        named path: FilePath,
        limit: Int
    ) throws(FileError) -> SecretBytes? {
        var found = 0
        let line = try SecretBytes(count: limit + 1) { bytes throws(FileError) in
            found = try unsafe bytes.withUnsafeMutableBytes { (buffer) throws(FileError) in
                try unsafe fill(buffer, from: file.rawValue, path)
            }
        }
        guard found <= limit else {
            throw .tooLarge(path: path.string, byteCount: found, limit: limit)
        }
        return found == 0 ? nil : SecretBytes(copying: line.span.extracting(first: found))
    }

    private static func open(_ path: FilePath, limit: Int, followingLinks: Bool) throws(FileError) -> OpenedFile {
        let file = try OpenedFile(path, followingLinks: followingLinks)
        guard file.byteCount <= limit else {
            throw .tooLarge(path: path.string, byteCount: file.byteCount, limit: limit)
        }
        return file
    }

    static func fill(
        _ buffer: UnsafeMutableRawBufferPointer,
        from file: Int32,
        _ path: FilePath
    ) throws(FileError) -> Int {
        try inFull(buffer.count, path) { found in
            unsafe Glibc.read(file, buffer.baseAddress! + found, buffer.count - found)
        }
    }

    /// Repeats a call that may do less than all, until all is done or it does nothing more.
    ///
    /// - Parameter part: Takes how much is done, and does more: read(2) and its like.
    /// - Returns: How much was done.
    static func inFull(_ count: Int, _ path: FilePath, _ part: (_ done: Int) -> Int) throws(FileError) -> Int {
        var done = 0
        while done < count {
            let more = part(done)
            if more < 0, Errno.last == .interrupted {
                continue
            }
            guard more >= 0 else {
                throw .system(path: path.string, Errno.last)
            }
            guard more > 0 else {
                break
            }
            done += more
        }
        return done
    }

    /// Opens what is there; the caller closes it.
    static func open(_ path: FilePath, _ flags: Int32) throws(FileError) -> Int32 {
        let file = unsafe path.withPlatformString { unsafe Glibc.open($0, flags | O_CLOEXEC) }
        guard file >= 0 else {
            throw .system(path: path.string, Errno.last)
        }
        return file
    }

    /// What the system says of a file, symbolic links followed.
    static func status(of path: FilePath) throws(FileError) -> stat {
        var status = stat()
        try FileError.check(unsafe path.withPlatformString { unsafe stat($0, &status) }, path)
        return status
    }

    /// What the system says of an open file.
    static func status(of file: Int32, shownAs path: FilePath) throws(FileError) -> stat {
        var status = stat()
        try FileError.check(unsafe fstat(file, &status), path)
        return status
    }

    static func kind(mode: mode_t) -> FileKind {
        switch mode & S_IFMT {
        case S_IFREG: .regular
        case S_IFDIR: .directory
        case S_IFLNK: .symbolicLink
        default: .other
        }
    }
}
