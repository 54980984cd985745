// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Files
package import SystemPackage

/// A certification authority of `openssl ca`: one section of its configuration, read by OpenSSL itself.
///
/// It is read as by `openssl ca` that runs in the folder of the configuration: relative paths start there.
package struct OpenSSLConfiguration: Equatable, Sendable {
    /// The configuration file; `nil` for a folder without one, which is laid out as `openssl ca` expects by default.
    package let file: FilePath?
    /// Where relative paths start.
    package let folder: FilePath
    /// The section that was read; `nil` for a folder whose configuration has no `[ca]`, or that has none.
    package let section: String?
    /// What the section says, variables expanded, and what `[default]` says for it.
    private let values: [String: String]
    /// The configuration file and what it includes, in the order in which they were read.
    package let sources: [FilePath]

    /// Reads the section of a certification authority.
    ///
    /// A folder with `openssl.cnf` is what that says; one without, or whose file has no `[ca]`, is laid out as
    /// `openssl ca` expects by default. The environment is looked at where the file says `$ENV::`, by OpenSSL.
    ///
    /// - Parameters:
    ///   - path: A folder, or a configuration file.
    ///   - section: The section's name, or `nil` for the one that `default_ca` in `[ca]` names.
    /// - Throws: ``StoreError``
    package init(at path: FilePath, section: String?) throws(StoreError) {
        guard try Self.isFolder(path) else {
            self = try Self.read(path, section: section, orLayoutOf: nil)
            return
        }
        let file = path.appending(PEMFiles.configurationName)
        guard try StoreFile.kind(file) != nil else {
            guard section == nil else {
                throw .noSection(path: file.string, section: section!)
            }
            self.init(layoutOf: path, file: nil)
            return
        }
        self = try Self.read(file, section: section, orLayoutOf: path)
    }

    /// What the section says, such as `database`; `nil` when it says nothing.
    package func value(_ name: String) -> String? { values[name] }

    /// A file or folder that the section names, such as `database`, `serial`, `crlnumber` or `new_certs_dir`.
    ///
    /// - Throws: ``StoreError`` when the value is the address of something that is no file.
    package func path(_ name: String) throws(StoreError) -> FilePath? {
        guard let value = values[name] else {
            return nil
        }
        let path = try Self.filePath(value, of: name, in: file ?? folder)
        // An absolute path replaces the folder.
        return folder.pushing(path)
    }

    private init(layoutOf folder: FilePath, file: FilePath?, sources: [FilePath] = []) {
        self.file = file
        self.folder = folder
        self.sources = sources
        section = nil
        values = [
            "private_key": PEMFiles.keyName, "certificate": PEMFiles.certificateName, "database": "index.txt",
            "serial": "serial", "crlnumber": "crlnumber", "new_certs_dir": "newcerts",
        ]
    }

    private init(file: FilePath, section: String, values: [String: String], sources: [FilePath]) {
        self.file = file
        self.sources = sources
        folder = file.removingLastComponent()
        self.section = section
        self.values = values
    }

    private static func read(
        _ file: FilePath,
        section: String?,
        orLayoutOf layout: FilePath?
    ) throws(StoreError) -> OpenSSLConfiguration {
        let text = try ConfigurationText(file)
        let configuration = unsafe NCONF_new(nil)
        defer { unsafe NCONF_free(configuration) }
        try unsafe text.load(into: configuration)
        let usual = unsafe string("default_ca", in: "ca", of: configuration)
        guard let named = section ?? usual else {
            guard let layout else {
                throw .noSetting(path: file.string, section: "ca", name: "default_ca")
            }
            return OpenSSLConfiguration(layoutOf: layout, file: file, sources: text.sources)
        }
        guard let own = unsafe values(of: named, in: configuration) else {
            throw text.missing.isEmpty
                ? .noSection(path: file.string, section: named)
                : .fileStore(.noSection(path: file.string, section: named, missing: text.missing))
        }
        // Like NCONF_get_string: what a section does not say, [default] does.
        let common = unsafe values(of: "default", in: configuration) ?? [:]
        return OpenSSLConfiguration(
            file: file,
            section: named,
            values: common.merging(own) { $1 },
            sources: text.sources
        )
    }

    private static func string(_ name: String, in section: String, of configuration: UnsafeMutablePointer<CONF>?)
        -> String?
    {
        defer { OpenSSLError.clearQueue() }
        return unsafe NCONF_get_string(configuration, section, name).map { unsafe String(cString: $0) }
    }

    private static func values(of name: String, in configuration: UnsafeMutablePointer<CONF>?) -> [String: String]? {
        defer { OpenSSLError.clearQueue() }
        guard let stack = unsafe NCONF_get_section(configuration, name) else {
            return nil
        }
        var values: [String: String] = [:]
        let count = unsafe COpenSSL_sk_CONF_VALUE_num(stack)
        for index in 0..<count {
            let entry = unsafe COpenSSL_sk_CONF_VALUE_value(stack, index)!
            unsafe values[String(cString: entry.pointee.name)] = unsafe String(cString: entry.pointee.value)
        }
        return values
    }

    static func isFolder(_ path: FilePath) throws(StoreError) -> Bool {
        switch try StoreFile.kind(path) {
        case .directory: true
        case .regular: false
        case nil: path.extension != "cnf"
        case .symbolicLink, .other: (try? StoreFile.names(path)) != nil
        }
    }

    /// The path that a value names, which OpenSSL takes as a path or as a `file:` address.
    ///
    /// - Throws: ``FileStoreError/keyNotInFile(path:setting:address:)`` for the address of a token or engine.
    static func filePath(_ value: String, of name: String, in file: FilePath) throws(StoreError) -> FilePath {
        var text = value
        if let address = KeyAddress(value) {
            guard let path = address.filePath else {
                throw .fileStore(.keyNotInFile(path: file.string, setting: name, address: address.shown))
            }
            text = path
        }
        // A dot would only be noise in messages.
        while text.hasPrefix("./"), text.count > 2 {
            text.removeFirst(2)
        }
        return FilePath(text)
    }
}

