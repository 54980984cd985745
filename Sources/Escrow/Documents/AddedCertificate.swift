// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Encoding

/// A certificate that joined an escrow after its epoch was made: the CA's key, renewed under the same key.
///
/// `records/TIME-added-certificate-DIGEST.json`, signed by officers. It counts when as many as the manifest's threshold
/// have signed it.
package struct AddedCertificate: AddedRecord {
    package static let format = DocumentFormat.addedCertificate

    package let heading: Heading
    package let certificate: Certificate

    package static let shape = Shape<AddedCertificate>(
        Self.init,
        Member(allOf: Heading.shape, \.heading),
        Member("certificate", .certificate, \.certificate)
    )

    package func check(in epoch: EpochDocument) throws(DocumentError) {
        guard created >= epoch.manifest.created else {
            throw .wrongValue(field: "created", expected: "a time not before the manifest's, \(epoch.manifest.created)")
        }
        guard epoch.manifest.hasPlace(for: certificate) else {
            throw .wrongValue(
                field: "certificate",
                expected: "the same key and subject as a certificate of the manifest"
            )
        }
    }
}

extension AddedCertificate {
    package init(certificate: Certificate, created: Timestamp, to epoch: EpochDocument) {
        self.init(heading: Heading(in: epoch, at: created), certificate: certificate)
    }
}
