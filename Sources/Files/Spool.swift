// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
package import SystemPackage

/// A file without a name, for what is public and waits for its turn: it takes no memory, and goes with the process.
package final class Spool: Sendable {
    private let file: Int32
    private let end = Mutex(0)

    /// - Throws: ``FileError/cannotCreate(path:_:)``
    package init(in directory: FilePath) throws(FileError) {
        var template = Array(directory.appending("ca-escrow.XXXXXX").string.utf8CString)
        file = unsafe mkstemp(&template)
        guard file >= 0 else {
            throw .cannotCreate(path: directory.string, Errno.last)
        }
        _ = unsafe unlink(template)
    }

    deinit {
        _ = Glibc.close(file)
    }

    /// Adds bytes at the end, from whichever thread.
    ///
    /// - Returns: Where they are.
    /// - Throws: ``FileError/system(path:_:)``
    package func append(_ bytes: [UInt8]) throws(FileError) -> Range<Int> {
        let start = end.withLock { end in
            defer { end += bytes.count }
            return end
        }
        try unsafe bytes.span.withUnsafeBytes { (buffer) throws(FileError) in
            try inFull(buffer.count) { done in
                unsafe pwrite(file, buffer.baseAddress! + done, buffer.count - done, start + done)
            }
        }
        return start..<start + bytes.count
    }

    /// The bytes at a place that ``append(_:)`` gave.
    ///
    /// - Throws: ``FileError/system(path:_:)``
    package func read(_ range: Range<Int>) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        var span = bytes.mutableSpan
        try unsafe span.withUnsafeMutableBytes { (buffer) throws(FileError) in
            try inFull(buffer.count) { done in
                unsafe pread(file, buffer.baseAddress! + done, buffer.count - done, range.lowerBound + done)
            }
        }
        return bytes
    }

    private func inFull(_ count: Int, _ part: (_ done: Int) -> Int) throws(FileError) {
        guard try Files.inFull(count, "a temporary file", part) == count else {
            throw .system(path: "a temporary file", .ioError)
        }
    }
}
