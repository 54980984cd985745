// SPDX-License-Identifier: Apache-2.0

import Glibc
package import SystemPackage

// What directories hold.
extension Files {
    /// The names in a directory, ordered by their bytes, without `.` and `..`.
    ///
    /// - Throws: ``FileError/system(path:_:)``
    package static func names(in directory: FilePath) throws(FileError) -> [String] {
        try unsafe whileOpen(directory) { (stream) throws(FileError) in try unsafe names(in: stream, directory) }
    }

    /// What an open directory holds, likewise.
    static func names(in stream: OpaquePointer, _ directory: FilePath) throws(FileError) -> [String] {
        var names: [String] = []
        _ = try unsafe firstName(in: stream, directory) { name in
            names.append(name)
            return false
        }
        return names.sortedByBytes()
    }

    /// Whether a directory holds a name of some form.
    ///
    /// - Throws: ``FileError/system(path:_:)``
    package static func contains(_ directory: FilePath, name isWanted: (String) -> Bool) throws(FileError) -> Bool {
        try unsafe whileOpen(directory) { (stream) throws(FileError) in
            try unsafe firstName(in: stream, directory, where: isWanted) != nil
        }
    }

    private static func whileOpen<Result>(
        _ directory: FilePath,
        _ body: (OpaquePointer) throws(FileError) -> Result
    ) throws(FileError) -> Result {
        guard let stream = unsafe directory.withPlatformString({ unsafe opendir($0) }) else {
            throw .system(path: directory.string, Errno.last)
        }
        defer { _ = unsafe closedir(stream) }
        return try unsafe body(stream)
    }

    /// The first such name in the directory's own order, without `.` and `..`.
    private static func firstName(
        in stream: OpaquePointer,
        _ directory: FilePath,
        where isWanted: (String) -> Bool
    ) throws(FileError) -> String? {
        // Only errno tells an error from the end.
        while case _ = clearErrno(), let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            if !name.isEqual(bytesOf: "."), !name.isEqual(bytesOf: ".."), isWanted(name) {
                return name
            }
        }
        guard currentErrno() == 0 else {
            throw .system(path: directory.string, Errno.last)
        }
        return nil
    }
}
