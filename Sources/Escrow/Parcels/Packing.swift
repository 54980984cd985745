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
    ///   - report: Gets what lies in such a place and is left out: the path, and why.
    /// - Throws: ``EscrowError/file(_:)``
    package func packed(
        only documents: Set<String>? = nil,
        leavingOut report: (String) -> Void = { _ in }
    ) throws(EscrowError) -> [Parcel.File] {
        var files: [Parcel.File] = []
        for place in try places() where Self.isWanted(place, documents) {
            let file = path.appending(FilePath(place).components)
            guard EscrowPlace.isKnown(place) else {
                if place.split(separator: "/").dropFirst().map(String.init).allSatisfy(Self.directories.contains) {
                    report("\(file): not a directory")
                }
                continue
            }
            guard let content = try Self.content(of: file, report) else {
                continue
            }
            if CASignatureFile.isName(place) {
                // An ECDSA signature begins like a PKCS#12 file: only one that holds is taken.
                if let reason = try reasonToStay(caSignature: file) {
                    report("\(file): \(reason)")
                } else {
                    files.append(Parcel.File(escrow: name, path: place, content: content))
                }
            } else if content.isEmpty {
                // No document, and it would make a parcel that nobody can read.
                report("\(file): the file is empty")
            } else if let reason = SecretFile.reasonToStay(content) {
                report("\(file): \(reason)")
            } else {
                files.append(Parcel.File(escrow: name, path: place, content: content))
            }
        }
        return files
    }

    /// Why a signature of the CA's key is left out; nothing when it holds.
    private func reasonToStay(caSignature file: FilePath) throws(EscrowError) -> String? {
        let epoch = epochs.first { $0.path == file.removingLastComponent().removingLastComponent() }
        guard let document = try? epoch?.document.get(), let name = file.lastComponent?.string,
            let receipt = CASignatureFile.document(of: name)
        else {
            return "its epoch cannot be read"
        }
        do throws(EscrowError) {
            _ = try Filed<DrillReceipt>(at: file.removingLastComponent().appending(receipt), in: document)
            return nil
        } catch {
            return "not a signature that holds: \(error)"
        }
    }

    /// The bytes of a regular file; nothing, with the reason reported, for anything else that somebody has put there.
    private static func content(of file: FilePath, _ report: (String) -> Void) throws(EscrowError) -> [UInt8]? {
        let isManifest = file.lastComponent?.string == EpochDirectory.manifestName
        do {
            return try Files.read(file, limit: isManifest ? ByteLimit.manifest : ByteLimit.document)
        } catch {
            switch error {
            case .symbolicLink, .notRegular, .tooLarge, .system(_, .isDirectory):
                report("\(error)")
                return nil
            default: throw .file(error)
            }
        }
    }

    /// What an epoch has for directories.
    private static let directories = EpochDirectory.addedDirectories + [EpochDocument.cardsName]

    private static func isWanted(_ place: String, _ documents: Set<String>?) -> Bool {
        let parts = place.split(separator: "/").map(String.init)
        guard let documents, parts.count == 3, EpochDirectory.addedDirectories.contains(parts[1]) else {
            return true
        }
        let isCustody =
            parts[1] == Receipt.directoryName || place.contains(bytesOf: "-\(Suspension.format.kind)-")
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
    private let directory: TemporaryDirectory

    /// Lays the files out.
    ///
    /// - Parameters:
    ///   - escrow: The only one whose files are wanted; all of them when not given.
    ///   - parent: A directory for temporary files.
    ///   - shown: What errors call the parcel.
    /// - Throws: ``EscrowError/file(_:)``
    package init(
        _ parcel: Parcel,
        only escrow: String? = nil,
        in parent: FilePath,
        shownAs shown: FilePath = "the parcel"
    ) throws(EscrowError) {
        do throws(FileError) {
            let directory = try TemporaryDirectory(in: parent)
            var made: Set<FilePath> = []
            for file in parcel.files where EscrowPlace.isKnown(file.path) && (escrow ?? file.escrow) == file.escrow {
                let shown = FilePath("\(shown): \(file.path)")
                let path = FilePath(file.escrow).appending(FilePath(file.path).components)
                var parent = FilePath()
                for component in path.components.dropLast() {
                    parent.append(component)
                    if made.insert(parent).inserted {
                        try directory.makeDirectory(parent, shownAs: shown)
                    }
                }
                try directory.write(file.content, to: path, shownAs: shown)
            }
            self.directory = directory
        } catch {
            throw .file(error)
        }
    }

    /// Where an escrow of the parcel lies.
    package func path(of escrow: String) -> FilePath { directory.path.appending(escrow) }
}
