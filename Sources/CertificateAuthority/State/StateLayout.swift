// SPDX-License-Identifier: Apache-2.0

import Files
package import SystemPackage

/// Where one kind of CA software keeps its state: everything but keys that the next certificate and the next list of
/// revocations depend on.
///
/// It is data: which files and folders belong to it, and which of them count. What an archive holds, what a restore may
/// write, and what is compared all follow from it.
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

    init(
        _ store: Store,
        root: FilePath,
        entries: [Entry],
        hasCountingSerials: Bool,
        needsStandstill: Bool = false
    ) {
        self.store = store
        self.root = root
        self.entries = entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.hasCountingSerials = hasCountingSerials
        self.needsStandstill = needsStandstill
    }

    /// How many folders may lie one in the other below an entry.
    static let depthLimit = 16
    /// The most files and folders of a state.
    package static let entryLimit = 1_000_000
    /// The most bytes of its archive: 4 GiB.
    package static let byteLimit = 4 << 30

    /// The first entry of a part.
    package func entry(_ part: Part) -> Entry? { entries.first { $0.part == part } }

    /// The entry that a name in an archive belongs to, and the rest of the name below it.
    func place(of name: String) -> (entry: Int, rest: FilePath)? {
        for (position, entry) in entries.enumerated() {
            if name == entry.name {
                return (position, FilePath())
            }
            if entry.isFolder, name.hasPrefix(entry.name + "/") {
                return (position, FilePath(String(name.dropFirst(entry.name.count + 1))))
            }
        }
        return nil
    }
}

// The kinds of store whose layout is fixed.
extension StateLayout {
    /// easy-rsa 3: `root` is its `pki` folder.
    ///
    /// Of `revoked`, the folder `private_by_serial` holds keys, and `inline` holds files with keys in them: they are left
    /// out, as `private` is. Serial numbers are random, and CRLs have no number.
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
                folder("revoked/certs_by_serial", in: root),
                folder("revoked/reqs_by_serial", in: root),
                file("vars", .configuration, in: root),
                file("openssl-easyrsa.cnf", .configuration, in: root),
                file("safessl-easyrsa.cnf", .configuration, in: root),
                folder("x509-types", .configuration, in: root),
            ],
            hasCountingSerials: false
        )
    }

    /// step-ca: `root` is what `STEPPATH` names.
    ///
    /// `secrets` is left out. Its database (badger) is only whole when step-ca is stopped.
    package static func stepCA(root: FilePath) -> StateLayout {
        StateLayout(
            .stepCA,
            root: root,
            entries: [
                folder("db", in: root, isRequired: true),
                folder("config", .configuration, in: root),
                folder("certs", .configuration, in: root),
                folder("templates", .configuration, in: root),
            ],
            hasCountingSerials: false,
            needsStandstill: true
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
        let whole = path.lexicallyNormalized()
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

    /// Where an archive has what lies elsewhere than below the root.
    static let outside = "outside"
}

extension StateLayout {
    /// Refuses a layout of which two parts lie one in the other: neither could be put back without the other.
    ///
    /// - Throws: ``StateError/overlap(_:_:)``
    func checked() throws(StateError) -> StateLayout {
        for folder in entries where folder.isFolder {
            for other in entries where other.name.hasPrefix(folder.name + "/") || (other.name == folder.name) {
                guard other == folder else {
                    throw .overlap(folder.path.string, other.path.string)
                }
            }
        }
        return self
    }
}
