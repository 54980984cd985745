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
        let configuration =
            if let archived { archived.configuration } else { try OpenSSLConfiguration(at: path, section: section) }
        let file = try OpenSSLConfiguration.isFolder(path) ? path.appending(PEMFiles.configurationName) : path
        let root = file.removingLastComponent()
        func moved(_ path: FilePath) -> FilePath { archived?.moved(path, to: root) ?? path }
        var places = OpenSSLPlaces(of: configuration, from: try stored(StateRoot(root)), moved: moved)
        try places.addRecords()
        try places.addFolders()
        places.add(file, .configuration)
        for source in configuration.sources {
            places.add(source, .configuration)
        }
        return StateLayout(
            store: .opensslCA,
            root: root,
            list: StateLayout.Entries(places.entries),
            hasCountingSerials: !places.isRandom,
            wholeFolders: places.wholeFolders.contains(where: \.isEmpty) ? [""] : places.wholeFolders,
            elsewhere: places.elsewhere,
            keyPlaces: KeyPlaces(keys: places.names("private_key"), certificates: places.names("certificate")),
            folderPermissions: PEMForm.usual.folderPermissions
        )
    }
}

/// The places that a configuration of `openssl ca` names, one after the other.
private struct OpenSSLPlaces {
    private let configuration: OpenSSLConfiguration
    private let start: StateRoot
    private let moved: (FilePath) -> FilePath
    /// Whether serial numbers are drawn, not counted.
    let isRandom: Bool
    private(set) var entries: [StateLayout.Entry] = []
    /// Folders that lie above other entries: a CA may keep everything in one.
    private(set) var wholeFolders: [String] = []
    private(set) var elsewhere: [FilePath] = []

    /// - Parameter moved: Where a path will be that an archived configuration names.
    init(of configuration: OpenSSLConfiguration, from start: StateRoot, moved: @escaping (FilePath) -> FilePath) {
        (self.configuration, self.start, self.moved) = (configuration, start, moved)
        isRandom = configuration.value("rand_serial").flatMap(\.utf8.first).map("yYtT1".utf8.contains) ?? false
    }

    mutating func add(_ path: FilePath, _ part: StateLayout.Part, isFolder: Bool = false, isRequired: Bool = false) {
        let new = StateLayout.entry(at: moved(path), part, isFolder: isFolder, isRequired: isRequired, root: start)
        if !entries.contains(where: { $0.name.isEqual(bytesOf: new.name) }) {
            entries.append(new)
        }
    }

    /// The index, the numbers, and the folder of what was issued.
    mutating func addRecords() throws(StoreError) {
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
        if let folder = try configuration.path("new_certs_dir") {
            if start.rest(of: moved(folder))?.isEmpty == true {
                wholeFolders = [""]
            } else {
                add(folder, .records, isFolder: true)
            }
        }
    }

    /// What else the settings name, where it is there.
    mutating func addFolders() throws(StoreError) {
        for (setting, kind) in [("certs", FileKind.directory), ("crl_dir", .directory), ("crl", .regular)] {
            guard let path = try configuration.path(setting).map(moved) else {
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
                var new = StateLayout.entry(at: path, .records, isFolder: kind == .directory, root: start)
                new.isOptional = true
                entries.append(new)
            }
        }
    }

    /// The name, as an entry's, of what a setting gives.
    func names(_ setting: String) -> [FilePath] {
        let path = try? configuration.path(setting)
        return path.map { [FilePath(StateLayout.entry(at: moved($0), .records, root: start).name)] } ?? []
    }
}
