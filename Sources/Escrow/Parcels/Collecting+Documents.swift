// SPDX-License-Identifier: Apache-2.0

import Custody
import Files
package import SystemPackage

extension AddedDocument {
    /// Files a document that lies somewhere else, with its signatures beside it, once all of it verifies.
    ///
    /// What is here already is completed: a signature that is new is filed as well.
    fileprivate static func collect(
        _ path: FilePath,
        into escrow: EscrowDirectory
    ) throws(EscrowError) -> Collected {
        let bytes = try orThrow { () throws(FileError) in try Files.read(path, limit: ByteLimit.document) }
        let document: Self
        do {
            document = try Self(canonical: bytes)
        } catch {
            throw .document(path: path.string, error)
        }
        let epoch = try escrow.epoch(for: document, at: path)
        let (place, signers, other) = try check(path, bytes, document, in: epoch, of: escrow)
        var isNew = false
        for signer in signers {
            let (source, target) = (
                FiledSignature.path(of: path, by: signer), FiledSignature.path(of: place, by: signer)
            )
            let signature = try orThrow { () throws(FileError) in try Files.read(source, limit: ByteLimit.signature) }
            isNew = try put(signature, at: target) || isNew
        }
        if document.caSigner(in: epoch.manifest) != nil {
            // It holds, or the document had been refused.
            let source = CASignatureFile.path(of: path)
            let signature = try orThrow { () throws(FileError) in try Files.read(source, limit: ByteLimit.signature) }
            isNew = try put(signature, at: CASignatureFile.path(of: place)) || isNew
        }
        isNew = try put(bytes, at: place) || isNew
        guard isNew else {
            return .alreadyHere(place)
        }
        switch other {
        case nil: return .document(kind: format.kind, place)
        case .signedByAnOfficer: return .equivocation(signers[0], place)
        case .vouchedForByNobody, .ofAnotherEpoch: return .unknownManifest(signers[0], place)
        }
    }

    /// Where it goes, whose signatures go along, and of a receipt of another manifest what that one is.
    private static func check(
        _ path: FilePath,
        _ bytes: [UInt8],
        _ document: Self,
        in epoch: EpochDocument,
        of escrow: EscrowDirectory
    ) throws(EscrowError) -> (place: FilePath, signers: [Name], other: OtherManifest?) {
        let place = epoch.path.appending(directoryName).appending(document.fileName(of: bytes))
        do throws(EscrowError) {
            let filed = try Filed<Self>(at: path, in: epoch)
            let signers = filed.signatures.signed.map(\.name)
            guard !signers.isEmpty || format == .restore || format == .drill else {
                throw .notSigned(path: path.string, epoch.manifest.approval.officers[0].name)
            }
            if let fault = try document.referenceFault(in: epoch) {
                throw .document(path: path.string, fault)
            }
            return (place, signers, nil)
        } catch .otherManifest(_, let name, _, let found, _) {
            // Its signature holds: evidence, or what may become it, which an audit names.
            return (place, [name], escrow.standing(of: found, in: epoch))
        }
    }

    /// Writes a file unless the same is there.
    private static func put(_ bytes: [UInt8], at place: FilePath) throws(EscrowError) -> Bool {
        try orThrow { () throws(FileError) in
            if try Files.kind(of: place) == nil {
                try Files.makeDirectory(place.removingLastComponent(), permissions: .publicDirectory)
                do throws(FileError) {
                    try Files.create(place, bytes, permissions: .publicFile)
                    return true
                } catch {
                    // Somebody else may have filed it meanwhile.
                    guard case .exists = error else {
                        throw error
                    }
                }
            }
            guard try Files.read(place, limit: ByteLimit.document) == bytes else {
                throw .exists(path: place.string)
            }
            return false
        }
    }
}

extension EscrowDirectory {
    /// The kinds of documents that people add, in the order in which one refers to the other.
    package static let addedKinds: [any AddedDocument.Type] = [
        Challenge.self, Request.self, Receipt.self, Proof.self, ReleaseStatement.self, Refusal.self,
        VetoOverride.self, Suspension.self, Reinstatement.self, VoidRecord.self, AddedCertificate.self,
        RestoreRecord.self,
        DrillReceipt.self,
    ]

    /// Files an added document of any kind.
    ///
    /// - Returns: Nothing for a document of no such kind.
    /// - Throws: ``EscrowError``
    func collect(added path: FilePath, _ format: String) throws(EscrowError) -> Collected? {
        guard let kind = Self.addedKinds.first(where: { $0.format.format.isEqual(bytesOf: format) }) else {
            return nil
        }
        return try kind.collect(path, into: self)
    }

