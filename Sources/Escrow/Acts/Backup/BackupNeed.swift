// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority

/// What a store's keys ask for, held against an escrow that is there.
///
/// A backup is due on two occasions: after the CA is installed, and after every renewal of its certificate.
package enum BackupNeed: Sendable {
    /// The escrow holds everything that the store holds.
    case nothing
    /// Everything is there, and officers have still to sign a certificate that was added.
    case approval(Filed<AddedCertificate>)
    /// The keys are in the escrow, these certificates of the store are not, whenever they begin; newest first.
    case certificates([Certificate])
    /// The CA has a key that the escrow lacks, with this certificate: a new epoch.
    case newKey(Certificate)

    /// Compares all that a store holds with the newest epoch.
    ///
    /// - Throws: ``TrustFault/anotherCA(path:escrowed:found:)``, ``TrustFault/retired(path:)``, or what keeps the
    ///   epoch's records from being read.
    package init(
        of material: CAMaterial,
        in epoch: EpochDocument,
        escrow path: String
    ) throws(EscrowError) {
        let manifest = epoch.manifest
        guard !manifest.isRetired else {
            throw .trust(.retired(path: path))
        }
        let newest = material.newest
        let (escrowed, found) = (manifest.certificate.subjectName, newest.subjectName)
        guard found == escrowed else {
            throw .trust(
                .anotherCA(
                    path: path,
                    escrowed: escrowed.toldApart(from: found),
                    found: found.toldApart(from: escrowed)
                )
            )
        }
        let others = material.generations.flatMap(\.certificates).newestFirst().filter { $0 != newest }
        // A key that has never been escrowed weighs more than any certificate, and so does the newest one.
        let ordered = [newest] + material.generations.map(\.newest).filter { $0 != newest } + others
        self.init(of: ordered, in: manifest, with: try epoch.addedCertificates())
    }

    /// Compares one certificate of the same subject with what an epoch holds.
    package init(of certificate: Certificate, in manifest: Manifest, with added: [Filed<AddedCertificate>]) {
        self.init(of: [certificate], in: manifest, with: added)
    }

    /// - Parameter certificates: At least one, the one that the CA issues under first.
    private init(of certificates: [Certificate], in manifest: Manifest, with added: [Filed<AddedCertificate>]) {
        let keys = Set(manifest.certificates.map(\.spki))
        if let new = certificates.first(where: { !keys.contains($0.spki) }) {
            self = .newKey(new)
            return
        }
        var waiting: Filed<AddedCertificate>?
        var missing: [Certificate] = []
        for certificate in certificates where !manifest.certificates.contains(certificate) {
            if let filed = added.first(where: { $0.document.certificate == certificate }) {
                waiting = waiting ?? (filed.isApproved ? nil : filed)
            } else if manifest.hasPlace(for: certificate), !missing.contains(certificate) {
                missing.append(certificate)
            }
        }
        if !missing.isEmpty {
            self = .certificates(missing.newestFirst())
        } else if let waiting {
            self = .approval(waiting)
        } else {
            self = .nothing
        }
    }
}
