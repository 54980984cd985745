// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Custody
import Files
package import SystemPackage

/// A certificate that joined an escrow after its epoch was made: the CA's key, renewed under the same key.
///
/// `records/TIME-added-certificate-DIGEST.json`, signed by officers. It counts when as many as the manifest's threshold
/// have signed it.
package struct AddedCertificate: Sendable {
    package let certificate: Certificate
    package let created: Timestamp
    package let manifest: SHA256Digest
    package let set: SetIdentifier

    package init(certificate: Certificate, created: Timestamp, to epoch: EpochDocument) {
        self.certificate = certificate
        self.created = created
        manifest = epoch.digest
        set = epoch.manifest.set
    }

    init(canonical bytes: [UInt8]) throws(DocumentError) {
        var fields = try Fields(try JSONValue(canonical: bytes))
        try fields.format(expecting: .addedCertificate)
        let der = try fields.base64("certificate")
        created = try fields.timestamp("created")
        manifest = try fields.digest("manifest")
        set = SetIdentifier(bytes: try fields.hex("set", byteCount: 16))
        try fields.finish()
        do {
            certificate = try Certificate(der: der)
        } catch {
            throw .wrongValue(field: "certificate", expected: "an X.509 certificate in DER")
        }
    }

    /// The canonical bytes.
    package func encoded() -> [UInt8] {
        JSONValue.object([
            "certificate": .string(Base64.encode(certificate.der)),
            "created": .string(created.description),
            "format": .string(DocumentFormat.addedCertificate.format),
            "manifest": .string(manifest.description),
            "set": .string(set.description),
        ]).encoded()
    }
}

/// An added certificate as it is filed, with what its signatures are worth.
package struct FiledCertificate: Sendable {
    package let path: FilePath
    package let bytes: [UInt8]
    package let record: AddedCertificate
    package let signatures: SignatureCount
    package let isApproved: Bool

    /// The officers whose signature is missing.
    package let missing: [Name]

    init(at path: FilePath, in epoch: EpochDocument) throws(EscrowError) {
        let bytes = try orThrow { () throws(FileError) in try Files.read(path, limit: ByteLimit.document) }
        let record: AddedCertificate
        do {
            record = try AddedCertificate(canonical: bytes)
        } catch {
            throw .document(path: path.string, error)
        }
        let name = Record.fileName(.addedCertificate, created: record.created, bytes)
        guard path.lastComponent?.string == name else {
            throw .fileName(path: path.string, expected: name)
        }
        guard record.manifest == epoch.digest, record.set == epoch.manifest.set else {
            throw .document(
                path: path.string,
                .wrongValue(field: "manifest", expected: "this epoch's, \(epoch.digest.short)…")
            )
        }
        guard epoch.manifest.certificates.contains(where: { Self.renews(record.certificate, $0) }) else {
            throw .document(
                path: path.string,
                .wrongValue(field: "certificate", expected: "the same key and subject as a certificate of the manifest")
            )
        }
        self.path = path
        self.bytes = bytes
        self.record = record
        let approval = epoch.manifest.approval
        let signatures = try SignatureCount(of: path, bytes, format: .addedCertificate, by: approval.officers)
        self.signatures = signatures
        isApproved = signatures.satisfies(approval)
        missing = approval.officers.filter { !signatures.signed.contains($0) }.map(\.name)
    }

    /// Whether a certificate is a renewal of another with the same key.
    package static func renews(_ new: Certificate, _ old: Certificate) -> Bool {
        new != old && new.spki == old.spki && new.subjectDER == old.subjectDER && new.notBefore >= old.notBefore
    }
}

extension EpochDocument {
    /// The certificates that joined this epoch, approved or not, ordered by their files' names.
    ///
    /// - Throws: ``EscrowError``
    package func addedCertificates() throws(EscrowError) -> [FiledCertificate] {
        var found: [FiledCertificate] = []
        for path in try Record.files(of: .addedCertificate, in: self.path) {
            found.append(try FiledCertificate(at: path, in: self))
        }
        return found
    }
}
