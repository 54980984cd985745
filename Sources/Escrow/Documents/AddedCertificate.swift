// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Custody
import Files
package import SystemPackage

/// A certificate that joined an escrow after its epoch was made: the CA's key, renewed under the same key.
///
/// `records/TIME-added-certificate-DIGEST.json`, signed by officers. It counts when as many as the manifest's threshold
/// have signed it.
package struct AddedCertificate: AddedRecord {
    package static let format = DocumentFormat.addedCertificate

    package let certificate: Certificate
    package let created: Timestamp
    package let manifest: SHA256Digest
    package let set: SetIdentifier

    package init(certificate: Certificate, created: Timestamp, to epoch: EpochDocument) {
        self.init(certificate: certificate, created: created, manifest: epoch.digest, set: epoch.manifest.set)
    }

    init(certificate: Certificate, created: Timestamp, manifest: SHA256Digest, set: SetIdentifier) {
        self.certificate = certificate
        self.created = created
        self.manifest = manifest
        self.set = set
    }

    package init(canonical bytes: [UInt8]) throws(DocumentError) {
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

    /// Reads a record and holds it against the epoch that it joins.
    ///
    /// - Parameter path: What errors call it; a record that is still to be written goes the same way.
    /// - Throws: ``EscrowError/document(path:_:)``, ``EscrowError/file(_:)`` when it is larger than readers allow.
    package init(checking bytes: [UInt8], at path: String, in epoch: EpochDocument) throws(EscrowError) {
        guard bytes.count <= ByteLimit.document else {
            throw .file(.tooLarge(path: path, byteCount: bytes.count, limit: ByteLimit.document))
        }
        do {
            try self.init(canonical: bytes)
        } catch {
            throw .document(path: path, error)
        }
        guard manifest == epoch.digest, set == epoch.manifest.set else {
            throw .document(
                path: path,
                .wrongValue(field: "manifest", expected: "this epoch's, \(epoch.digest.short)…")
            )
        }
        do {
            try check(in: epoch)
        } catch {
            throw .document(path: path, error)
        }
    }

    package var members: [String: JSONValue] {
        [
            "certificate": .string(Base64.encode(certificate.der)),
            "created": .string(created.description),
            "format": .string(Self.format.format),
            "manifest": .string(manifest.description),
            "set": .string(set.description),
        ]
    }

    package func signers(in epoch: Manifest) -> (admitted: [Signer], required: Name?) {
        (epoch.approval.officers, nil)
    }

    package func check(in epoch: EpochDocument) throws(DocumentError) {
        guard created >= epoch.manifest.created else {
            throw .wrongValue(field: "created", expected: "a time not before the manifest's, \(epoch.manifest.created)")
        }
        guard epoch.manifest.hasPlace(for: certificate) else {
            throw .wrongValue(
                field: "certificate",
                expected: "the same key and subject as a certificate of the manifest"
            )
        }
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
    /// How many officers the epoch demands.
    private let threshold: Int

    init(at path: FilePath, in epoch: EpochDocument) throws(EscrowError) {
        let bytes = try orThrow { () throws(FileError) in try Files.read(path, limit: ByteLimit.document) }
        let record = try AddedCertificate(checking: bytes, at: path.string, in: epoch)
        let name = Record.fileName(.addedCertificate, created: record.created, bytes)
        guard path.lastComponent?.string.isEqual(bytesOf: name) == true else {
            throw .fileName(path: path.string, expected: name)
        }
        self.path = path
        self.bytes = bytes
        self.record = record
        let approval = epoch.manifest.approval
        let signatures = try SignatureCount(of: path, bytes, format: .addedCertificate, by: approval.officers)
        self.signatures = signatures
        isApproved = signatures.satisfies(approval)
        threshold = approval.threshold
        missing = approval.officers.filter { !signatures.signed.contains($0) }.map(\.name)
    }

    /// Whether it counts for whoever brings an anchor: approved, and signed by as many of those whom they know.
    package func counts(for anchor: Anchor?) -> Bool {
        guard isApproved else {
            return false
        }
        return anchor.map { outcome(for: $0).isAnchored } ?? true
    }

    /// What an anchor makes of its signatures: docs/format.md, section 5.3.
    func outcome(for anchor: Anchor) -> AnchorOutcome {
        anchor.outcome(
            of: signatures.signed,
            demanding: threshold,
            for: .addedCertificate,
            at: record.created,
            path: path.string
        ) { _, _ in
            "only a manifest's signatures are stamped"
        }
    }
}

extension Manifest {
    /// Whether a certificate that is not here may join: it is for a key of one that is, under that one's name or the CA's.
    ///
    /// When it begins says nothing: the clock of a machine without a network may have been ahead on the day of the first.
    func hasPlace(for new: Certificate) -> Bool {
        let sameKey = certificates.filter { $0.spki == new.spki }
        let names = (sameKey.isEmpty ? [] : [certificate]) + sameKey
        return !certificates.contains(new) && names.contains { $0.subjectName == new.subjectName }
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

    /// The certificates that joined with approval, and what is wrong with the records that cannot be read.
    ///
    /// On the day of a restore, a broken record is no reason to stop: its certificate is left out.
    ///
    /// - Throws: ``EscrowError/file(_:)`` when the records cannot be listed.
    package func approvedCertificates() throws(EscrowError) -> (records: [FiledCertificate], faults: [EscrowError]) {
        var (records, faults): ([FiledCertificate], [EscrowError]) = ([], [])
        for path in try Record.files(of: .addedCertificate, in: self.path) {
            do throws(EscrowError) {
                records.append(try FiledCertificate(at: path, in: self))
            } catch {
                faults.append(error)
            }
        }
        return (records.filter(\.isApproved), faults)
    }
}
