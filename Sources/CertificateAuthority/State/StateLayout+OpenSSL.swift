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
        // A CA may keep everything in one folder.
        var wholeFolders: [String] = []
        if let folder = try configuration.path("new_certs_dir") {
            if start.rest(of: place(folder))?.isEmpty == true {
                wholeFolders = [""]
            } else {
                add(folder, .records, isFolder: true)
            }
        }
        var elsewhere: [FilePath] = []
        for (setting, kind) in [("certs", FileKind.directory), ("crl_dir", .directory), ("crl", .regular)] {
            guard let path = try configuration.path(setting).map(place) else {
                continue
            }
            guard let name = start.rest(of: path)?.string else {
                elsewhere.append(path)
                continue
            }
            let isBelow = entries.contains { entry in
                name.isEqual(bytesOf: entry.name) || (entry.isFolder && name.hasPrefix(bytesOf: entry.name + "/"))
            }
            let isAbove = name.isEmpty || entries.contains { $0.name.hasPrefix(bytesOf: name + "/") }
            if isAbove, kind == .directory {
                wholeFolders.append(name)
            } else if !isAbove, !isBelow, try [nil, kind, .symbolicLink, .other].contains(StoreFile.kind(path)) {
                var new = entry(at: path, .records, isFolder: kind == .directory, root: start)
                new.isOptional = true
                entries.append(new)
            }
        }
        wholeFolders = wholeFolders.contains(where: \.isEmpty) ? [""] : wholeFolders
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
            wholeFolders: wholeFolders,
            elsewhere: elsewhere,
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
