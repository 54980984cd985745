// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
import Custody
package import Encoding
package import SystemPackage

/// A certificate that may join an epoch without new shares: of the same CA, for a key that is escrowed.
///
/// It was held against everything that can be checked without the CA's key and without its issuer.
package struct JoiningCertificate: Sendable {
    package let certificate: Certificate
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
        self.certificate = certificate
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

/// Why a certificate does not join an epoch.
package enum JoinFault: Hashable, Sendable {
    case notACA(subject: String)
    case anotherSubject(found: String, needed: String)
    /// The SHA-256 of its public key, 64 hex digits.
    case anotherKey(spkiSHA256: String)
    case held(epoch: Int)
    case filed(FilePath)
    case givenTwice
    /// Issued by the CA's own name, and signed with none of its keys.
    case signatureOfNoHeldKey

    init?(of certificate: Certificate, in manifest: Manifest, filed: FilePath?, besides others: [Certificate]) {
        let subject = manifest.certificate
        if manifest.certificates.contains(certificate) {
            self = .held(epoch: manifest.epoch)
        } else if let filed {
            self = .filed(filed)
        } else if others.contains(certificate) {
            self = .givenTwice
        } else if !certificate.isCA {
            self = .notACA(subject: certificate.subject)
        } else if certificate.subjectName != subject.subjectName {
            let (found, needed) = (certificate.subjectName, subject.subjectName)
            self = .anotherSubject(found: found.toldApart(from: needed), needed: needed.toldApart(from: found))
        } else if !manifest.certificates.contains(where: { $0.spki == certificate.spki }) {
            self = .anotherKey(spkiSHA256: certificate.spkiSHA256)
        } else {
            return nil
        }
    }
}

extension JoinFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notACA(let subject): "'\(subject)' is not the certificate of a certification authority"
        case .anotherSubject(let found, let needed): "a certificate of '\(found)': one of '\(needed)' is needed"
        case .anotherKey(let digest):
            "a certificate for another key (SHA-256 of its public key \(digest.prefix(8))…): a new key needs new shares"
        case .held(let epoch): "epoch \(epoch) holds this certificate already"
        case .filed(let path): "this certificate was added already: \(path)"
        case .givenTwice: "this certificate is given twice"
        case .signatureOfNoHeldKey:
            "it names itself as its issuer, and its signature verifies under no key that is held"
        }
    }
}

extension Certificate {
    /// The beginning of validity, as documents write times.
    package var start: Timestamp { Timestamp(clamping: notBefore) }

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
