// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage

/// A value of a configuration that names a file or a folder, taken as OpenSSL and the system take it.
struct ConfiguredPath {
    /// The configuration file, and the name of the value, for errors.
    let file: FilePath
    let setting: String
    /// Where relative paths start.
    let folder: FilePath

    /// How OpenSSL opens what a value names.
    enum Use {
        /// As a store, which takes an address as well: a key, a certificate.
        case store
        /// By its name alone.
        case file
        /// By its name alone, and it may end in a slash.
        case folder
    }

    /// The path, relative or absolute as it is written.
    ///
    /// - Throws: ``StoreError`` for a value that names no file.
    func path(_ value: String, as use: Use) throws(StoreError) -> FilePath {
        guard !value.contains(bytesOf: "\u{FFFD}") else {
            throw .fileStore(.notUTF8(path: file.string, setting: setting))
        }
        let literal = FilePath(configured: value)
        if use == .store, let address = KeyAddress(value), try !isThere(literal) {
            return try path(of: address, value)
        }
        try check(value, as: use)
        if value.hasPrefix(bytesOf: "~") || value.hasPrefix(bytesOf: "./") {
            try checkHome(literal)
        }
        return literal
    }

    /// *`file_open` in OpenSSL's providers/implementations/storemgmt/file_store.c: a file of that very name comes first.*
    private func isThere(_ path: FilePath) throws(StoreError) -> Bool {
        try StoreFile.kind(folder.pushing(path)) != nil
    }

    private func path(of address: KeyAddress, _ value: String) throws(StoreError) -> FilePath {
        guard let text = address.filePath else {
            throw .fileStore(.keyNotInFile(path: file.string, setting: setting, address: address.shown))
        }
        try check(text, as: .file)
        guard FilePath(text).isAbsolute else {
            throw .fileStore(.relativeAddress(path: file.string, setting: setting, address: address.shown))
        }
        return FilePath(configured: text)
    }

    /// Behind a slash at its end, the system opens nothing but a folder.
    private func check(_ text: String, as use: Use) throws(StoreError) {
        let isFolder = ["", ".", ".."].contains(bytesOf: text.parts(between: "/").last ?? "")
        guard !text.isEmpty, use == .folder || !isFolder else {
            throw .fileStore(.namesNoFile(path: file.string, setting: setting))
        }
    }

    /// No configuration expands a tilde, and whoever wrote one did not mean a folder of that name.
    private func checkHome(_ path: FilePath) throws(StoreError) {
        guard path.isRelative, let first = path.components.first, first.string.hasPrefix(bytesOf: "~"),
            path.components.count > 1 || first.string.isEqual(bytesOf: "~"), try !isThere(FilePath(first.string))
        else {
            return
        }
        throw .fileStore(.homeInSetting(path: file.string, setting: setting, folder: first.string))
    }
}

extension FilePath {
    /// A path as people write it into a configuration, without each `.` in it, which changes nothing.
    ///
    /// Each `..` stays: behind a symbolic link it leaves the folder that the link leads to, and only the system knows
    /// which one that is.
    init(configured text: String) {
        let path = FilePath(text)
        self.init(root: path.root, path.components.filter { $0.kind != .currentDirectory })
    }
}
