// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// A file that is being written, from its beginning to its end.
struct OutputFile {
    let descriptor: Int32
    /// What errors call it.
    let shown: FilePath

    func write(_ bytes: Span<UInt8>) throws(FileError) {
        try unsafe bytes.withUnsafeBytes { (buffer) throws(FileError) in
            let count = try Files.inFull(buffer.count, shown) { written in
                unsafe Glibc.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
            }
            guard count == buffer.count else {
                throw .system(path: shown.string, .ioError)
            }
        }
    }

    /// Writes so that long runs of zeros take no room on disk: logs that are made large beforehand stay small.
    ///
    /// The file is as long as it should be once ``endSparsely()`` was called.
    func writeSparsely(_ bytes: Span<UInt8>) throws(FileError) {
        var start = 0
        while start < bytes.count {
            let isZero = Self.isZero(bytes, at: start)
            var end = start
            repeat {
                end = min(end + Self.pieceByteCount, bytes.count)
            } while end < bytes.count && Self.isZero(bytes, at: end) == isZero
            if isZero {
                try FileError.check(lseek(descriptor, off_t(end - start), SEEK_CUR) < 0 ? -1 : 0, shown)
            } else {
                try write(bytes.extracting(start..<end))
            }
            start = end
        }
    }

    /// Gives a file that ends with zeros its length.
    func endSparsely() throws(FileError) {
        try FileError.check(ftruncate(descriptor, lseek(descriptor, 0, SEEK_CUR)), shown)
    }

    private static let pieceByteCount = 4096

    /// Whether the piece that begins there is all zeros.
    private static func isZero(_ bytes: Span<UInt8>, at start: Int) -> Bool {
        let piece = bytes.extracting(start..<min(start + pieceByteCount, bytes.count))
        return unsafe piece.withUnsafeBytes { buffer in
            unsafe buffer[0] == 0 && memcmp(buffer.baseAddress!, buffer.baseAddress! + 1, buffer.count - 1) == 0
        }
    }
}
