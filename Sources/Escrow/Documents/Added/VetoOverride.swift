// SPDX-License-Identifier: Apache-2.0

package import Custody

/// That officers go on although a request was refused: docs/format.md, section 4.19.
///
/// It counts once as many officers have signed it as the manifest demands, and among them the one whom it names. What it
/// covers is ``RequestReview``'s to say.
package struct VetoOverride: AddedRecord, AskingDocument {
    package static let format = DocumentFormat.override

    package let created: Timestamp
    package let manifest: SHA256Digest
    /// Who asks for it.
    package let officer: Name
    package let reason: String
    /// The digests of the files under `refusals/` that it sets aside, ordered.
    package let refusals: [SHA256Digest]
    /// The digest of the request's file.
    package let request: SHA256Digest
    package let set: SetIdentifier

    package init(
        of refusals: [SHA256Digest],
        for request: Filed<Request>,
        by officer: Name,
        because reason: String,
        at created: Timestamp
    ) {
        self.created = created
        manifest = request.document.manifest
        self.officer = officer
        self.reason = reason
        self.refusals = Set(refusals).sorted { $0.description < $1.description }
        self.request = request.digest
        set = request.document.set
    }

    package init(canonical bytes: [UInt8]) throws(DocumentError) {
        var fields = try Fields(try JSONValue(canonical: bytes))
        try fields.format(expecting: Self.format)
        _ = try fields.word("code", among: ["veto"])
        created = try fields.timestamp("created")
        manifest = try fields.digest("manifest")
        officer = try fields.name("officer")
        reason = try fields.text("reason")
        refusals = try fields.digestsInOrder("refusals")
        request = try fields.digest("request")
        set = try fields.set()
        try fields.finish()
    }

    package var members: [String: JSONValue] {
        [
            "code": .string("veto"),
            "created": .string(created.description),
            "format": .string(Self.format.format),
            "manifest": .string(manifest.description),
            "officer": .string(officer.description),
            "reason": .string(reason),
            "refusals": .array(refusals.map { .string($0.description) }),
            "request": .string(request.description),
            "set": .string(set.description),
        ]
    }
}
