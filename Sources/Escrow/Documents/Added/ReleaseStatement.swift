// SPDX-License-Identifier: Apache-2.0

package import Custody
package import SecretSharing

/// That a custodian released their share to the machine of a request: docs/format.md, section 4.17.
///
/// The statement is filed; the box whose digest it holds travels to that machine and lies in no escrow.
package struct ReleaseStatement: AddedDocument {
    package static let format = DocumentFormat.release
    package static let directoryName = "releases"

    /// The digest of the box's 192 bytes.
    package let box: SHA256Digest
    package let created: Timestamp
    package let custodian: Name
    package let manifest: SHA256Digest
    package let path: Path
    /// The digest of the request's file.
    package let request: SHA256Digest
    package let set: SetIdentifier

    init(
        of box: [UInt8],
        by custodian: Name,
        at path: Path,
        for request: Filed<Request>,
        at created: Timestamp
    ) {
        self.box = SHA256Digest(of: box)
        self.created = created
        self.custodian = custodian
        manifest = request.document.manifest
        self.path = path
        self.request = request.digest
        set = request.document.set
    }

    package init(canonical bytes: [UInt8]) throws(DocumentError) {
        var fields = try Fields(try JSONValue(canonical: bytes))
        try fields.format(expecting: Self.format)
        box = try fields.digest("box")
        created = try fields.timestamp("created")
        custodian = try fields.name("custodian")
        manifest = try fields.digest("manifest")
        path = try fields.leaf("path")
        request = try fields.digest("request")
        set = try fields.set()
        try fields.finish()
    }

    package var fileNameStart: String { custodian.description }

    package var members: [String: JSONValue] {
        [
            "box": .string(box.description),
            "created": .string(created.description),
            "custodian": .string(custodian.description),
            "format": .string(Self.format.format),
            "manifest": .string(manifest.description),
            "path": .string(path.description),
            "request": .string(request.description),
            "set": .string(set.description),
        ]
    }

    package func signers(in epoch: Manifest) -> (admitted: [Signer], required: Name?) {
        (epoch.signer(named: custodian), custodian)
    }

    package func check(in epoch: EpochDocument) throws(DocumentError) {
        guard let leaf = epoch.manifest.policy.path(of: custodian) else {
            throw .wrongValue(field: "custodian", expected: "a custodian of this epoch")
        }
        guard leaf == path else {
            throw .wrongValue(field: "path", expected: "\(custodian)'s, \(leaf)")
        }
    }
}
