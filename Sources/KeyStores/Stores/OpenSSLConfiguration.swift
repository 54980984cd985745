// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
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
}

extension OpenSSLConfiguration {
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
            self = Self.layout(of: path, file: nil)
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

    private static func layout(of folder: FilePath, file: FilePath?, sources: [FilePath] = []) -> OpenSSLConfiguration {
        let values = [
            "private_key": PEMFiles.keyName, "certificate": PEMFiles.certificateName, "database": "index.txt",
            "serial": "serial", "crlnumber": "crlnumber", "new_certs_dir": "newcerts",
        ]
        return OpenSSLConfiguration(file: file, folder: folder, section: nil, values: values, sources: sources)
    }

    private static func read(
        _ file: FilePath,
        section: String?,
        orLayoutOf layout: FilePath?
    ) throws(StoreError) -> OpenSSLConfiguration {
        let text = try ConfigurationText(file)
        let configuration = try text.parsed()
        guard let named = section ?? configuration.value("default_ca", in: "ca") else {
            guard let layout else {
                throw .noSetting(path: file.string, section: "ca", name: "default_ca")
            }
            return Self.layout(of: layout, file: file, sources: text.sources)
        }
        // Like NCONF_get_string: what a section does not say, [default] does, also for one that is not there.
        let common = configuration.values(of: "default") ?? [:]
        let isCommon = section == nil && common["private_key"] != nil && common["certificate"] != nil
        guard let own = configuration.values(of: named) ?? (isCommon ? [:] : nil) else {
            throw text.missing.isEmpty
                ? .noSection(path: file.string, section: named)
                : .fileStore(.noSection(path: file.string, section: named, missing: text.missing))
        }
        return OpenSSLConfiguration(
            file: file,
            folder: file.removingLastComponent(),
            section: named,
            values: common.merging(own) { $1 },
            sources: text.sources
        )
    }

    static func isFolder(_ path: FilePath) throws(StoreError) -> Bool {
        switch try StoreFile.kind(path) {
        case .directory: true
        case .regular: false
        case nil: path.extension != "cnf"
        case .symbolicLink, .other: (try? StoreFile.names(path)) != nil
        }
    }

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
