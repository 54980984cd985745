// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Encoding

/// A certificate that may join an epoch without new shares: of the same CA, for a key that is escrowed.
///
/// It was held against everything that can be checked without the CA's key and without its issuer.
package struct JoiningCertificate: Sendable {
    /// What is not checked of its signature; nothing when it was verified.
    package let unchecked: String?

    /// - Parameters:
    ///   - path: What errors call the certificate's file.
    ///   - others: Certificates that join at the same time.
    /// - Throws: ``EscrowError/cannotJoin(path:_:)``, or what keeps the epoch's records from being read.
    package init(
        _ certificate: Certificate,
        at path: String,
        in epoch: EpochDocument,
        besides others: [Certificate] = []
    ) throws(EscrowError) {
        let manifest = epoch.manifest
        let filed = try epoch.addedCertificates().first { $0.document.certificate == certificate }
        if let fault = JoinFault(of: certificate, in: manifest, filed: filed?.path, besides: others) {
            throw .cannotJoin(path: path, fault)
        }
        if certificate.isSelfIssued {
            let signers = [certificate] + manifest.certificates.filter { $0.subjectName == certificate.subjectName }
            guard signers.contains(where: certificate.isSigned(byKeyOf:)) else {
                throw .cannotJoin(path: path, .signatureOfNoHeldKey)
            }
            unchecked = nil
        } else {
            unchecked = "issued by '\(certificate.issuer)', whose certificate is not here: its signature is not checked"
        }
    }
}

extension Certificate {
    /// The beginning of validity, as documents write times.
    package var start: Timestamp { Timestamp(clamping: notBefore) }

    /// The end of validity, as documents write times.
    package var end: Timestamp { Timestamp(secondsSinceEpoch: max(0, min(notAfter, Timestamp.range.upperBound))) }

    /// What an officer compares before signing for it, a line each.
    package var particulars: [String] {
        var lines = [
            "serial \(serial), valid from \(start) until \(end)",
            isSelfIssued
                ? (isKeyRollover ? "IT NAMES ITSELF AS ISSUER, AND ANOTHER KEY SIGNED IT" : "issued by itself")
                : "issued by \(issuer)",
            "SHA-256 of its public key \(spkiSHA256)",
        ]
        if !isCA {
            lines.append("NOT THE CERTIFICATE OF A CERTIFICATION AUTHORITY")
        }
        if let caVersion {
            lines.append("CA version \(caVersion)")
        }
        return lines
    }
}

extension Timestamp {
    /// The nearest moment that documents can write.
    init(clamping seconds: Int) {
        self.init(secondsSinceEpoch: max(0, min(seconds, Timestamp.range.upperBound)))
    }
}
