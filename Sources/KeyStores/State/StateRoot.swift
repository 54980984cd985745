// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage

/// A store's folder, in each form in which the path of something in it may begin with it.
///
/// One and the same place has many paths: relative ones, absolute ones, and others through links. They are held against
/// each other here and nowhere else.
struct StateRoot {
    /// As it was given.
    let path: FilePath
    /// The absolute path as it is written, unless a `..` in it may leave a link.
    private let written: FilePath?
    /// The absolute path without links.
    let real: FilePath

    /// - Throws: ``FileError/system(path:_:)``
    init(_ path: FilePath) throws(FileError) {
        self.path = path
        written = Self.written(path)
        real = try Files.absolute(path)
    }

    /// What is behind the folder in a path: nothing for the folder itself, `nil` for a path that leads elsewhere.
    ///
    /// A link below the folder stays one: whether it is followed is for whoever opens it.
    func rest(of path: FilePath) -> FilePath? {
        if (try? Files.absolute(path)) == real {
            return FilePath()
        }
        if path.isAbsolute == self.path.isAbsolute, let rest = path.rest(behind: self.path) {
            return rest
        }
        let whole = Self.written(path)
        let candidates = [
            (whole, written), (whole, real), (try? Self.real(path), real),
        ]
        return candidates.lazy.compactMap { path, root in root.flatMap { path?.rest(behind: $0) } }.first
    }

    /// The absolute path of something, whose last component may be a link, which is not followed.
    static func real(_ path: FilePath) throws(FileError) -> FilePath {
        guard let last = path.lastComponent, last.kind == .regular else {
            return try Files.absolute(path)
        }
        return try Files.absolute(path.removingLastComponent()).appending(last)
    }

    private static func written(_ path: FilePath) -> FilePath? {
        guard !path.components.contains(where: { $0.kind == .parentDirectory }) else {
            return nil
        }
        guard path.isRelative else {
            return path.lexicallyNormalized()
        }
        return (try? Files.absolute("."))?.pushing(path).lexicallyNormalized()
    }
}

extension FilePath {
    /// The names behind a folder that the path begins with, when there are any, and all of them lead downwards.
    fileprivate func rest(behind folder: FilePath) -> FilePath? {
        var rest = self
        guard starts(with: folder), rest.removePrefix(folder), !rest.isEmpty,
            rest.components.allSatisfy({ $0.kind == .regular })
        else {
            return nil
        }
        return rest
    }
}
