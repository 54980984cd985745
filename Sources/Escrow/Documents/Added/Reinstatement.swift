// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// That suspensions of a custodian end: docs/format.md, section 4.28.
///
/// It counts when as many officers have signed it as the manifest demands, and among them the one whom it names.
package struct Reinstatement: AddedRecord, AskingDocument {
    package static let format = DocumentFormat.reinstatement

    package let heading: Heading
    /// Whose suspensions end.
    package let name: Name
    /// Who asks for it.
    package let officer: Name
    package let reason: String
    /// The digests of the suspensions' files, ordered, at least one.
    package let suspensions: [SHA256Digest]

    package static let shape = Shape<Reinstatement>(
        Self.init,
        Member(allOf: Heading.shape, \.heading),
        Member("name", .name, \.name),
        Member("officer", .name, \.officer),
        Member("reason", .text, \.reason),
        Member("suspensions", .digestsInOrder, \.suspensions)
    ) { record, _ throws(DocumentError) in
        guard !record.suspensions.isEmpty else {
            throw .wrongValue(field: "suspensions", expected: "at least one digest")
        }
    }
}

extension Reinstatement {
    package init(
        of name: Name,
        ending suspensions: [SHA256Digest],
        in epoch: EpochDocument,
        by officer: Name,
        because reason: String,
        at created: Timestamp
    ) {
        heading = Heading(in: epoch, at: created)
        self.name = name
        self.officer = officer
        self.reason = reason
        self.suspensions = suspensions.sorted { $0.description < $1.description }
    }
}
