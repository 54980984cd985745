// SPDX-License-Identifier: Apache-2.0

/// Why an archive is not one that this program writes.
package indirect enum TarError: Error, Equatable {
    case truncated
    case notUstar(offset: Int)
    case checksum(offset: Int)
    case number(name: String)
    case kind(name: String, what: String)
    case name(String)
    case twice(String)
    /// What differs only in upper and lower case.
    case sameName(String, other: String)
    case folderMissing(String)
    case behindTheEnd
    case tooManyEntries(limit: Int)
    case tooManyBytes(limit: Int)
}

extension TarError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .truncated: "the archive is cut off"
        case .notUstar(let offset): "not a POSIX ustar archive: no header at byte \(offset)"
        case .checksum(let offset): "the header at byte \(offset) does not match its checksum"
        case .number(let name): "\(name.quotedPath): a size or mode that is not an octal number, or lies"
        case .kind(let name, let what): "\(name.quotedPath): \(what): only files and directories are put back"
        case .name(let name): "\(name.quotedPath): a path that could lead elsewhere"
        case .twice(let name): "\(name.quotedPath): stands there twice"
        case .sameName(let name, let other):
            "\(name.quotedPath): the name differs from \(other.quotedPath) only in upper and lower case"
        case .folderMissing(let name): "\(name.quotedPath): its directory does not come before it"
        case .behindTheEnd: "bytes behind the end of the archive"
        case .tooManyEntries(let limit): "more than \(limit) files"
        case .tooManyBytes(let limit): "more than \(limit) bytes"
        }
    }
}
