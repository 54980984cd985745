// SPDX-License-Identifier: Apache-2.0

import Files
package import SystemPackage

/// Where one kind of CA software keeps its state: everything but keys that the next certificate and the next list of
/// revocations depend on.
///
/// It is data: which files and folders belong to it, and which of them count. What an archive holds, what a restore may
/// write, and what is compared all follow from it: docs/format.md, section 4.6.
package struct StateLayout: Equatable, Sendable {
    /// The kinds of store that keep a state, named as in a store's URI.
    package enum Store: String, CaseIterable, Sendable {
        case opensslCA = "openssl-ca"
        case easyRSA = "easy-rsa"
        case stepCA = "step-ca"
    }

    /// What an entry is for.
    package enum Part: Sendable {
        /// One row a certificate, as `openssl ca` writes it.
        case index
        /// The next serial number, in hexadecimal digits.
        case serial
        /// The next CRL's number, likewise.
        case crlNumber
        /// Certificates, requests and whatever else grows with use.
        case records
        /// What an administrator writes: it may be there before the rest.
        case configuration
    }

    /// A file or folder of it.
    package struct Entry: Equatable, Sendable {
        /// Its path in an archive: below the root, or `outside/` and its absolute path.
        package let name: String
        /// Its path on disk.
        package let path: FilePath
        /// How many last components of the path lie below a folder that the administrator named: no link among them.
        let depth: Int
        package let part: Part
        package let isFolder: Bool
        /// Whether the rest is worth nothing without it.
        let isRequired: Bool
        /// Whether the CA goes on without it: what is not as it should be is left out.
        var isOptional = false
    }

    package let store: Store
    /// The store's folder.
    package let root: FilePath
    /// What belongs to it.
    private(set) var list: Entries
    /// Whether serial numbers follow one another, so that a lower one was issued before.
    let hasCountingSerials: Bool
    /// Whether the files are only consistent while the CA's software stands still.
    package private(set) var needsStandstill = false
    /// Folders of which all that lies in them belongs to it, entry or not, as it comes with the CA's software and its use:
    /// names in an archive, none in another, the root's empty.
    private(set) var wholeFolders: [String] = []
    /// What settings name elsewhere than below the root, and is not archived.
    private(set) var elsewhere: [FilePath] = []
    /// The files that come back with the key, by their names in an archive: never archived, never put back.
    private(set) var keyPlaces = KeyPlaces()
    /// Names below the root that hold nothing but keys, likewise.
    private(set) var keyFolders: [String] = []
    /// Of folders above the entries that a restore makes, when the archive does not say it.
    let folderPermissions: FilePermissions
    /// The entries with their positions.
    struct Entries: Equatable, Sendable {
        /// By name.
        let all: [Entry]
        /// By their names, as bytes: to Swift, two forms of an accent are one.
        let positions: [[UInt8]: Int]

        init(_ entries: [Entry]) {
            all = entries.sorted { $0.name.precedes(bytesOf: $1.name) }
            positions = Dictionary(all.enumerated().map { (Array($1.name.utf8), $0) }) { first, _ in first }
        }
    }

    /// By name.
    package var entries: [Entry] { list.all }

    /// What folders of keys are called, wherever they lie.
    private static let secretFolders = ["private", "private_by_serial", "secrets"]

    /// How many folders may lie one in the other below an entry.
    static let depthLimit = 16
    /// The most files and folders of a state.
    package static let entryLimit = 1_000_000
    /// The most bytes of its archive: 4 GiB.
    package static let byteLimit = 4 << 30

    /// The first entry of a part.
    package func entry(_ part: Part) -> Entry? { entries.first { $0.part == part } }

    // MARK: What is for keys

    /// Whether keys lie under a name in an archive, or what comes back with them.
    func isKeyPlace(_ name: String) -> Bool {
        comesWithKey(name)
            || keyFolders.contains { name.isEqual(bytesOf: $0) || name.hasPrefix(bytesOf: $0 + "/") }
            || namesBelowEntry(name).contains(where: Self.secretFolders.contains(bytesOf:))
    }

    /// Whether a file comes back with the key.
    func comesWithKey(_ name: String) -> Bool { keyPlaces.content(of: FilePath(name)) != nil }

    /// Whether files come back with the key that lie below a name.
    func isAboveKeyPlaces(_ name: String) -> Bool { keyPlaces.lie(in: FilePath(name)) }

    /// Whether an archive may have something under a name, though it is a place of keys, and a restore passes it over.
    ///
    /// Certificates come back with the key; and what lies in a folder `secrets` was archived once. A key's own file is
    /// never in an archive, nor one of easy-rsa's folders of keys.
    func isPassedOver(_ name: String) -> Bool {
        switch keyPlaces.content(of: FilePath(name)) {
        case .certificates: true
        case .key: false
        case nil: store != .easyRSA && isKeyPlace(name)
        }
    }

    /// The names behind an entry's own, which the administrator chose; all of them when there is no such entry.
    private func namesBelowEntry(_ name: String) -> [String] {
        let names = name.words(between: "/")
        let count = names.indices.map { $0 + 1 }.last { isEntry(names[..<$0].joined(separator: "/")) } ?? 0
        return Array(names[count...])
    }

    func isEntry(_ name: String) -> Bool { list.positions[Array(name.utf8)] != nil }

    // MARK: What belongs to it

    /// Whether entries lie below a name.
    func isAbove(_ name: String) -> Bool { entries.contains { $0.name.hasPrefix(bytesOf: name + "/") } }

    /// Whether everything in a folder belongs to the state, entry or not: the root's name is empty.
    func takesAll(in folder: String) -> Bool {
        wholeFolders.contains { whole in
            folder.isEqual(bytesOf: whole)
                || (whole.isEmpty ? !Self.isOutside(folder) : folder.hasPrefix(bytesOf: whole + "/")) && isAbove(folder)
        }
    }

    private static func isOutside(_ name: String) -> Bool {
        name.isEqual(bytesOf: outside) || name.hasPrefix(bytesOf: outside + "/")
    }

    /// The layout with an entry for everything else that lies where all of it belongs to the state.
    ///
    /// - Parameter names: Names in such folders, and whether each is a folder.
    func including(_ names: [(name: String, isFolder: Bool)]) -> StateLayout {
        let more = names.filter { name, _ in
            !isKeyPlace(name) && !Self.isOutside(name) && !Files.isLeftover(name) && !isEntry(name) && !isAbove(name)
        }
        var layout = self
        let found = more.map { Self.entry($0.name, .records, in: root, isFolder: $0.isFolder, false) }
        layout.list = Entries(entries + found)
        return layout
    }

    /// The entry that a name in an archive belongs to, and the rest of the name below it.
    func place(of name: String) -> (entry: Int, rest: FilePath)? {
        guard !isKeyPlace(name) else {
            return nil
        }
        let names = name.words(between: "/")
        for count in names.indices.map({ $0 + 1 }).reversed() {
            let start = names[..<count].joined(separator: "/")
            if let position = list.positions[Array(start.utf8)], count == names.count || entries[position].isFolder {
                return (position, FilePath(names[count...].joined(separator: "/")))
            }
        }
        return nil
    }
}

