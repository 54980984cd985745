// SPDX-License-Identifier: Apache-2.0

package import Custody

/// That a branch of a fork does not count: docs/format.md, section 4.27.
///
/// It lies in the newest epoch of the branch that stays, and counts once as many of that epoch's officers have signed
/// it as its manifest demands, and among them the one whom it names.
package struct VoidRecord: AddedRecord, AskingDocument {
    package static let format = DocumentFormat.void

    /// The manifest's digest of the first epoch of the branch that does not count.
    package let branch: SHA256Digest
    package let created: Timestamp
    package let manifest: SHA256Digest
    /// Who asks for it.
    package let officer: Name
    package let reason: String
    package let set: SetIdentifier

    package init(
        branch: SHA256Digest,
        in epoch: EpochDocument,
        by officer: Name,
        because reason: String,
        at created: Timestamp
    ) {
        self.branch = branch
        self.created = created
        manifest = epoch.digest
        self.officer = officer
        self.reason = reason
        set = epoch.manifest.set
    }

    package init(canonical bytes: [UInt8]) throws(DocumentError) {
        var fields = try Fields(try JSONValue(canonical: bytes))
        branch = try fields.digest("branch")
        created = try fields.timestamp("created")
        try fields.format(expecting: Self.format)
        manifest = try fields.digest("manifest")
        officer = try fields.name("officer")
        reason = try fields.text("reason")
        set = try fields.set()
        try fields.finish()
    }

    package var members: [String: JSONValue] {
        [
            "branch": .string(branch.description),
            "created": .string(created.description),
            "format": .string(Self.format.format),
            "manifest": .string(manifest.description),
            "officer": .string(officer.description),
            "reason": .string(reason),
            "set": .string(set.description),
        ]
    }
}
