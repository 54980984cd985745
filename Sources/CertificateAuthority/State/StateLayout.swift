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
    }

    package let store: Store
    /// The store's folder.
    package let root: FilePath
    /// By name.
    package let entries: [Entry]
    /// Whether serial numbers follow one another, so that a lower one was issued before.
    let hasCountingSerials: Bool
    /// Whether the files are only consistent while the CA's software stands still.
    package let needsStandstill: Bool
    /// Whether whatever else lies in the root belongs to it, as it comes with the CA's software and its use.
    let takesAll: Bool
    /// Names below the root that come back with the key, or hold nothing but keys: never archived, never put back.
    private let keyPlaces: [String]
    /// What folders of keys are called, wherever below the root they lie.
    private let keyFolders: [String]

    init(
        _ store: Store,
        root: FilePath,
        entries: [Entry],
        hasCountingSerials: Bool,
        needsStandstill: Bool = false,
        takesAll: Bool = false,
        keyPlaces: [String] = [],
        keyFolders: [String] = []
    ) {
        self.store = store
        self.root = root
        self.entries = entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.hasCountingSerials = hasCountingSerials
        self.needsStandstill = needsStandstill
        self.takesAll = takesAll
        self.keyPlaces = keyPlaces
        self.keyFolders = keyFolders
    }

    /// How many folders may lie one in the other below an entry.
    static let depthLimit = 16
    /// The most files and folders of a state.
    package static let entryLimit = 1_000_000
    /// The most bytes of its archive: 4 GiB.
    package static let byteLimit = 4 << 30

    /// The first entry of a part.
    package func entry(_ part: Part) -> Entry? { entries.first { $0.part == part } }

    /// Whether keys lie under a name below the root, or what comes back with them.
    func isKeyPlace(_ name: String) -> Bool {
        keyPlaces.contains { name.isEqual(bytesOf: $0) || name.hasPrefix(bytesOf: $0 + "/") }
            || name.words(between: "/").contains { keyFolders.contains(bytesOf: $0) }
    }

    /// The same with an entry for everything else that lies at the top of the root, where all of it belongs to the state.
    ///
    /// - Parameter names: Names at the top, and whether each is a folder.
    func including(_ names: [(name: String, isFolder: Bool)]) -> StateLayout {
        guard takesAll else {
            return self
        }
        let more = names.filter { name, _ in
            !isKeyPlace(name) && !name.isEqual(bytesOf: Self.outside) && !Files.isLeftover(name)
                && !entries.contains { $0.name.isEqual(bytesOf: name) || $0.name.hasPrefix(bytesOf: name + "/") }
        }
        return StateLayout(
            store,
            root: root,
            entries: entries
                + more.map { Self.entry($0.name, .records, in: root, isFolder: $0.isFolder, false) },
            hasCountingSerials: hasCountingSerials,
            needsStandstill: needsStandstill,
            takesAll: takesAll,
            keyPlaces: keyPlaces,
            keyFolders: keyFolders
        )
    }

    /// The entry that a name in an archive belongs to, and the rest of the name below it.
    func place(of name: String) -> (entry: Int, rest: FilePath)? {
        guard !isKeyPlace(name) else {
            return nil
        }
        for (position, entry) in entries.enumerated() {
            if name.isEqual(bytesOf: entry.name) {
                return (position, FilePath())
            }
            if entry.isFolder, let rest = name.rest(after: entry.name + "/") {
                return (position, FilePath(rest))
            }
        }
        return nil
    }
}

// The kinds of store whose layout is fixed.
extension StateLayout {
    /// easy-rsa 3: `root` is its `pki` folder.
    ///
    /// Every folder `private` and `private_by_serial`, and `inline`, whose files have keys in them, are left out. Serial
    /// numbers are random, and CRLs have no number.
    package static func easyRSA(root: FilePath) -> StateLayout {
        StateLayout(
            .easyRSA,
            root: root,
            entries: [
                file("index.txt", .index, in: root, isRequired: true),
                file("index.txt.attr", .records, in: root),
                file("serial", .serial, in: root),
                file("crl.pem", .records, in: root),
                folder("certs_by_serial", in: root),
                folder("issued", in: root),
                folder("reqs", in: root),
                folder("revoked", in: root),
                folder("renewed", in: root),
                folder("expired", in: root),
                file("vars", .configuration, in: root),
                file("vars.example", .configuration, in: root),
                file("openssl-easyrsa.cnf", .configuration, in: root),
                file("safessl-easyrsa.cnf", .configuration, in: root),
                folder("x509-types", .configuration, in: root),
            ],
            hasCountingSerials: false,
            takesAll: true,
            keyPlaces: ["inline", "ca.crt"],
            keyFolders: ["private", "private_by_serial"]
        )
    }

