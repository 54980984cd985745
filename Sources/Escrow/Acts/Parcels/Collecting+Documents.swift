// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files
import SystemPackage

extension AddedDocument {
    /// Files a document that lies somewhere else, with its signatures beside it, once all of it verifies.
    ///
    /// What is here already is completed: a signature that is new is filed as well.
    fileprivate static func collect(
        _ path: FilePath,
        into escrow: EscrowDirectory
    ) throws(EscrowError) -> Collected {
        let bytes = try orThrow(Files.read(path, limit: ByteLimit.document))
        let document = try orThrow(Self(canonical: bytes)) { .document(path: path.string, $0) }
        let epoch = try escrow.epoch(for: document, at: path)
        let (place, signers, other) = try check(path, bytes, document, in: epoch, of: escrow)
        var isNew = false
        for signer in signers {
            let (source, target) = (
                FiledSignature.path(of: path, by: signer), FiledSignature.path(of: place, by: signer)
            )
            let signature = try orThrow(Files.read(source, limit: ByteLimit.signature))
            isNew = try put(signature, at: target) || isNew
        }
        if document.caSigner(in: epoch.manifest) != nil {
            // It holds, or the document had been refused.
            let source = CASignatureFile.path(of: path)
            let signature = try orThrow(Files.read(source, limit: ByteLimit.signature))
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
                throw .trust(.notSigned(path: path.string, epoch.manifest.approval.officers[0].name))
            }
            if let fault = try (document as? any ReferringDocument)?.referenceFault(in: epoch) {
                throw .document(path: path.string, fault)
            }
            return (place, signers, nil)
        } catch .trust(.otherManifest(_, let name, _, let found, _)) {
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
        throw .directory(.anotherEscrow(path: path.string, kind: Document.format.kind))
    }

    /// Cards and signatures of manifests first, then their time stamps, then documents in the order in which one refers
    /// to the other.
    static func rank(_ place: String) -> Int {
        let parts = place.words(between: "/")
        guard parts.count == 3,
            let index = addedKinds.firstIndex(where: { $0.directoryName.isEqual(bytesOf: parts[1]) })
        else {
            return SignatureStamp.signature(of: place) == nil ? 0 : 1
        }
        return index + 2
    }
}
