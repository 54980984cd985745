// SPDX-License-Identifier: Apache-2.0

import Files
import Glibc
import SecretMemory
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

    /// Reads what follows `nss:`; `%XX` in the nickname is a byte of it, and `sql:` may stand before the directory, as NSS's own tools have it.
    init?(_ rest: String) {
        let parts = rest.parts(between: "?", maxSplits: 1)
        let directory = parts[0].rest(after: "sql:") ?? parts[0]
        guard !directory.isEmpty, !directory.contains(byte: "\0") else {
            return nil
        }
        self.directory = directory
        guard parts.count == 2 else {
            nickname = nil
            return
        }
        guard let encoded = parts[1].rest(after: "nickname="), let nickname = Self.decoded(encoded) else {
            return nil
        }
        self.nickname = nickname
    }

    /// What is read as this; a directory whose own name starts with `sql:` is named with both.
    var text: String {
        (directory.hasPrefix(bytesOf: "sql:") ? "nss:sql:" : "nss:") + directory
            + (nickname.map { "?nickname=\($0.replacing(bytesOf: "%", with: "%25"))" } ?? "")
    }

    /// A nickname as it is, or with `%` and two hexadecimal digits for any byte of it; nothing when it is none.
    private static func decoded(_ text: String) -> String? {
        guard let bytes = Attributes.unescaped(text.utf8, where: { _ in true }), !bytes.isEmpty, !bytes.contains(0)
        else {
            return nil
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Looks for the files of the database, since softokn would make new ones.
    ///
    /// - Throws: ``StoreError``
    func check(forWriting: Bool) throws(StoreError) {
        guard !directory.hasPrefix(bytesOf: "dbm:") else {
            throw .legacyNSS(path: directory)
        }
        let names = try names()
        guard Self.files.allSatisfy({ names.contains(bytesOf: $0) }) else {
            throw ["cert8.db", "key3.db"].contains(where: { names.contains(bytesOf: $0) })
                ? .legacyNSS(path: directory) : .notNSS(path: directory)
        }
        // SQLite waits for ever at a pipe, also in place of its journal.
        for name in names where Self.files.contains(where: { name.hasPrefix(bytesOf: $0) }) {
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

    /// - Throws: ``StoreError/foreign(path:_:needed:)`` for one of the database's files in the place of its directory.
    private func names() throws(StoreError) -> [String] {
        do throws(StoreError) {
            return try StoreFile.names(FilePath(directory))
        } catch .file(.system(directory, .notDirectory)) {
            let bytes = try StoreFile.secret(FilePath(directory))
            guard let kind = ForeignFile(of: bytes.span) else {
                throw .file(.system(path: directory, .notDirectory))
            }
            throw .foreign(path: directory, kind, needed: .directory)
        }
    }

    /// What softokn takes for C_Initialize.
    ///
    /// *nss/lib/util/utilpars.c: a value in quotes has them, and `\`, escaped.* It goes by bytes, as this does.
    func parameters(forWriting: Bool) -> String {
        let escaped = directory.replacing(bytesOf: "\\", with: "\\\\").replacing(bytesOf: "'", with: "\\'")
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
