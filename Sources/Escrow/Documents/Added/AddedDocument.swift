// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Encoding

/// A document that somebody adds to an epoch after it was made: docs/format.md, section 4.9.
///
/// A value is well formed by itself. What it says about its epoch, and who has signed it, is ``Filed``'s to check.
package protocol AddedDocument: ShapedDocument {
    /// The directory of its kind in an epoch's.
    static var directoryName: String { get }

    var heading: Heading { get }

    /// What the file's name starts with: whose document it is, or when a record was made.
    var fileNameStart: String { get }

    /// Whose signatures count beside it, with which keys; and whose it cannot do without.
    func signers(in epoch: Manifest) -> (admitted: [Signer], required: Name?)

    /// The kind of CA statement that the CA's key signs about such a document, in a file beside it.
    static var caStatement: String? { get }

    /// The certificate whose key it says has signed it; nothing when it names none.
    func caSigner(in epoch: Manifest) -> Certificate?

    /// Holds it against the epoch that it lies in, whose manifest and set it names.
    ///
    /// - Throws: ``DocumentError`` with the member that does not fit.
    func check(in epoch: EpochDocument) throws(DocumentError)

    /// Whether it counts although it is dated before its manifest: docs/format.md, section 5.4.
    var mayPredateItsManifest: Bool { get }
}

extension AddedDocument {
    /// The name of its file: made of its content, so that copies of an escrow merge by copying.
    package func fileName(of bytes: [UInt8]) -> String {
        "\(fileNameStart)-\(SHA256Digest(of: bytes).identifier).json"
    }

    /// Officers may sign it.
    package func signers(in epoch: Manifest) -> (admitted: [Signer], required: Name?) {
        (epoch.approval.officers, nil)
    }

    package static var caStatement: String? { nil }

    package func caSigner(in epoch: Manifest) -> Certificate? { nil }

    package func check(in epoch: EpochDocument) throws(DocumentError) {}

    package var mayPredateItsManifest: Bool { false }
}

/// A document among an epoch's records, named by its time and kind.
package protocol AddedRecord: AddedDocument {}

extension AddedRecord {
    package static var directoryName: String { "records" }

    package var fileNameStart: String { "\(created.compact)-\(Self.format.kind)" }
}
