// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// That a branch of a fork does not count: docs/format.md, section 4.27.
///
/// It lies in the newest epoch of the branch that stays, and counts when as many of that epoch's officers have signed
/// it as its manifest demands, and among them the one whom it names.
package struct VoidRecord: AddedRecord, AskingDocument {
    package static let format = DocumentFormat.void

    package let heading: Heading
    /// The manifest's digest of the first epoch of the branch that does not count.
    package let branch: SHA256Digest
    /// Who asks for it.
    package let officer: Name
    package let reason: String

    package static let shape = Shape<VoidRecord>(
        Self.init,
        Member(allOf: Heading.shape, \.heading),
        Member("branch", .digest, \.branch),
        Member("officer", .name, \.officer),
        Member("reason", .text, \.reason)
    )
}
