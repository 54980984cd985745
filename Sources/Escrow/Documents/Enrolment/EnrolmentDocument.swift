// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// A document about a card before there is an escrow, which lies beside the card: docs/format.md, section 4.23.
///
/// A value is well formed by itself; whether it counts, ``Enrolment`` says.
package protocol EnrolmentDocument: ShapedDocument {
    /// The digest of the card's file.
    var card: SHA256Digest { get }
    var created: Timestamp { get }
    /// Whose card it is.
    var custodian: Name { get }
}

extension EnrolmentDocument {
    /// The name of its file, made of its content: `frank-DIGEST32.enrolment.json`.
    package static func fileName(of custodian: Name, _ digest: SHA256Digest) -> String {
        "\(custodian)-\(digest.identifier)\(fileNameEnd)"
    }

    /// What the names of its files end with.
    package static var fileNameEnd: String { ".\(format.kind).json" }
}
