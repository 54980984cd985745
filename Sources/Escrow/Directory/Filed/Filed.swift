// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
import Files
package import SystemPackage

/// An added document as it lies in an epoch, checked there, with what its signatures are worth.
package struct Filed<Document: AddedDocument>: Sendable {
    package let path: FilePath
    package let bytes: [UInt8]
    package let digest: SHA256Digest
    package let document: Document
    package let signatures: SignatureCount
    /// Whose approval the epoch demands.
    let approval: Approval

    /// The first 32 digits of its digest: what people call it by.
    package var identifier: String { digest.identifier }

    /// Reads a document and checks its name, its place, what it says of the epoch, and its signatures.
    ///
    /// - Throws: ``EscrowError``
    package init(at path: FilePath, in epoch: EpochDocument) throws(EscrowError) {
        let bytes = try orThrow(Files.read(path, limit: ByteLimit.document))
        try self.init(bytes, at: path, in: epoch)
    }

    /// Checks a document that was read already.
    init(_ bytes: [UInt8], at path: FilePath, in epoch: EpochDocument) throws(EscrowError) {
        func wrongValue(_ field: String, _ expected: String) -> EscrowError {
            .document(path: path.string, .wrongValue(field: field, expected: expected))
        }
        document = try orThrow(Document(canonical: bytes)) { .document(path: path.string, $0) }
        let name = document.fileName(of: bytes)
        guard path.lastComponent?.string.isEqual(bytesOf: name) == true else {
            throw .directory(.fileName(path: path.string, expected: name))
        }
        guard document.set == epoch.manifest.set else {
            throw wrongValue("set", "this epoch's, \(epoch.manifest.set)")
        }
        let (admitted, required) = document.signers(in: epoch.manifest)
        signatures = try SignatureCount(of: path, bytes, format: Document.format, by: admitted)
        if let required, !signatures.signed.contains(where: { $0.name == required }) {
            throw signatures.faults.first ?? .trust(.notSigned(path: path.string, required))
        }
        guard document.manifest == epoch.digest else {
            if let receipt = document as? Receipt {
                throw .trust(
                    .otherManifest(
                        path: path.string,
                        receipt.custodian,
                        receipt.created,
                        found: document.manifest,
                        here: epoch.digest
                    )
                )
            }
            throw wrongValue("manifest", "this epoch's, \(epoch.digest.short)…")
        }
        guard document.created >= epoch.manifest.created || document.mayPredateItsManifest else {
            throw wrongValue("created", "a time not before the manifest's, \(epoch.manifest.created)")
        }
        try orThrow(document.check(in: epoch)) { .document(path: path.string, $0) }
        try CASignatureFile.check(document, bytes, at: path, in: epoch.manifest)
        self.path = path
        self.bytes = bytes
        digest = SHA256Digest(of: bytes)
        approval = epoch.manifest.approval
    }
}

/// All documents of a kind in an epoch, and what is wrong with those that are left out.
package struct FiledDocuments<Document: AddedDocument>: Sendable {
    /// Ordered by their files' names.
    package private(set) var documents: [Filed<Document>] = []
    /// Why others do not count, and files beside the documents that are no signature of theirs.
    package private(set) var faults: [EscrowError] = []
    /// Those whose date is still to come, which do not count yet: ``counted(at:)`` sets them apart.
    package private(set) var ahead: [Filed<Document>] = []
    /// Why they could not be listed: what is in ``documents`` is not all then; nothing when they were.
    private(set) var unlisted: EscrowError?

    /// The documents without those that are dated ahead: docs/format.md, section 5.4.
    package func counted(at now: Timestamp) -> FiledDocuments {
        var counted = self
        counted.documents = documents.filter { !ClockRule.isAhead($0.document.created, of: now) }
        counted.ahead += documents.filter { ClockRule.isAhead($0.document.created, of: now) }
        return counted
    }

    /// Reads what can be read, for a reader who says of what follows from ``unread`` that it was not checked.
    init(readingWhatCanBe epoch: EpochDocument) {
        var files: [FilePath] = []
        do throws(EscrowError) {
            files = try Self.files(in: epoch.path)
        } catch {
            unlisted = error
        }
        for path in files {
            do throws(EscrowError) {
                let filed = try Filed<Document>(at: path, in: epoch)
                documents.append(filed)
                faults += filed.signatures.faults
            } catch {
                faults.append(error)
            }
        }
    }

    /// Why it is not known what people have said: the directory, or files in it, that could not be read.
    var unread: [EscrowError] { (unlisted.map { [$0] } ?? []) + faults.filter(\.isUnread) }

    private static func files(in epoch: FilePath) throws(EscrowError) -> [FilePath] {
        let directory = epoch.appending(Document.directoryName)
        guard Document.directoryName != Record.directoryName else {
            return try Record.files(of: Document.format, in: epoch)
        }
        return try EpochDirectory.names(inside: directory)
            .filter { $0.hasSuffix(bytesOf: ".json") && !Files.isLeftover($0) }
            .map { directory.appending($0) }
    }
}

extension EpochDocument {
    /// Reads every document of a kind that was added to this epoch.
    ///
    /// - Throws: ``EscrowError/file(_:)`` when they cannot be listed; what is wrong with one of them is a fault.
    package func filed<Document: AddedDocument>(
        _: Document.Type
    ) throws(EscrowError) -> FiledDocuments<Document> {
        let filed = FiledDocuments<Document>(readingWhatCanBe: self)
        if let unlisted = filed.unlisted {
            throw unlisted
        }
        return filed
    }

    /// Files a document: its signatures first, the document last.
    ///
    /// - Returns: The document's file.
    /// - Throws: ``EscrowError/file(_:)``
    @discardableResult
    package func file<Document: AddedDocument>(
        _ document: Document,
        signatures: [(signer: Name, signature: SSHSignature)]
    ) throws(EscrowError) -> FilePath {
        let bytes = document.encoded()
        return try Record.file(
            bytes,
            named: document.fileName(of: bytes),
            in: path.appending(Document.directoryName),
            signatures: signatures
        )
    }
}

extension Filed where Document: AskingDocument {
    /// Whether the officer whom it names has signed it: before, anybody may have written it.
    package var isAsked: Bool { signatures.signed.contains { $0.name == document.officer } }

    package func isApproved(by approval: Approval) -> Bool { isAsked && signatures.satisfies(approval) }
}
