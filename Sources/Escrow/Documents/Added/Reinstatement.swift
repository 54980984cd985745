// SPDX-License-Identifier: Apache-2.0

package import Custody

/// That suspensions of a custodian end: docs/format.md, section 4.28.
///
/// It counts once as many officers have signed it as the manifest demands, and among them the one whom it names.
package struct Reinstatement: AddedRecord, AskingDocument {
    package static let format = DocumentFormat.reinstatement

    package let created: Timestamp
    package let manifest: SHA256Digest
    /// Whose suspensions end.
    package let name: Name
    /// Who asks for it.
    package let officer: Name
    package let reason: String
    package let set: SetIdentifier
    /// The digests of the suspensions' files, ordered, at least one.
    package let suspensions: [SHA256Digest]

    package init(
        of name: Name,
        ending suspensions: [SHA256Digest],
        in epoch: EpochDocument,
        by officer: Name,
        because reason: String,
        at created: Timestamp
    ) {
        self.created = created
        manifest = epoch.digest
        self.name = name
        self.officer = officer
        self.reason = reason
        set = epoch.manifest.set
        self.suspensions = suspensions.sorted { $0.description < $1.description }
    }

    package init(canonical bytes: [UInt8]) throws(DocumentError) {
        var fields = try Fields(try JSONValue(canonical: bytes))
        created = try fields.timestamp("created")
        try fields.format(expecting: Self.format)
        manifest = try fields.digest("manifest")
        name = try fields.name("name")
        officer = try fields.name("officer")
        reason = try fields.text("reason")
        set = try fields.set()
        suspensions = try fields.digestsInOrder("suspensions")
        try fields.finish()
        guard !suspensions.isEmpty else {
            throw .wrongValue(field: "suspensions", expected: "at least one digest")
        }
    }

    package var members: [String: JSONValue] {
        [
            "created": .string(created.description),
            "format": .string(Self.format.format),
            "manifest": .string(manifest.description),
            "name": .string(name.description),
            "officer": .string(officer.description),
            "reason": .string(reason),
            "set": .string(set.description),
            "suspensions": .array(suspensions.map { .string($0.description) }),
        ]
    }
}
