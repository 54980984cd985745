// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Files
package import SystemPackage

/// An archive of a certification authority's state that is open: what was checked is what is put back.
package struct StateArchive: ~Copyable, Sendable {
    private let file: OpenedFile
    private let sha256: [UInt8]

    /// Opens an archive and holds it against its digest, before anything in it is read.
    ///
    /// - Parameter sha256: 32 bytes, from a manifest.
    /// - Throws: ``StateError/archiveIsAnother(path:expected:found:)``, ``StateError/file(_:)``
    package init(at path: FilePath, sha256: [UInt8]) throws(StateError) {
        let file = try Self.open(path)
        let found = try Self.digest(of: file)
        guard found == sha256 else {
            throw .archiveIsAnother(path: path.string, expected: OpenSSL.hex(sha256), found: OpenSSL.hex(found))
        }
        self.file = file
        self.sha256 = sha256
    }

    package var path: FilePath { file.path }

    /// The SHA-256 of a file, in memory that does not grow with it.
    ///
    /// - Throws: ``StateError/file(_:)``
    package static func digest(at path: FilePath) throws(StateError) -> (sha256: [UInt8], byteCount: Int) {
        let file = try open(path)
        return (try digest(of: file), file.byteCount)
    }

    /// Opens a file that is not too large to be hashed.
    private static func open(_ path: FilePath) throws(StateError) -> OpenedFile {
        let file = try stated(OpenedFile(path))
        guard file.byteCount <= StateLayout.byteLimit else {
            throw .file(.tooLarge(path: path.string, byteCount: file.byteCount, limit: StateLayout.byteLimit))
        }
        return file
    }

    private static func digest(of file: borrowing OpenedFile) throws(StateError) -> [UInt8] {
        var digest = SHA256Stream()
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        var offset = 0
        while case let count = try stated(file.read(at: offset, into: &buffer)), count > 0 {
            digest.update(buffer.span.extracting(first: count))
            offset += count
        }
        return digest.finish()
    }

    /// Reads every header, and nothing of the contents.
    ///
    /// - Throws: ``StateError/archive(path:_:)``, or what `entry` throws.
    func list(_ entry: (TarHeader) throws(StateError) -> Void) throws(StateError) {
        var reader = Reader(path: path, isReadingContents: false)
        try reader.walk(file, entry) { _ throws(StateError) in }
    }

    /// What lies in folders in which everything belongs to the state, and whether each is a folder.
    ///
    /// - Throws: ``StateError/archive(path:_:)``
    func names(in layout: StateLayout) throws(StateError) -> [(name: String, isFolder: Bool)] {
        var names: [(name: String, isFolder: Bool)] = []
        try list { header throws(StateError) in
            if layout.takesAll(in: header.parentName) {
                names.append((header.name, header.isFolder))
            }
        }
        return names
    }

    /// Reads everything, and hashes what it hands over: what was put back is what the manifest names, or an error says so at
    /// the end.
    ///
    /// - Parameters:
    ///   - entry: Gets each header in order.
    ///   - content: Gets the content of the file whose header came last, piece by piece.
    /// - Throws: ``StateError/archiveChanged(path:)``, ``StateError/archive(path:_:)``, or what the two throw.
    func unpack(
        _ entry: (TarHeader) throws(StateError) -> Void,
        content: (Span<UInt8>) throws(StateError) -> Void
    ) throws(StateError) {
        var reader = Reader(path: path, isReadingContents: true)
        try reader.walk(file, entry, content)
        guard reader.digest() == sha256 else {
            throw .archiveChanged(path: path.string)
        }
    }
}

/// One walk through an archive from its beginning to its end.
private struct Reader: ~Copyable {
    let path: FilePath
    let isReadingContents: Bool
    private(set) var offset = 0
    private(set) var hash = SHA256Stream()
    private(set) var names = TarNames()

    consuming func digest() -> [UInt8] { hash.finish() }

    mutating func walk(
        _ file: borrowing OpenedFile,
        _ entry: (TarHeader) throws(StateError) -> Void,
        _ content: (Span<UInt8>) throws(StateError) -> Void
    ) throws(StateError) {
        var block = [UInt8](repeating: 0, count: TarHeader.blockByteCount)
        while true {
            let start = offset
            guard try next(file, into: &block) == block.count else {
                throw .archive(path: path.string, .truncated)
            }
            guard block.contains(where: { $0 != 0 }) else {
                break
            }
            let header: TarHeader
            do throws(TarError) {
                header = try TarHeader(block, at: start)
                try names.add(header)
                guard header.byteCount <= file.byteCount - offset else {
                    throw .truncated
                }
            } catch {
                throw .archive(path: path.string, error)
            }
            try entry(header)
            if isReadingContents {
                try pass(header, of: file, content)
            } else {
                offset += header.byteCount + header.paddingByteCount
            }
        }
        try end(file, &block)
    }

    private mutating func pass(
        _ header: TarHeader,
        of file: borrowing OpenedFile,
        _ content: (Span<UInt8>) throws(StateError) -> Void
    ) throws(StateError) {
        var left = header.byteCount
        while left > 0 {
            var buffer = [UInt8](repeating: 0, count: min(256 << 10, left))
            guard try next(file, into: &buffer) == buffer.count else {
                throw .archive(path: path.string, .truncated)
            }
            try content(buffer.span)
            left -= buffer.count
        }
        var padding = [UInt8](repeating: 0, count: header.paddingByteCount)
        guard try next(file, into: &padding) == padding.count else {
            throw .archive(path: path.string, .truncated)
        }
    }

    /// Two blocks of zeros end an archive, the first of which was read; whatever is behind them is zero as well.
    private mutating func end(_ file: borrowing OpenedFile, _ block: inout [UInt8]) throws(StateError) {
        guard try next(file, into: &block) == block.count else {
            throw .archive(path: path.string, .truncated)
        }
        var count = block.count
        while count > 0 {
            guard block[..<count].allSatisfy({ $0 == 0 }) else {
                throw .archive(path: path.string, .behindTheEnd)
            }
            count = try next(file, into: &block)
        }
    }

    private mutating func next(_ file: borrowing OpenedFile, into buffer: inout [UInt8]) throws(StateError) -> Int {
        let count = try stated(file.read(at: offset, into: &buffer))
        hash.update(buffer.span.extracting(first: count))
        offset += count
        return count
    }
}
