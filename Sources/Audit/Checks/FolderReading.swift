// SPDX-License-Identifier: Apache-2.0

import Escrow
import Files
import SystemPackage

/// What lies in one directory of an escrow: names, and of what kind each is.
struct FolderReading: Sendable {
    let path: FilePath
    /// Nothing when nothing is there; a link stays one.
    let kind: Result<FileKind?, FileError>
    /// In order, with what each is; none when it is no directory, or cannot be listed.
    let items: [Item]
    /// Why it cannot be listed.
    private let unlisted: FileError?

    /// A name in a directory.
    struct Item: Sendable {
        let name: String
        let kind: Result<FileKind?, FileError>
        /// What a regular file is that must not lie in an escrow; nothing for any other file.
        let secret: Result<String?, FileError>
    }

    /// Looks into a directory.
    ///
    /// - Parameter isSearched: Whether the content of a file of this name is looked at.
    init(_ path: FilePath, searching isSearched: (String) -> Bool = { _ in false }) {
        self.path = path
        let kind = Result { () throws(FileError) in try Files.kind(of: path) }
        self.kind = kind
        guard case .success(.directory?) = kind else {
            (items, unlisted) = ([], nil)
            return
        }
        do throws(FileError) {
            items = try Files.names(in: path).map { Item($0, in: path, searching: isSearched($0)) }
            unlisted = nil
        } catch {
            (items, unlisted) = ([], error)
        }
    }

    /// Whether something else is there than a directory.
    var isNoDirectory: Bool {
        if case .success(let kind?) = kind { kind != .directory } else { false }
    }

    /// What could not be looked at.
    var unread: [FileError] {
        [unlisted].compactMap(\.self) + items.flatMap(\.unread) + kind.failures
    }
}

extension FolderReading.Item {
    fileprivate init(_ name: String, in directory: FilePath, searching isSearched: Bool) {
        let path = directory.appending(name)
        self.name = name
        kind = Result { () throws(FileError) in try Files.kind(of: path) }
        guard isSearched, case .success(.regular?) = kind else {
            secret = .success(nil)
            return
        }
        secret = Result { () throws(FileError) in try SecretFile.reason(path) }
    }

    /// Whether something else is there than a regular file.
    var isNotRegular: Bool {
        if case .success(let kind) = kind { kind != .regular } else { false }
    }

    /// What it is that must not lie in an escrow; nothing when that is not known.
    var hidden: String? { try? secret.get() }

    fileprivate var unread: [FileError] { kind.failures + secret.failures }
}

extension Result {
    /// The error, when it is one.
    var failures: [Failure] { if case .failure(let error) = self { [error] } else { [] } }
}
