// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Encoding
import Files
package import SystemPackage

/// The signature of the CA's key beside a document, `DOCUMENT.casig`: docs/format.md, section 3.9.
package enum CASignatureFile {
    package static let suffix = ".casig"

    /// The records that the CA's key signs: endorsements are of a later edition, and not judged in this one.
    private static let signedKinds = [DocumentFormat.drill.kind, "endorsement"]

    /// The file of a document's signature.
    package static func path(of document: FilePath) -> FilePath { FilePath(document.string + suffix) }

    /// The text that is signed about a document: never the document itself, nor anything in it.
    package static func statement(of kind: String, about bytes: [UInt8]) -> [UInt8] {
        CAKeyStatement.text(kind: kind, digestHex: SHA256Digest(of: bytes).description)
    }

    /// Whether a name is one that the signature of a record may have.
    package static func isName(_ name: String) -> Bool {
        name.hasSuffix(bytesOf: suffix) && signedKinds.contains { name.contains(bytesOf: "-\($0)-") }
            && document(of: name) != nil
    }

    /// The name of the document that a signature is of, by its own.
    static func document(of name: String) -> String? {
        name.hasSuffix(bytesOf: ".json" + suffix) ? name.rest(before: suffix) : nil
    }

    /// Verifies what stands beside a document, which is nothing unless it names a certificate.
    ///
    /// - Throws: ``EscrowError/caSignature(path:_:)``, ``EscrowError/file(_:)``
    static func check<Document: AddedDocument>(
        _ document: Document,
        _ bytes: [UInt8],
        at path: FilePath,
        in epoch: Manifest
    ) throws(EscrowError) {
        guard let kind = Document.caStatement else {
            return  // one that lies there all the same belongs nowhere
        }
        let file = Self.path(of: path)
        let isThere = try orThrow(Files.kind(of: file)) != nil
        guard let certificate = document.caSigner(in: epoch) else {
            guard !isThere else {
                throw .caSignature(path: file.string, .notNamed)
            }
            return
        }
        guard isThere else {
            throw .caSignature(path: file.string, .missing)
        }
        let signature = try orThrow(Files.read(file, limit: ByteLimit.signature))
        guard certificate.verify(signature: signature, over: statement(of: kind, about: bytes)) else {
            throw .caSignature(path: file.string, .doesNotHold(subject: certificate.subject))
        }
    }

    /// Files a signature beside the receipt that it is of.
    ///
    /// - Parameter file: Where it goes.
    /// - Returns: Whether it is new; nothing when there is no receipt here that it is a signature of.
    /// - Throws: ``EscrowError/file(_:)``
    static func file(_ signature: [UInt8], at file: FilePath, in epoch: Manifest) throws(EscrowError) -> Bool? {
        let document = FilePath(file.string.rest(before: suffix) ?? "")
        guard try orThrow(Files.kind(of: document)) != nil else {
            return nil
        }
        let bytes = try orThrow(Files.read(document, limit: ByteLimit.document))
        let statement = statement(of: "drill", about: bytes)
        guard let certificate = (try? DrillReceipt(canonical: bytes))?.caSigner(in: epoch),
            certificate.verify(signature: signature, over: statement)
        else {
            return nil
        }
        return try orThrow { () throws(FileError) in
            guard try Files.kind(of: file) != nil else {
                try Files.create(file, signature, permissions: .publicFile)
                return true
            }
            // ECDSA and PSS draw at random: another one may hold as well, and the first stays.
            let here = try Files.read(file, limit: ByteLimit.signature)
            guard certificate.verify(signature: here, over: statement) else {
                throw .exists(path: file.string)
            }
            return false
        }
    }
}
