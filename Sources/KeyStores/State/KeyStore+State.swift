// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Files
import SystemPackage

// What state belongs to a store.
extension KeyStore {
    /// Where the state lies that belongs to this store.
    ///
    /// - Throws: ``StateError/noState(store:reason:)`` for a kind of store that keeps none, or why its layout cannot be told.
    package func stateLayout() throws(StateError) -> StateLayout {
        switch location {
        case .opensslCA(let path, let section):
            return try stated(store: .opensslCA(FilePath(path), section: section))
        case .easyRSA(let path, let isPKI):
            let place = try stated(store: EasyRSA(at: FilePath(path), isPKI: isPKI))
            return .easyRSA(root: place.pki)
        case .stepCA(let path, let authority):
            let root = FilePath(path)
            // What comes back with the key: from where it is, as far as it is there.
            let files = try? StepCA(at: root).files(authority)
            return try stated(store: .stepCA(root: root, withKey: files))
        case .pkcs11, .nss:
            throw .noState(
                store: location.description,
                reason: "it keeps keys and certificates, and no state of the CA"
            )
        case .pem:
            throw .noState(store: location.description, reason: "name the CA's directory as openssl-ca:DIR")
        case .p12, .certutil:
            throw .noState(
                store: location.description,
                reason: "the database of Certificate Services is what certutil -backupDB saves"
            )
        }
    }

    /// Where key and state go when they come back together.
    ///
    /// When the configuration of `openssl ca` is gone, the archive's says where everything belongs, so that what comes back
    /// fits together; it must put everything below its own folder. step-ca's is held against the usual layout alone.
    ///
    /// - Parameter scratch: A private folder, in which the configuration is read.
    /// - Throws: ``StateError``
    package func places(
        with archive: borrowing StateArchive,
        scratch: borrowing TemporaryDirectory
    ) throws(StateError) -> (store: KeyStore, layout: StateLayout) {
        guard case .opensslCA(let text, let section) = location else {
            try checkLayout(of: archive, scratch: scratch)
            return (self, try stateLayout())
        }
        let path = FilePath(text)
        let isFolder = try stated(store: OpenSSLConfiguration.isFolder(path))
        let file = isFolder ? path.appending(PEMFiles.configurationName) : path
        guard let name = file.lastComponent, try stated(store: StoreFile.kind(file)) == nil,
            try ArchivedConfiguration.unpack(named: name.string, from: archive, into: scratch)
        else {
            return (self, try stateLayout())
        }
        let configuration = try rethrowing(
            as: { StateError.archivedConfiguration(path: archive.path.string, name: name.string, $0) },
            OpenSSLConfiguration(at: scratch.path.appending(name), section: section)
        )
        let archived = ArchivedConfiguration(configuration: configuration, folder: scratch.path)
        let layout = try stated(store: StateLayout.opensslCA(path, section: section, archived: archived))
        var keyPlaces: [String] = []
        for setting in ["private_key", "certificate"] {
            guard let place = try stated(store: archived.configuration.path(setting)) else {
                let section = archived.configuration.section ?? "ca"
                throw .store(.noSetting(path: file.string, section: section, name: setting))
            }
            keyPlaces.append(archived.moved(place, to: layout.root).string)
        }
        let outside =
            keyPlaces.first { !layout.isInside(FilePath($0)) }
            ?? layout.entries.first { $0.name.hasPrefix(bytesOf: "\(StateLayout.outside)/") }?.path.string
        if let outside {
            let root = layout.root.isEmpty ? "." : layout.root.string
            throw .configuredElsewhere(path: archive.path.string, name: name.string, place: outside, root: root)
        }
        return (KeyStore(.pem(key: keyPlaces[0], certificates: [keyPlaces[1]])), layout)
    }

    /// Refuses an archive of step-ca whose configuration, while none is here, would look for the key or a certificate
    /// where the restore does not put them.
    private func checkLayout(
        of archive: borrowing StateArchive,
        scratch: borrowing TemporaryDirectory
    ) throws(StateError) {
        guard case .stepCA(let path, let authority?) = location else {
            return
        }
        let name = StepCA.configurationName
        let file = FilePath(path).appending(name)
        guard try stated(store: StoreFile.kind(file)) == nil,
            try ArchivedConfiguration.unpack(named: name, from: archive, into: scratch)
        else {
            return
        }
        let here = try stated(store: StepCA(at: FilePath(path)).files(authority))
        let archived = try rethrowing(
            as: { StateError.archivedConfiguration(path: archive.path.string, name: name, $0) },
            StepCA(at: scratch.path).files(authority)
        )
        let usual = here.named.map { place in
            var inside = place
            _ = inside.removePrefix(FilePath(path))
            return scratch.path.appending(inside.components)
        }
        if let other = archived.named.first(where: { !usual.contains($0) }) {
            var shown = other
            _ = shown.removePrefix(scratch.path)
            throw .unusualPlace(path: archive.path.string, name: name, place: shown.string)
        }
    }
}

/// The configuration of `openssl ca` out of an archive, unpacked into a private folder to be read.
struct ArchivedConfiguration {
    let configuration: OpenSSLConfiguration
    /// The private folder.
    let folder: FilePath

    /// Where a file will be that the configuration puts into its own folder; elsewhere stays elsewhere.
    func moved(_ path: FilePath, to root: FilePath) -> FilePath {
        var inside = path
        guard path.starts(with: folder), inside.removePrefix(folder) else {
            return path
        }
        return root.appending(inside.components)
    }

    /// Unpacks a configuration file and all that are called like one, which it may include.
    ///
    /// - Returns: Whether the archive has it.
    /// - Throws: ``StateError``
    static func unpack(
        named name: String,
        from archive: borrowing StateArchive,
        into scratch: borrowing TemporaryDirectory
    ) throws(StateError) -> Bool {
        var files: [(name: String, content: [UInt8])] = []
        var isWanted = false
        try archive.unpack { header throws(StateError) in
            let isConfiguration =
                header.name.isEqual(bytesOf: name)
                || [".cnf", ".conf"].contains { header.name.hasSuffix(bytesOf: $0) }
            isWanted =
                !header.isFolder && isConfiguration && header.byteCount <= StoreFile.byteLimit
                && files.count < ConfigurationText.fileLimit
            if isWanted {
                files.append((header.name, []))
            }
        } content: { bytes throws(StateError) in
            if isWanted {
                files[files.count - 1].content += bytes.indices.map { bytes[$0] }
            }
        }
        var made: Set<FilePath> = []
        for (name, content) in files {
            let path = FilePath(name)
            var parent = FilePath()
            for component in path.components.dropLast() {
                parent.append(component)
                if made.insert(parent).inserted {
                    try stated(scratch.makeDirectory(parent, shownAs: archive.path))
                }
            }
            try stated(scratch.write(content, to: path, shownAs: archive.path))
        }
        return files.contains { $0.name.isEqual(bytesOf: name) }
    }
}

extension StateLayout {
    /// Whether a path lies below the root.
    fileprivate func isInside(_ path: FilePath) -> Bool {
        (try? StateRoot(root))?.rest(of: path)?.isEmpty == false
    }
}