extension OpenSSLConfiguration {
    /// The key and the certificate.
    ///
    /// - Throws: ``StoreError``
    func files() throws(StoreError) -> PEMFiles {
        PEMFiles(key: try needed("private_key"), certificates: [try needed("certificate")])
    }

    private func needed(_ name: String) throws(StoreError) -> FilePath {
        guard let path = try path(name) else {
            throw .noSetting(path: file?.string ?? folder.string, section: section ?? "ca", name: name)
        }
        try refuseElsewhere(path, name)
        return path
    }

    /// Refuses a relative path under a folder that is not there beside the configuration, but is in the working
    /// directory: `openssl ca` ran there, and would look there.
    private func refuseElsewhere(_ path: FilePath, _ name: String) throws(StoreError) {
        guard let file, let value = values[name] else {
            return
        }
        let relative = try Self.filePath(value, of: name, in: file)
        guard relative.isRelative, !folder.isEmpty, let first = relative.components.first,
            try StoreFile.kind(folder.appending(first)) == nil, try StoreFile.kind(FilePath(first.string)) != nil
        else {
            return
        }
        throw .fileStore(.elsewhere(path: file.string, here: path.string, there: relative.string))
    }
}

/// The address of a key that may be no file: `SCHEME:…`.
struct KeyAddress: Equatable {
    private let scheme: String
    private let rest: String

    /// - Returns: `nil` when the text is a path.
    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), colon > text.startIndex,
            text[..<colon].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) })
        else {
            return nil
        }
        scheme = text[..<colon].lowercased()
        rest = String(text[text.index(after: colon)...])
    }

    /// The path of a `file:` address, as OpenSSL's file store takes it.
    var filePath: String? {
        guard scheme == "file" else {
            return nil
        }
        for host in ["//localhost/", "///"] where rest.lowercased().hasPrefix(host) {
            return "/" + rest.dropFirst(host.count)
        }
        return rest
    }

    /// What messages show: nothing of a query, which may hold a PIN.
    var shown: String { Self.withoutPIN("\(scheme):\(rest.prefix { $0 != "?" })") }

    /// A text of somebody else's for a message: a PIN may stand in the path of the address as well.
    static func withoutPIN(_ text: String) -> String {
        let name = "pin-value="
        var result = ""
        var rest = text[...]
        while let start = rest.indices.first(where: { rest[$0...].prefix(name.count).lowercased() == name }) {
            let value = rest.index(start, offsetBy: name.count)
            result += rest[..<value] + "…"
            rest = rest[value...].drop { !";&?".contains($0) }
        }
        return result + rest
    }
}
