// SPDX-License-Identifier: Apache-2.0

import Custody
import Files
package import SystemPackage

extension EscrowDirectory {
    /// The name of the directory: what its files are under in a parcel.
    package var name: String { path.lastComponent?.string ?? "escrow" }

    /// The public files of the escrow, in every place that it has for them; nothing else is packed.
    ///
    /// - Parameters:
    ///   - documents: The digests' identifiers of added documents to take; all of them when not given. Manifests, their
    ///     signatures and the cards always come along, and receipts and suspensions: custodians are not asked twice.
    /// - Throws: ``EscrowError/file(_:)``
    package func packed(only documents: Set<String>? = nil) throws(EscrowError) -> [Parcel.File] {
        var files: [Parcel.File] = []
        for place in try places() where EscrowPlace.isKnown(place) && Self.isWanted(place, documents) {
            let limit = place.hasSuffix(EpochDirectory.manifestName) ? ByteLimit.manifest : ByteLimit.document
            let file = path.appending(FilePath(place).components)
            let content = try orThrow { () throws(FileError) in try Files.read(file, limit: limit) }
            // An empty file is no document, and would make a parcel that nobody can read.
            if !content.isEmpty, SecretFile.reason(content) == nil {
                files.append(Parcel.File(escrow: name, path: place, content: content))
            }
        }
        return files
    }

    private static func isWanted(_ place: String, _ documents: Set<String>?) -> Bool {
        let parts = place.split(separator: "/").map(String.init)
        guard let documents, parts.count == 3, EpochDirectory.addedDirectories.contains(parts[1]) else {
            return true
        }
        let isCustody =
            parts[1] == Receipt.directoryName || place.contains("-\(Suspension.format.kind)-")
        return isCustody || documents.contains { place.contains($0) }
    }

    /// The paths of all regular files, two directories deep.
    private func places() throws(EscrowError) -> [String] {
        var places = [Self.readmeName]
        for epoch in epochs {
            for name in try names(in: epoch.path) {
                let inside = epoch.path.appending(name)
                if try orThrow({ () throws(FileError) in try Files.kind(of: inside) }) == .directory {
                    places += try names(in: inside).map { "\(epoch.name)/\(name)/\($0)" }
                } else {
                    places.append("\(epoch.name)/\(name)")
                }
            }
        }
        return places
    }

    private func names(in directory: FilePath) throws(EscrowError) -> [String] {
        try orThrow { () throws(FileError) in try Files.names(in: directory) }
    }
}

/// A parcel's files laid out in a private directory, where they are read as escrows; gone with the value.
package struct UnpackedParcel: ~Copyable {
    private let root: FilePath
    private let made: [FilePath]

    /// Lays the files out.
    ///
    /// - Parameter parent: A directory for temporary files.
    /// - Throws: ``EscrowError/file(_:)``
    package init(_ parcel: Parcel, in parent: FilePath) throws(EscrowError) {
        (root, made) = try orThrow { () throws(FileError) in
            let root = try Files.makeTemporaryDirectory(in: parent)
            var made = [root]
            do throws(FileError) {
                for file in parcel.files {
                    var directory = root
                    let components = [file.escrow] + file.path.split(separator: "/").map(String.init)
                    for component in components.dropLast() {
                        directory = directory.appending(component)
                        if try Files.kind(of: directory) == nil {
                            made.append(directory)
                            try Files.makeDirectory(directory, permissions: [.ownerReadWriteExecute])
                        }
                    }
                    let path = directory.appending(components[components.count - 1])
                    made.append(path)
                    try Files.create(path, file.content, permissions: .secretFile)
                }
            } catch {
                Files.remove(made)
                throw error
            }
            return (root, made)
        }
    }

    deinit {
        Files.remove(made)
    }

    /// Where an escrow of the parcel lies.
    package func path(of escrow: String) -> FilePath { root.appending(escrow) }
}
