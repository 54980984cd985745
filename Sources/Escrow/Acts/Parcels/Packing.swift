// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files
import SystemPackage

extension EscrowDirectory {
    /// The name of the directory: what its files are under in a parcel.
    package var name: String { path.lastComponent?.string ?? "escrow" }

    /// The public files of the escrow, in every place that it has for them; nothing else is packed.
    ///
    /// - Parameters:
    ///   - documents: The digests' identifiers of added documents to take; all of them when not given. Manifests, their
    ///     signatures and the cards always come along, and receipts and suspensions: custodians are not asked twice.
    ///   - report: Gets what lies in such a place and is left out: the path, and why.
    /// - Throws: ``EscrowError/file(_:)``; ``DirectoryFault/escrowIsDamaged(path:finding:)`` for a refusal that would be left
    ///   out: custodians were told that nobody has refused.
    package func packed(
        only documents: Set<String>? = nil,
        leavingOut report: (String) -> Void = { _ in }
    ) throws(EscrowError) -> [Parcel.File] {
        var files: [Parcel.File] = []
        let places = try places()
        for place in places where Self.isWanted(place, documents) {
            let file = path.appending(FilePath(place).components)
            guard EscrowPlace.isKnown(place) else {
                let parts = Array(place.words(between: "/").dropFirst())
                if parts.count == 1, parts[0].isEqual(bytesOf: Refusal.directoryName) {
                    throw .directory(
                        .escrowIsDamaged(path: file.string, finding: "not a directory: who has refused is not known")
                    )
                } else if parts.allSatisfy({ Self.directories.contains(bytesOf: $0) }) {
                    report("\(file): not a directory")
                } else if parts.count == 2, parts[0].isEqual(bytesOf: Refusal.directoryName) {
                    report("\(file): not named like a refusal")
                }
                continue
            }
            var reason: String?
            if let content = try Self.content(of: file, { reason = $0 }) {
                reason = try reasonToStay(content, at: file, place)
                if reason == nil {
                    files.append(Parcel.File(escrow: name, path: place, content: content))
                }
            }
            guard let reason else {
                continue
            }
            guard !Self.isRefusal(place, among: places) else {
                // Who opens the parcel would say that nobody has refused.
                throw .directory(
                    .escrowIsDamaged(path: file.string, finding: "a refusal that no parcel holds: \(reason)")
                )
            }
            report(reason)
        }
        return files
    }

    /// Whether a place is a refusal's, or a signature's whose refusal is missing: docs/format.md, section 4.18.
    private static func isRefusal(_ place: String, among places: [String]) -> Bool {
        let parts = place.words(between: "/")
        guard parts.count == 3, parts[1] == Refusal.directoryName else {
            return false
        }
        return RefusalName(parts[2]) != nil || FiledSignature.document(of: place, among: Set(places)) == nil
    }

    /// Why a file is left out; nothing when it is packed.
    private func reasonToStay(_ content: [UInt8], at file: FilePath, _ place: String) throws(EscrowError) -> String? {
        if CASignatureFile.isName(place) {
            // An ECDSA signature begins like a PKCS#12 file: only one that holds is taken.
            return try reasonToStay(caSignature: file).map { "\(file): \($0)" }
        }
        if SignatureStamp.signature(of: place) != nil {
            // It begins like a PKCS#12 file: only one that is a time stamp of its signature is taken.
            do throws(EscrowError) {
                try SignatureStamp.check(at: file)
                return nil
            } catch {
                return "\(error)"
            }
        }
        // An empty one is no document, and would make a parcel that nobody can read.
        let reason = content.isEmpty ? "the file is empty" : SecretFile.reasonToStay(content)
        return reason.map { "\(file): \($0)" }
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
        let isManifest = file.lastComponent?.string.isEqual(bytesOf: EpochDocument.manifestName) == true
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
        let parts = place.words(between: "/")
        guard let documents, parts.count == 3, EpochDirectory.addedDirectories.contains(bytesOf: parts[1]) else {
            return true
        }
        let isCustody =
            parts[1].isEqual(bytesOf: Receipt.directoryName) || place.contains(bytesOf: "-\(Suspension.format.kind)-")
        return isCustody || documents.contains { place.contains(bytesOf: $0) }
    }

    /// The paths of all regular files, two directories deep.
    private func places() throws(EscrowError) -> [String] {
        var places = [Self.readmeName]
        for epoch in epochs {
            for name in try names(in: epoch.path) {
                let inside = epoch.path.appending(name)
                if try orThrow(Files.kind(of: inside)) == .directory {
                    places += try names(in: inside).map { "\(epoch.name)/\(name)/\($0)" }
                } else {
                    places.append("\(epoch.name)/\(name)")
                }
            }
        }
        return places
    }

    private func names(in directory: FilePath) throws(EscrowError) -> [String] {
        try orThrow(Files.names(in: directory).filter { !Clutter.isOne($0) })
    }
}
