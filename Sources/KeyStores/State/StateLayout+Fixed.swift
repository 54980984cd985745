// SPDX-License-Identifier: Apache-2.0

import Files
package import SystemPackage

// The kinds of store whose layout is fixed.
extension StateLayout {
    /// easy-rsa 3: `root` is its `pki` folder.
    ///
    /// Every folder `private` and `private_by_serial`, and `inline`, whose files have keys in them, are left out. Serial
    /// numbers are random, and CRLs have no number.
    package static func easyRSA(root: FilePath) -> StateLayout {
        StateLayout(
            store: .easyRSA,
            root: root,
            list: Entries([
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
            ]),
            hasCountingSerials: false,
            wholeFolders: [""],
            keyPlaces: EasyRSA.files(in: FilePath()).places,
            keyFolders: ["private", "private_by_serial", "inline"],
            folderPermissions: PEMForm.closed.folderPermissions
        )
    }

    /// step-ca: `root` is what `STEPPATH` names.
    ///
    /// `secrets` is left out. Its database (badger) is only whole when step-ca is stopped.
    ///
    /// - Parameter files: What comes back with the key.
    /// - Throws: ``StoreError/file(_:)``
    static func stepCA(root: FilePath, withKey files: PEMFiles? = nil) throws(StoreError) -> StateLayout {
        let start = try stored(StateRoot(root))
        return StateLayout(
            store: .stepCA,
            root: root,
            list: Entries([
                folder("db", in: root, isRequired: true),
                folder("config", .configuration, in: root),
                folder("certs", .configuration, in: root),
                folder("templates", .configuration, in: root),
            ]),
            hasCountingSerials: false,
            needsStandstill: true,
            wholeFolders: [""],
            keyPlaces: files.map { $0.places.moved { FilePath(entry(at: $0, .records, root: start).name) } }
                ?? KeyPlaces(),
            keyFolders: ["secrets"],
            folderPermissions: PEMForm.step.folderPermissions
        )
    }

    /// Settings of the CA that lie beside the root, where `make-cadir` puts them, and so are in no archive.
    ///
    /// Links lead to what the program came with.
    ///
    /// - Throws: ``StateError``
    package func settingsBeside() throws(StateError) -> [FilePath] {
        guard store == .easyRSA else {
            return []
        }
        let isNamed = root.lastComponent?.kind == .regular
        let beside = isNamed ? root.removingLastComponent() : root.appending("..")
        var found: [FilePath] = []
        for path in ["vars", "openssl-easyrsa.cnf", "x509-types"].map({ beside.appending($0) }) {
            let kind = try stated(Files.kind(of: path))
            if kind == .regular || kind == .directory {
                found.append(path)
            }
        }
        return found
    }

    /// The names of files in which the configuration says that a password is; what cannot be read says nothing.
    func passwordFiles() -> [String] {
        var files = (try? settingsBeside()) ?? []
        for entry in entries where entry.part == .configuration {
            let inside = entry.isFolder ? (try? Files.names(in: entry.path)) ?? [] : []
            files += entry.isFolder ? inside.map { entry.path.appending($0) } : [entry.path]
        }
        return files.flatMap { file in
            (try? Files.read(file, limit: SettingScan.byteLimit, followingLinks: true)).map(PasswordFiles.names) ?? []
        }
    }
}
