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
        // An absolute path replaces the folder.
        try written(name).map(folder.pushing)
    }

    /// The path as the section has it, without the folder.
    private func written(_ name: String) throws(StoreError) -> FilePath? {
        guard let value = values[name] else {
            return nil
        }
        let use: ConfiguredPath.Use =
            switch name {
            case "private_key", "certificate": .store
            case "new_certs_dir", "certs", "crl_dir": .folder
            default: .file
            }
        return try ConfiguredPath(file: file ?? folder, setting: name, folder: folder).path(value, as: use)
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
        // Like NCONF_get_string: what a section does not say, [default] does, also for one that is not there.
        let common = unsafe values(of: "default", in: configuration) ?? [:]
        let isCommon = section == nil && common["private_key"] != nil && common["certificate"] != nil
        guard let own = unsafe values(of: named, in: configuration) ?? (isCommon ? [:] : nil) else {
            throw text.missing.isEmpty
                ? .noSection(path: file.string, section: named)
                : .fileStore(.noSection(path: file.string, section: named, missing: text.missing))
        }
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
}

extension OpenSSLConfiguration {
    /// The key and the certificate.
    ///
    /// - Throws: ``StoreError``
    func files() throws(StoreError) -> PEMFiles {
        PEMFiles(key: try needed("private_key"), certificates: [try needed("certificate")])
    }

    private func needed(_ name: String) throws(StoreError) -> FilePath {
        guard let written = try written(name) else {
            throw .noSetting(path: file?.string ?? folder.string, section: section ?? "ca", name: name)
        }
        let path = folder.pushing(written)
        try refuseElsewhere(path, written)
        return path
    }

    /// Refuses a relative path under a folder that is not there beside the configuration, but is in the working
    /// directory: `openssl ca` ran there, and would look there.
    private func refuseElsewhere(_ path: FilePath, _ relative: FilePath) throws(StoreError) {
        guard let file, relative.isRelative, !folder.isEmpty, let first = relative.components.first,
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
        let parts = text.parts(between: ":", maxSplits: 1)
        guard parts.count == 2, !parts[0].isEmpty, parts[0].utf8.allSatisfy(Self.isInScheme) else {
            return nil
        }
        scheme = parts[0].lowercasedASCII
        rest = parts[1]
    }

    /// The path of a `file:` address of this host, as OpenSSL's file store takes it.
    var filePath: String? {
        guard scheme.isEqual(bytesOf: "file") else {
            return nil
        }
        for host in ["//localhost/", "///"] where rest.lowercasedASCII.hasPrefix(bytesOf: host) {
            return "/" + String(Substring(rest.utf8.dropFirst(host.utf8.count)))
        }
        // Another host's file is none here.
        return rest.hasPrefix(bytesOf: "//") ? nil : rest
    }

    /// What messages show: nothing of a query, which may hold a PIN.
    var shown: String { Self.withoutPIN("\(scheme):\(rest.parts(between: "?")[0])") }

    /// A text of somebody else's for a message: a PIN may stand in the path of the address as well.
    static func withoutPIN(_ text: String) -> String {
        let name = Array("pin-value=".utf8)
        let (bytes, lowercase) = (Array(text.utf8), Array(text.lowercasedASCII.utf8))
        var result: [UInt8] = []
        var start = 0
        while let found = lowercase[start...].firstRange(of: name) {
            result += bytes[start..<found.upperBound] + "…".utf8
            start = bytes[found.upperBound...].firstIndex(where: ";&?".utf8.contains) ?? bytes.count
        }
        return String(decoding: result + bytes[start...], as: UTF8.self)
    }

    private static func isInScheme(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "+-.".utf8.contains(byte)
        }
    }
}
