// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
import Files
package import SystemPackage

/// A document that was made and signed here and lies nowhere yet: it can be filed, packed into a parcel, or both.
package struct SignedDocument: Sendable {
    /// The directory of the epoch that it belongs to.
    package let epoch: FilePath
    /// The directory of its kind, and its name there.
    let directoryName: String
    let name: String
    package let bytes: [UInt8]
    package let signer: Name
    package let signature: SSHSignature

    package init<Document: AddedDocument>(
        _ document: Document,
        in epoch: EpochDocument,
        by identity: borrowing Identity
    ) {
        self.epoch = epoch.path
        bytes = document.encoded()
        directoryName = Document.directoryName
        name = document.fileName(of: bytes)
        signer = identity.name
        signature = identity.sign(bytes, namespace: Document.format.namespace)
    }

    /// The statement of a release, which was signed with its box.
    package init(statementOf release: ReleaseBox, in epoch: EpochDocument) {
        self.epoch = epoch.path
        bytes = release.statementBytes
        directoryName = ReleaseStatement.directoryName
        name = release.statement.fileName(of: bytes)
        signer = release.statement.custodian
        signature = release.signature
    }

    /// The first 32 digits of its digest.
    package var identifier: String { SHA256Digest(of: bytes).identifier }

    /// Where it lies once it is filed.
    package var path: FilePath { epoch.appending(directoryName).appending(name) }

    /// Files it in its epoch, the signature first; what is there already stays.
    ///
    /// - Returns: ``path``
    /// - Throws: ``EscrowError/file(_:)``
    @discardableResult
    package func file() throws(EscrowError) -> FilePath {
        guard try orThrow(Files.kind(of: path)) == nil else {
            return path
        }
        return try Record.file(
            bytes,
            named: name,
            in: epoch.appending(directoryName),
            signatures: [(signer, signature)]
        )
    }
}
