// SPDX-License-Identifier: Apache-2.0

import Files
import Glibc
import SystemPackage

/// A directory with an NSS database, as Dogtag and FreeIPA keep it, and the key in it: `nss:DIR?nickname=NAME`.
package struct NSSDatabase: Hashable, Sendable {
    package let directory: String
    /// The label that all certificates of one subject have in common.
    package let nickname: String?

    package init(directory: String, nickname: String?) {
        self.directory = directory
        self.nickname = nickname
    }

    /// Reads what follows `nss:`; `sql:` may stand before the directory, as NSS's own tools have it.
    init?(_ rest: String) {
        let parts = rest.unicodeScalars.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            .map { String($0) }
        let directory = parts[0].hasPrefix("sql:") ? String(parts[0].dropFirst(4)) : parts[0]
        guard !directory.isEmpty, !directory.contains("\0") else {
            return nil
        }
        self.directory = directory
        guard parts.count == 2 else {
            nickname = nil
            return
        }
        guard parts[1].hasPrefix("nickname="), parts[1].utf8.count > "nickname=".utf8.count else {
            return nil
        }
        nickname = String(parts[1].dropFirst("nickname=".count))
    }

    /// What is read as this; a directory whose own name starts with `sql:` is named with both.
    var text: String {
        (directory.hasPrefix("sql:") ? "nss:sql:" : "nss:") + directory + (nickname.map { "?nickname=\($0)" } ?? "")
    }

    /// Looks for the files of the database, since softokn would make new ones.
    ///
    /// - Throws: ``StoreError``
    func check(forWriting: Bool) throws(StoreError) {
        guard !directory.hasPrefix("dbm:") else {
            throw .legacyNSS(path: directory)
        }
        let names = try StoreFile.names(FilePath(directory))
        guard Self.files.allSatisfy(names.contains) else {
            throw ["cert8.db", "key3.db"].contains(where: names.contains)
                ? .legacyNSS(path: directory) : .notNSS(path: directory)
        }
        // SQLite waits for ever at a pipe, also in place of its journal.
        for name in names where Self.files.contains(where: name.hasPrefix) {
            let path = FilePath(directory).appending(name)
            guard try StoreFile.isRegular(path) else {
                throw .file(.notRegular(path: path.string))
            }
        }
        guard forWriting else {
            return
        }
        // SQLite makes its journal beside the files.
        guard Files.isWritable(directory: FilePath(directory)) else {
            throw .notWritable(path: directory)
        }
        for name in Self.files {
            let path = FilePath(directory).appending(name).string
            guard unsafe access(path, R_OK | W_OK) == 0 else {
                throw .notWritable(path: path)
            }
        }
    }

    /// What softokn takes for C_Initialize.
    ///
    /// *nss/lib/util/utilpars.c: a value in quotes has them, and `\`, escaped.*
    func parameters(forWriting: Bool) -> String {
        var escaped = ""
        for character in directory {
            escaped += character == "\\" || character == "'" ? "\\\(character)" : "\(character)"
        }
        return "configdir='sql:\(escaped)' certPrefix='' keyPrefix='' secmod='secmod.db' flags="
            + (forWriting ? "" : "readOnly")
    }

    /// Where softokn lies, of Debian, Fedora and others.
    ///
    /// - Throws: ``StoreError/noSoftokn(looked:)``
    static func module(among paths: [String] = modulePaths) throws(StoreError) -> String {
        guard let path = paths.first(where: { unsafe access($0, R_OK) == 0 }) else {
            throw .noSoftokn(looked: paths)
        }
        return path
    }

    static let files = ["cert9.db", "key4.db"]

    static let modulePaths =
        ["x86_64", "aarch64"].flatMap { machine in
            ["/usr/lib/\(machine)-linux-gnu/libsoftokn3.so", "/usr/lib/\(machine)-linux-gnu/nss/libsoftokn3.so"]
        } + ["/usr/lib64/libsoftokn3.so", "/usr/lib/libsoftokn3.so"]
}
