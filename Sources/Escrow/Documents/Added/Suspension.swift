// SPDX-License-Identifier: Apache-2.0

package import Custody

/// That a custodian is not to be counted on, until they acknowledge their share again: docs/format.md, section 4.20.
package struct Suspension: AddedRecord {
    package static let format = DocumentFormat.suspension

    package let because: Cause
    package let created: Timestamp
    package let custodian: Name
    package let manifest: SHA256Digest
    package let officer: Name
    package let set: SetIdentifier

    /// What became of the custodian or the identity.
    package enum Cause: String, CaseIterable, Sendable {
        case lost
        case stolen
        /// The passphrase is forgotten.
        case passphrase
        /// The custodian has left.
        case left
        case died
        case unreachable
    }

    package init(
        of custodian: Name,
        because: Cause,
        by officer: Name,
        in epoch: EpochDocument,
        at created: Timestamp
    ) {
        self.because = because
        self.created = created
        self.custodian = custodian
        manifest = epoch.digest
        self.officer = officer
        set = epoch.manifest.set
    }

    package init(canonical bytes: [UInt8]) throws(DocumentError) {
        var fields = try Fields(try JSONValue(canonical: bytes))
        try fields.format(expecting: Self.format)
        let word = try fields.word("because", among: Cause.allCases.map(\.rawValue))
        guard let cause = Cause(rawValue: word) else {
            preconditionFailure("the word is one of them")
        }
        because = cause
        created = try fields.timestamp("created")
        custodian = try fields.name("custodian")
        manifest = try fields.digest("manifest")
        officer = try fields.name("officer")
        set = try fields.set()
        try fields.finish()
    }

    package var members: [String: JSONValue] {
        [
            "because": .string(because.rawValue),
            "created": .string(created.description),
            "custodian": .string(custodian.description),
            "format": .string(Self.format.format),
            "manifest": .string(manifest.description),
            "officer": .string(officer.description),
            "set": .string(set.description),
        ]
    }

    package func signers(in epoch: Manifest) -> (admitted: [Signer], required: Name?) {
        (epoch.approval.officers, officer)
    }

    package func check(in epoch: EpochDocument) throws(DocumentError) {
        guard epoch.manifest.person(named: custodian) != nil else {
            throw .wrongValue(field: "custodian", expected: "a custodian of this epoch")
        }
    }
}
