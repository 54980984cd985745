// SPDX-License-Identifier: Apache-2.0

package import Custody

/// That a custodian or officer objects to a request: docs/format.md, section 4.18.
///
/// What lies under `refusals/` is read by ``RefusalFiles``: it stops a request also when it is no refusal that verifies.
package struct Refusal: AddedDocument {
    package static let format = DocumentFormat.refusal
    package static let directoryName = "refusals"

    package let created: Timestamp
    package let manifest: SHA256Digest
    /// Who refuses.
    package let name: Name
    package let reason: String
    /// The digest of the request's file.
    package let request: SHA256Digest
    package let set: SetIdentifier

    package init(by name: Name, of request: Filed<Request>, because reason: String, at created: Timestamp) {
        self.created = created
        manifest = request.document.manifest
        self.name = name
        self.reason = reason
        self.request = request.digest
        set = request.document.set
    }

    package init(canonical bytes: [UInt8]) throws(DocumentError) {
        var fields = try Fields(try JSONValue(canonical: bytes))
        try fields.format(expecting: Self.format)
        created = try fields.timestamp("created")
        manifest = try fields.digest("manifest")
        name = try fields.name("name")
        reason = try fields.text("reason")
        request = try fields.digest("request")
        set = try fields.set()
        try fields.finish()
    }

    /// The request is part of the file's name: so a file that is damaged still says what it stops.
    package var fileNameStart: String { "\(name)-\(request.identifier)" }

    package var members: [String: JSONValue] {
        [
            "created": .string(created.description),
            "format": .string(Self.format.format),
            "manifest": .string(manifest.description),
            "name": .string(name.description),
            "reason": .string(reason),
            "request": .string(request.description),
            "set": .string(set.description),
        ]
    }

    package func signers(in epoch: Manifest) -> (admitted: [Signer], required: Name?) {
        let officer = epoch.approval.officer(named: name).map { [$0] } ?? []
        return (epoch.signer(named: name) + officer, name)
    }

    /// It stops a release whatever its date.
    package var mayPredateItsManifest: Bool { true }
}
