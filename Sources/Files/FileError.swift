// SPDX-License-Identifier: Apache-2.0

package import SystemPackage

/// Why a file was not read, or not written; paths are shown as the caller gave them.
package indirect enum FileError: Error, Equatable {
    /// Reading or writing failed.
    case system(path: String, Errno)
    /// The output, or its directory, cannot be made.
    case cannotCreate(path: String, Errno)
    /// What is made there cannot be given to somebody, named as `USER:GROUP`.
    case cannotGive(path: String, owner: String, Errno)
    case symbolicLink(path: String)
    case notRegular(path: String)
    case tooLarge(path: String, byteCount: Int, limit: Int)
    case exists(path: String)
    case cannotPublish(path: String)
    /// Another process is at work there, and did not end in time; which one, where that can be told.
    case busy(path: String, holder: LockHolder?)
}

extension FileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .system(let path, .noData): "\(path): the file is empty"
        case .system(let path, let errno), .cannotCreate(let path, let errno): "\(path): \(errno.description)"
        case .cannotGive(let path, let owner, let errno):
            "\(path): what is made here cannot be given to \(owner): \(errno.description)"
        case .symbolicLink(let path): "\(path): a symbolic link, where a file itself is needed"
        case .notRegular(let path): "\(path): not a regular file"
        case .tooLarge(let path, let byteCount, let limit): "\(path): \(byteCount) bytes: at most \(limit) are read"
        case .exists(let path): "\(path): already exists"
        case .cannotPublish(let path): "\(path): this file system cannot rename without replacing"
        case .busy(let path, let holder):
            "\(path): another process is at work there\(holder.map { ": \($0)" } ?? "")"
        }
    }
}

extension FileError {
    /// The path that the error is about, as the caller gave it.
    package var path: String {
        switch self {
        case .system(let path, _), .cannotCreate(let path, _), .cannotGive(let path, _, _), .symbolicLink(let path),
            .notRegular(let path), .tooLarge(let path, _, _),
            .exists(let path), .cannotPublish(let path), .busy(let path, _):
            path
        }
    }

    /// Throws `errno` for `path` unless `status` is 0.
    static func check(_ status: Int32, _ path: FilePath) throws(FileError) {
        guard status == 0 else {
            throw .system(path: path.string, Errno.last)
        }
    }
}

extension Errno {
    /// The calling thread's `errno`.
    static var last: Errno { Errno(rawValue: currentErrno()) }
}