    /// The epoch that a document is about.
    fileprivate func epoch<Document: AddedDocument>(
        for document: Document,
        at path: FilePath
    ) throws(EscrowError) -> EpochDocument {
        let epochs = epochs.compactMap { try? $0.document.get() }
        let inForce = (try? approval(of: nil))?.document
        if document is Receipt, let inForce, inForce.digest != document.manifest, inForce.manifest.set == document.set,
            standing(of: document.manifest, in: inForce) == .signedByAnOfficer
        {
            return inForce  // evidence about the epoch in force, whose directory it belongs in
        }
        if let epoch = epochs.first(where: { $0.digest == document.manifest }) {
            return epoch
        }
        // A receipt of another manifest of this set: the custodian was shown something else.
        if document is Receipt,
            let epoch = ([inForce].compactMap(\.self) + epochs.reversed())
                .first(where: { $0.manifest.set == document.set })
        {
            return epoch
        }
        throw .anotherEscrow(path: path.string, kind: Document.format.kind)
    }

    /// Files what a parcel holds for this escrow, each part after it verifies.
    ///
    /// - Parameters:
    ///   - temporary: A directory for temporary files.
    ///   - report: Gets each file's name in the parcel and what became of it, in the order of filing; and where the
    ///     parcel's files lie meanwhile, which errors name and people need not know.
    /// - Throws: ``CollectError`` when the parcel holds nothing for this escrow.
    package func collect(
        _ parcel: Parcel,
        at path: FilePath,
        temporary: FilePath,
        report: (String, Result<Collected, CollectError>, FilePath) -> Void
    ) throws(CollectError) {
        guard !parcel.files.allSatisfy(\.isEnrolment) else {
            throw .enrolment(path: path.string)
        }
        let names = parcel.escrows
        guard let name = names.contains(self.name) ? self.name : (names.count == 1 ? names[0] : nil) else {
            throw .notInParcel(path: path.string, escrow: self.name, found: names)
        }
        let unpacked: UnpackedParcel
        do {
            unpacked = try UnpackedParcel(parcel, only: name, in: temporary, shownAs: path)
        } catch {
            throw .escrow(error)
        }
        let root = unpacked.path(of: name)
        let files = parcel.files.filter { $0.escrow.isEqual(bytesOf: name) }
        let places = Set(files.map(\.path))
        var directory = self
        var isRead = true
        for (file, _) in files.map({ ($0, Self.rank($0.path)) }).sorted(by: { $0.1 < $1.1 }) {
            do throws(CollectError) {
                guard try !isLeft(file, places, at: "\(path): \(file.path)") else {
                    continue
                }
                if !isRead {
                    // What was filed a moment ago counts.
                    directory = try EscrowDirectory(reading: self.path)
                    isRead = true
                }
                let collected = try directory.collect(root.appending(FilePath(file.path).components))
                switch collected {
                case .alreadyHere: break
                default: isRead = false
                }
                report(file.path, .success(collected), root)
            } catch {
                report(file.path, .failure(error), root)
            }
        }
        _ = consume unpacked
    }

    /// Whether a file is not collected by itself: a manifest or README, or a signature that comes with its document.
    ///
    /// - Throws: ``CollectError`` for one that is left out by what it is, whoever has made it.
    private func isLeft(_ file: Parcel.File, _ places: Set<String>, at path: String) throws(CollectError) -> Bool {
        guard !file.isEnrolment else {
            throw .enrolment(path: path)
        }
        guard EscrowPlace.isKnown(file.path) else {
            throw .unknown(path: path)
        }
        if SecretFile.isRelease(file.content) {
            throw .releaseBox(path: path)
        }
        if SecretFile.isStateArchive(file.content) {
            throw .stateArchive(path: path)
        }
        let parts = file.path.words(between: "/")
        let isSignature =
            file.path.hasSuffix(bytesOf: ".sig") || SignatureStamp.signature(of: file.path) != nil
            || CASignatureFile.isName(file.path)
        if parts.count < 3, !isSignature {
            if SecretFile.reason(file.content) != nil {
                throw file.content.first == 0x30 ? .pkcs12(path: path) : .secret(path: path)
            }
            let isManifest = parts.count == 2 && parts[1].isEqual(bytesOf: EpochDirectory.manifestName)
            if isManifest, !epochs.contains(where: { $0.name.isEqual(bytesOf: parts[0]) }) {
                throw .epochIsNotHere(path: path)
            }
            return true
        }
        guard parts.count == 3, isSignature else {
            return false
        }
        let document = file.path.sides(of: ".json.").map { "\($0.before).json" } ?? file.path
        return places.contains(document)
    }

    /// Cards and signatures of manifests first, then their time stamps, then documents in the order in which one refers
    /// to the other.
    private static func rank(_ place: String) -> Int {
        let parts = place.words(between: "/")
        guard parts.count == 3,
            let index = addedKinds.firstIndex(where: { $0.directoryName.isEqual(bytesOf: parts[1]) })
        else {
            return SignatureStamp.signature(of: place) == nil ? 0 : 1
        }
        return index + 2
    }
}

extension EscrowDirectory {
    /// Reads the escrow anew: what was filed a moment ago counts.
    fileprivate init(reading path: FilePath) throws(CollectError) {
        do {
            try self.init(at: path)
        } catch {
            throw .escrow(error)
        }
    }
}
