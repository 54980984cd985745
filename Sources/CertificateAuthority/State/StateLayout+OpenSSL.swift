// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage

// The layout of `openssl ca`: what its configuration says.
extension StateLayout {
    /// The state of a certification authority that `openssl ca` runs.
    ///
    /// A folder without `openssl.cnf`, or whose file has no `[ca]`, is laid out as `openssl ca` expects by default.
    ///
    /// - Parameters:
    ///   - path: The folder, or the configuration file.
    ///   - archived: Where the configuration lies that will be there, when none is there yet.
    /// - Throws: ``StoreError``
    static func opensslCA(
        _ path: FilePath,
        section: String?,
        archived: ArchivedConfiguration? = nil
    ) throws(StoreError) -> StateLayout {
        let configuration: OpenSSLConfiguration
        if let archived {
            configuration = archived.configuration
        } else {
            configuration = try OpenSSLConfiguration(at: path, section: section)
        }
        let file = try OpenSSLConfiguration.isFolder(path) ? path.appending(PEMFiles.configurationName) : path
        let root = file.removingLastComponent()
        let start = try stateRoot(root)
        func place(_ path: FilePath) -> FilePath { archived?.moved(path, to: root) ?? path }

        var entries: [Entry] = []
        func add(_ path: FilePath, _ part: Part, isFolder: Bool = false, isRequired: Bool = false) {
            let new = entry(at: place(path), part, isFolder: isFolder, isRequired: isRequired, root: start)
            if !entries.contains(where: { $0.name.isEqual(bytesOf: new.name) }) {
                entries.append(new)
            }
        }
        let isRandom = configuration.value("rand_serial").flatMap(\.utf8.first).map("yYtT1".utf8.contains) ?? false
        if let index = try configuration.path("database") {
            add(index, .index, isRequired: true)
            add(FilePath(index.string + ".attr"), .records)
        }
        if !isRandom, let serial = try configuration.path("serial") {
            add(serial, .serial)
        }
        if let number = try configuration.path("crlnumber") {
            add(number, .crlNumber)
        }
        var takesAll = false
        if let folder = try configuration.path("new_certs_dir") {
            // A CA that keeps everything in one folder.
            takesAll = start.rest(of: place(folder))?.isEmpty == true
            if !takesAll {
                add(folder, .records, isFolder: true)
            }
        }
        func names(_ setting: String) -> [FilePath] {
            let path = try? configuration.path(setting)
            return path.map { [FilePath(entry(at: place($0), .records, root: start).name)] } ?? []
        }
        add(file, .configuration)
        for source in configuration.sources {
            add(source, .configuration)
        }
        return StateLayout(
            .opensslCA,
            root: root,
            entries: entries,
            hasCountingSerials: !isRandom,
            takesAll: takesAll,
            keyPlaces: KeyPlaces(keys: names("private_key"), certificates: names("certificate")),
            folderPermissions: PEMForm.usual.folderPermissions
        )
    }

    /// - Throws: ``StoreError/file(_:)``
    static func stateRoot(_ path: FilePath) throws(StoreError) -> StateRoot {
        do throws(FileError) {
            return try StateRoot(path)
        } catch {
            throw .file(error)
        }
    }
}
