// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Custody
package import Encoding
import Files
import SystemPackage

/// Why a restore believes a manifest: docs/format.md, section 5.3.
package enum ManifestTrust: Sendable {
    /// Officers whom an `allowed_signers` file admits have signed it.
    case signers([Signer])
    /// An officer who is here has signed it.
    case ownSignature(Signer)
    /// Nobody vouches for it; the reason goes into the record.
    case unverified(reason: String)

    /// What the record keeps, when nobody vouches for the manifest.
    package var override: RestoreRecord.Override? {
        guard case .unverified(let reason) = self else {
            return nil
        }
        return RestoreRecord.Override(code: .unverified, reason: reason)
    }

    /// The officer behind an identity, when their own signature is on this manifest.
    package static func own(_ key: SigningKey, in approval: EpochApproval) -> ManifestTrust? {
        approval.signed.first { $0.key == key }.map { .ownSignature($0) }
    }
}

/// The certificate that a restore is for, as someone outside the escrow says it.
package enum CertificateTrust: Sendable {
    case file(Certificate, path: String)
    case digest(SHA256Digest)

    package var given: GivenCertificate {
        switch self {
        case .file(let certificate, let path):
            GivenCertificate(path: path, subject: certificate.subject, digest: SHA256Digest(of: certificate.der))
        case .digest(let digest): GivenCertificate(path: nil, subject: nil, digest: digest)
        }
    }

    /// Reads the certificates whose escrows are looked for: of each file every certification authority's own, and those of
    /// all files in a directory that hold one.
    ///
    /// What issued another one in the same file is its chain, and is not looked for; of one subject the first one is. A
    /// file that was named is looked for with its first certificate, whatever that is of.
    ///
    /// - Throws: ``DirectoryFault/noCertificateInside(path:)``, and what is wrong with a file.
    package static func all(at paths: [String]) throws(EscrowError) -> [CertificateTrust] {
        var all: [CertificateTrust] = []
        for path in paths {
            for (file, isNamed) in try files(at: FilePath(path)) {
                let held = try Certificate.all(at: file)
                let own = held.authoritiesOfTheirOwn
                all += (own.isEmpty && isNamed ? [held[0]] : own).map { .file($0, path: file.string) }
            }
        }
        return all
    }

    /// The file, or those in the directory that hold certificates, by what is in them.
    ///
    /// - Throws: ``DirectoryFault/noCertificateInside(path:)``; ``DirectoryFault/anotherFile(path:found:wanted:)`` for what may
    ///   hold certificates and is not read, a directory in it among them.
    static func files(at path: FilePath) throws(EscrowError) -> [(file: FilePath, isNamed: Bool)] {
        guard try orThrow(Files.kind(of: path)) == .directory else {
            return [(path, true)]
        }
        var files: [(FilePath, Bool)] = []
        for name in try orThrow(Files.names(in: path)) where !Clutter.isOne(name) {
            let file = path.appending(name)
            switch RecognisedFile(at: file) {
            case .certificate: files.append((file, false))
            case let found? where found.mayHoldCertificates:
                throw .directory(.anotherFile(path: file.string, found: found, wanted: .certificate))
            case nil where Self.isNamedAsOne(file), .data where Self.isNamedAsOne(file): files.append((file, false))
            default: break
            }
        }
        guard !files.isEmpty else {
            throw .directory(.noCertificateInside(path: path.string))
        }
        return files
    }

    private static func isNamedAsOne(_ file: FilePath) -> Bool {
        ["crt", "cer", "pem", "der"].contains(file.extension)
    }

    /// Whether it is one of these.
    package func matches(_ certificates: [Certificate]) -> Bool {
        certificates.contains { SHA256Digest(of: $0.der) == given.digest }
    }
}

extension EpochDocument {
    /// Holds the escrow's certificates against the one that is trusted.
    ///
    /// - Parameter added: Certificates that joined with approval.
    /// - Throws: ``TrustFault/anotherCertificate(path:subject:digest:given:)``
    package func check(
        _ trust: CertificateTrust,
        added: [Certificate],
        escrow path: String
    ) throws(EscrowError) {
        guard trust.matches(manifest.certificates + added) else {
            throw .trust(
                .anotherCertificate(
                    path: path,
                    subject: manifest.certificate.subject,
                    digest: SHA256Digest(of: manifest.certificate.der),
                    given: trust.given
                )
            )
        }
    }
}

extension [Certificate] {
    /// Those of certification authorities that issued no other one here, the first one of each subject.
    fileprivate var authoritiesOfTheirOwn: [Certificate] {
        let authorities = filter(\.isCA)
        let own = authorities.filter { issuer in
            !authorities.contains { $0.subjectName != issuer.subjectName && $0.issuerName == issuer.subjectName }
        }
        return own.enumerated().filter { index, certificate in
            own.firstIndex { $0.subjectName == certificate.subjectName } == index
        }.map(\.element)
    }
}
