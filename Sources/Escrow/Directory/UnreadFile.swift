// SPDX-License-Identifier: Apache-2.0

package import Files
import KeyStores
package import SystemPackage

// What a reader could not look at, told apart from what is not as it must be: docs/format.md, section 5.6.
extension FileError {
    /// Whether it only says that this reader could not look, such as "Permission denied": what lies there may be as it
    /// must be.
    ///
    /// That a file is missing, empty, a link, a directory or too large is a fact about it, whoever looks.
    package var isUnread: Bool {
        switch self {
        case .system(_, let errno), .cannotCreate(_, let errno):
            ![.noSuchFileOrDirectory, .notDirectory, .isDirectory, .noData].contains(errno)
        case .busy: true
        case .symbolicLink, .notRegular, .tooLarge, .exists, .cannotPublish, .cannotGive: false
        }
    }
}

extension EscrowError {
    /// Whether it only says that this reader could not look.
    package var isUnread: Bool {
        switch self {
        case .file(let error), .state(.file(let error)): error.isUnread
        default: false
        }
    }
}

extension EpochDirectory {
    /// The names in a directory inside an epoch's, which may not be there yet: none then.
    ///
    /// - Throws: ``EscrowError/file(_:)`` when something else lies there, a link to a directory among it, or when it
    ///   cannot be listed: nobody knows then what is in it.
    package static func names(inside directory: FilePath) throws(EscrowError) -> [String] {
        try orThrow { () throws(FileError) in
            switch try Files.kind(of: directory) {
            case nil: return []
            case .directory: return try Files.names(in: directory).filter { !Clutter.isOne($0) }
            case .symbolicLink: throw .symbolicLink(path: directory.string)
            default: throw .system(path: directory.string, .notDirectory)
            }
        }
    }
}