// Entries.
extension StateLayout {
    static func file(_ name: String, _ part: Part, in root: FilePath, isRequired: Bool = false) -> Entry {
        entry(name, part, in: root, isFolder: false, isRequired)
    }

    static func folder(_ name: String, _ part: Part = .records, in root: FilePath, isRequired: Bool = false) -> Entry {
        entry(name, part, in: root, isFolder: true, isRequired)
    }

    private static func entry(
        _ name: String,
        _ part: Part,
        in root: FilePath,
        isFolder: Bool,
        _ isRequired: Bool
    ) -> Entry {
        let components = FilePath(name).components
        return Entry(
            name: name,
            path: root.appending(components),
            depth: components.count,
            part: part,
            isFolder: isFolder,
            isRequired: isRequired
        )
    }

    /// An entry whose path a configuration file gives, relative to the working directory or absolute.
    static func entry(
        at path: FilePath,
        _ part: Part,
        isFolder: Bool = false,
        isRequired: Bool = false,
        root: StateRoot
    ) -> Entry {
        if let inside = root.rest(of: path), !inside.isEmpty {
            return entry(inside.string, part, in: root.path, isFolder: isFolder, isRequired)
        }
        // Behind a link, what a `..` leaves is no folder that the text names.
        let leaves = path.components.contains { $0.kind == .parentDirectory }
        let whole = leaves ? (try? StateRoot.real(path)) ?? path : path.lexicallyNormalized()
        // What lies above is the administrator's choice, links included; its name is the same wherever this runs.
        let absolute = whole.isRelative ? (try? StateRoot.real(whole)) ?? whole : whole
        let names = absolute.components.filter { $0.kind == .regular }.map(\.string)
        return Entry(
            name: "\(outside)/" + names.joined(separator: "/"),
            path: whole,
            depth: 1,
            part: part,
            isFolder: isFolder,
            isRequired: isRequired
        )
    }

    /// Where an archive has what lies elsewhere than below the root.
    static let outside = "outside"
}

extension StateLayout {
    /// Refuses a layout of which two parts lie one in the other: neither could be put back without the other.
    ///
    /// - Throws: ``StateError/overlap(_:_:)``
    func checked() throws(StateError) -> StateLayout {
        let home = try stated(Files.absolute(root))
        var places: [(entry: Entry, path: String)] = []
        for entry in entries {
            let isOutside = entry.name.hasPrefix(bytesOf: "\(Self.outside)/")
            let path =
                try isOutside
                ? stated(StateRoot.real(entry.path))
                : home.appending(FilePath(entry.name).components)
            places.append((entry, path.string))
        }
        for folder in places where folder.entry.isFolder {
            for other in places
            where other.path.hasPrefix(bytesOf: folder.path + "/") || other.path.isEqual(bytesOf: folder.path) {
                guard other.entry == folder.entry else {
                    throw .overlap(folder.entry.path.string, other.entry.path.string)
                }
            }
        }
        return self
    }
}
