// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// That officers go on although a request was refused: docs/format.md, section 4.19.
///
/// It counts when as many officers have signed it as the manifest demands, and among them the one whom it names. What it
/// covers is ``RequestReview``'s to say.
package struct VetoOverride: AddedRecord, AskingDocument {
    package static let format = DocumentFormat.override

    package let heading: Heading
    /// Who asks for it.
    package let officer: Name
    package let reason: String
    /// The digests of the files under `refusals/` that it sets aside, ordered.
    package let refusals: [SHA256Digest]
    /// The digest of the request's file.
    package let request: SHA256Digest

    package static let shape = Shape<VetoOverride>(
        fixed: ["code": "veto"],
        Self.init,
        Member(allOf: Heading.shape, \.heading),
        Member("officer", .name, \.officer),
        Member("reason", .text, \.reason),
        Member("refusals", .digestsInOrder, \.refusals),
        Member("request", .digest, \.request)
    )
}
