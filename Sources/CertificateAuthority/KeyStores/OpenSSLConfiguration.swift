// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Files
import SystemPackage

/// Where `openssl ca` finds its key and certificate: its configuration, read by OpenSSL itself.
enum OpenSSLConfiguration {
    /// The files of a certification authority that `openssl ca` runs.
    ///
    /// A folder with `openssl.cnf` is what that says; one without, or whose file has no `[ca]`, is laid out as
    /// `openssl ca` expects by default. Relative paths start at the folder of the configuration file.
    ///
    /// - Throws: ``StoreError``
    static func files(_ path: FilePath, section: String?) throws(StoreError) -> PEMFiles {
        guard try isFolder(path) else {
            return try files(configuration: path, section: section, orLayout: nil)
        }
        let configuration = path.appending(PEMFiles.configurationName)
        let layout = PEMFiles(
            key: path.appending(PEMFiles.keyName),
            certificates: [path.appending(PEMFiles.certificateName)]
        )
        guard try StoreFile.kind(configuration) != nil else {
            guard let section else {
                return layout
            }
            throw .noSection(path: configuration.string, section: section)
        }
        return try files(configuration: configuration, section: section, orLayout: layout)
    }

    private static func isFolder(_ path: FilePath) throws(StoreError) -> Bool {
        switch try StoreFile.kind(path) {
        case .directory: true
        case .regular: false
        case nil: path.extension != "cnf"
        case .symbolicLink, .other: (try? StoreFile.names(path)) != nil
        }
    }

    /// The text with `.include` lines left empty, so that line numbers stay.
    ///
    /// OpenSSL would open whatever they name: a pipe that never ends, or a file without limit. Sections that stand in
    /// other files are not seen, which an error says.
    ///
    /// What OpenSSL takes for one line is one line here: no byte-order mark or carriage return hides the word, and a
    /// backslash at the end joins two lines before they are looked at.
    private static func withoutIncludes(_ text: [UInt8]) -> [UInt8] {
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        let plain = (text.starts(with: mark) ? text.dropFirst(mark.count) : text[...]).filter { $0 != 0x0d }
        var lines: [[UInt8]] = []
        var joined: [UInt8] = []
        var count = 0
        for line in plain.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            count += 1
            let isContinued = line.reversed().prefix { $0 == UInt8(ascii: "\\") }.count % 2 == 1
            joined += isContinued ? line.dropLast() : line
            guard !isContinued else {
                continue
            }
            let word = joined.drop { $0 <= UInt8(ascii: " ") }
            lines.append(word.starts(with: ".include".utf8) ? [] : joined)
            lines += [[UInt8]](repeating: [], count: count - 1)  // as many lines as before
            (joined, count) = ([], 0)
        }
        lines.append(joined)
        return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    }

    private static func files(
        configuration path: FilePath,
        section: String?,
        orLayout layout: PEMFiles?
    ) throws(StoreError) -> PEMFiles {
        let text = withoutIncludes(try StoreFile.bytes(path, limit: StoreFile.byteLimit))
        let configuration = unsafe NCONF_new(nil)
        defer { unsafe NCONF_free(configuration) }
        var line = 0
        let isRead = unsafe text.withUnsafeBytes { text in
            let bio = unsafe BIO_new_mem_buf(text.baseAddress, Int32(text.count))
            defer { unsafe BIO_free(bio) }
            return unsafe NCONF_load_bio(configuration, bio, &line) > 0
        }
        guard isRead else {
            throw .configuration(path: path.string, line: line, .drainingQueue(after: "read the configuration"))
        }
        func value(_ name: String, in section: String) -> String? {
            defer { OpenSSLError.clearQueue() }
            return unsafe NCONF_get_string(configuration, section, name).map { unsafe String(cString: $0) }
        }
        guard let section = section ?? value("default_ca", in: "ca") else {
            guard let layout else {
                throw .noSetting(path: path.string, section: "ca", name: "default_ca")
            }
            return layout
        }
        guard unsafe NCONF_get_section(configuration, section) != nil else {
            OpenSSLError.clearQueue()
            throw .noSection(path: path.string, section: section)
        }
        func file(_ name: String) throws(StoreError) -> FilePath {
            guard let value = value(name, in: section) else {
                throw .noSetting(path: path.string, section: section, name: name)
            }
            // An absolute path replaces the folder; a dot would only be noise in messages.
            let components = FilePath(value.hasPrefix("./") ? String(value.dropFirst(2)) : value)
            return path.removingLastComponent().pushing(components)
        }
        return PEMFiles(key: try file("private_key"), certificates: [try file("certificate")])
    }
}
