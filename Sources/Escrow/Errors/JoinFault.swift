// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import SystemPackage

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
        case .held(let epoch): "epoch \(epoch) already holds this certificate"
        case .filed(let path): "this certificate was already added: \(path)"
        case .givenTwice: "this certificate is given twice"
        case .signatureOfNoHeldKey:
            "it names itself as its issuer, and its signature verifies under no key that is held"
        }
    }
}
