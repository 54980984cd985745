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
        let start = try stateRoot(root)
        return StateLayout(
            .stepCA,
            root: root,
            entries: [
                folder("db", in: root, isRequired: true),
                folder("config", .configuration, in: root),
                folder("certs", .configuration, in: root),
                folder("templates", .configuration, in: root),
            ],
            hasCountingSerials: false,
            needsStandstill: true,
            takesAll: true,
            keyPlaces: files.map { $0.places.moved { FilePath(entry(at: $0, .records, root: start).name) } }
                ?? KeyPlaces(),
            keyFolders: ["secrets"],
            folderPermissions: PEMForm.step.folderPermissions
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
}
