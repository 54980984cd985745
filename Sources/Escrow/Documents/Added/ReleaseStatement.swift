// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SecretSharing

/// That a custodian released their share to the machine of a request: docs/format.md, section 4.17.
///
/// The statement is filed; the box whose digest it holds travels to that machine and lies in no escrow.
package struct ReleaseStatement: CustodianDocument {
    package static let format = DocumentFormat.release
    package static let directoryName = "releases"

    package let heading: Heading
    /// The digest of the box's 192 bytes.
    package let box: SHA256Digest
    package let custodian: Name
    package let path: Path
    /// The digest of the request's file.
    package let request: SHA256Digest

    package static let shape = Shape<ReleaseStatement>(
        Self.init,
        Member(allOf: Heading.shape, \.heading),
        Member("box", .digest, \.box),
        Member("custodian", .name, \.custodian),
        Member("path", .leaf, \.path),
        Member("request", .digest, \.request)
    )

    package func check(in epoch: EpochDocument) throws(DocumentError) {
        guard let leaf = epoch.manifest.policy.path(of: custodian) else {
            throw .wrongValue(field: "custodian", expected: "a custodian of this epoch")
        }
        guard leaf == path else {
            throw .wrongValue(field: "path", expected: "\(custodian)'s, \(leaf)")
        }
    }
}
