// SPDX-License-Identifier: Apache-2.0

package import Custody

/// That officers go on although a request was refused: docs/format.md, section 4.19.
///
/// It counts for the refusals that it names, once as many officers have signed it as the manifest demands, and among
/// them the one whom it names.
package struct VetoOverride: AddedRecord {
    package static let format = DocumentFormat.override

    package let created: Timestamp
    package let manifest: SHA256Digest
    /// Who asks for it.
    package let officer: Name
    package let reason: String
    /// The digests of the refusals' files, ordered.
    package let refusals: [SHA256Digest]
    /// The digest of the request's file.
    package let request: SHA256Digest
    package let set: SetIdentifier

    package init(
        of refusals: [Filed<Refusal>],
        for request: Filed<Request>,
        by officer: Name,
        because reason: String,
        at created: Timestamp
    ) {
        self.created = created
        manifest = request.document.manifest
        self.officer = officer
        self.reason = reason
        self.refusals = refusals.map(\.digest).sorted { $0.description < $1.description }
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
        refusals = try fields.list("refusals") { (value, path) throws(DocumentError) in try value.digest(at: path) }
        request = try fields.digest("request")
        set = try fields.set()
        try fields.finish()
        for (left, right) in zip(refusals, refusals.dropFirst()) where left.description >= right.description {
            throw .wrongValue(field: "refusals", expected: "digests in order, each once")
        }
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

    package func signers(in epoch: Manifest) -> (admitted: [Officer], required: Name?) {
        (epoch.approval.officers, nil)
    }

    package func check(in epoch: EpochDocument) throws(DocumentError) {
        guard epoch.manifest.approval.officer(named: officer) != nil else {
            throw .wrongValue(field: "officer", expected: "an officer of this epoch")
        }
    }
}
