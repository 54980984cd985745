// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority

/// What a store's keys ask for, held against an escrow that is there.
///
/// A backup is due on two occasions: after the CA is installed, and after every renewal of its certificate.
package enum BackupNeed: Sendable {
    /// The escrow holds the newest certificate.
    case nothing
    /// The newest certificate was added before, and officers have still to sign it.
    case approval(FiledCertificate)
    /// The key is in the escrow, the certificate is not.
    case certificate(Certificate)
    /// The store's certificate is for an escrowed key, and older than those that the escrow holds.
    case nothingNewer(Certificate)
    /// The CA has another key: a new epoch.
    case newKey(Certificate)

    /// Compares the store's newest certificate with the newest epoch.
    ///
    /// - Throws: ``EscrowError/anotherCA(path:escrowed:found:)``, ``EscrowError/retired(path:)``, or what keeps the
    ///   epoch's records from being read.
    package init(
        of material: CAMaterial,
        in epoch: EpochDocument,
        escrow path: String
    ) throws(EscrowError) {
        let manifest = epoch.manifest
        guard !manifest.isRetired else {
            throw .retired(path: path)
        }
        let newest = material.newest
        guard newest.subjectDER == manifest.certificate.subjectDER else {
            throw .anotherCA(path: path, escrowed: manifest.certificate.subject, found: newest.subject)
        }
        self.init(of: newest, in: manifest, with: try epoch.addedCertificates())
    }

    /// Compares a certificate of the same subject with what an epoch holds.
    init(of newest: Certificate, in manifest: Manifest, with added: [FiledCertificate]) {
        if manifest.certificates.contains(newest) {
            self = .nothing
        } else if let filed = added.first(where: { $0.record.certificate == newest }) {
            self = filed.isApproved ? .nothing : .approval(filed)
        } else if manifest.certificates.contains(where: { FiledCertificate.renews(newest, $0) }) {
            self = .certificate(newest)
        } else if manifest.certificates.contains(where: { $0.spki == newest.spki }) {
            self = .nothingNewer(newest)
        } else {
            self = .newKey(newest)
        }
    }
}