    /// step-ca: `root` is what `STEPPATH` names.
    ///
    /// `secrets` is left out. Its database (badger) is only whole when step-ca is stopped.
    ///
    /// - Parameter files: What comes back with the key.
    package static func stepCA(root: FilePath, withKey files: [FilePath] = []) -> StateLayout {
        let entries = [
            folder("db", in: root, isRequired: true),
            folder("config", .configuration, in: root),
            // Joined with what came back with the key.
            folder("certs", .configuration, in: root),
            folder("templates", .configuration, in: root),
        ]
        let names = files.map { entry(at: $0, .records, root: root, resolved: root).name }
            .filter { name in !entries.contains { name.hasPrefix(bytesOf: $0.name + "/") } }
        return StateLayout(
            .stepCA,
            root: root,
            entries: entries,
            hasCountingSerials: false,
            needsStandstill: true,
            takesAll: true,
            keyPlaces: ["secrets"] + names
        )
    }

    /// Settings of the CA that lie beside the root, and so are in no archive: `vars`, where `make-cadir` puts it.
    ///
    /// - Throws: ``StateError``
    package func settingsBeside() throws(StateError) -> [FilePath] {
        guard store == .easyRSA else {
            return []
        }
        let isNamed = root.lastComponent?.kind == .regular
        let vars = isNamed ? root.removingLastComponent().appending("vars") : root.appending("../vars")
        return try stated { () throws(FileError) in try Files.kind(of: vars) } == nil ? [] : [vars]
    }

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
    ///
    /// - Parameter resolved: The root without links, which an absolute path may begin with.
    static func entry(
        at path: FilePath,
        _ part: Part,
        isFolder: Bool = false,
        isRequired: Bool = false,
        root: FilePath,
        resolved: FilePath
    ) -> Entry {
        // Behind a link, what a `..` leaves is no folder that the text names.
        let leaves = path.components.contains { $0.kind == .parentDirectory }
        let whole = leaves ? (try? Self.absolute(path)) ?? path : path.lexicallyNormalized()
        for prefix in [root.lexicallyNormalized(), resolved] {
            var inside = whole
            guard prefix.isAbsolute == whole.isAbsolute, whole.starts(with: prefix), inside.removePrefix(prefix),
                let first = inside.components.first, first.kind == .regular
            else {
                continue
            }
            return entry(inside.string, part, in: root, isFolder: isFolder, isRequired)
        }
        // What lies above is the administrator's choice, links included; its name is the same wherever this runs.
        var absolute = whole
        if whole.isRelative, let last = whole.lastComponent,
            let parent = try? Files.resolved(whole.removingLastComponent())
        {
            absolute = parent.appending(last)
        }
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

    /// The absolute path of an entry, whose last component may be a link, which is not followed.
    private static func absolute(_ path: FilePath) throws(FileError) -> FilePath {
        guard let last = path.lastComponent, last.kind == .regular else {
            return try Files.absolute(path)
        }
        return try Files.absolute(path.removingLastComponent()).appending(last)
    }

    /// Where an archive has what lies elsewhere than below the root.
    static let outside = "outside"
}

extension StateLayout {
    /// Refuses a layout of which two parts lie one in the other: neither could be put back without the other.
    ///
    /// - Throws: ``StateError/overlap(_:_:)``
    func checked() throws(StateError) -> StateLayout {
        for folder in entries where folder.isFolder {
            for other in entries
            where other.name.hasPrefix(bytesOf: folder.name + "/") || other.name.isEqual(bytesOf: folder.name) {
                guard other == folder else {
                    throw .overlap(folder.path.string, other.path.string)
                }
            }
        }
        return self
    }
}
