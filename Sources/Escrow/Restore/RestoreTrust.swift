// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Custody
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

    /// Reads the certificates that files hold, the first one of each, and those of all files of a directory that end in
    /// `.crt`, `.cer`, `.pem` or `.der`.
    ///
    /// - Throws: ``EscrowError/noCertificateInside(path:)``, and what is wrong with a file.
    package static func all(at paths: [String]) throws(EscrowError) -> [CertificateTrust] {
        var all: [CertificateTrust] = []
        for path in paths {
            for file in try files(at: FilePath(path)) {
                all.append(.file(try Certificate.all(at: file)[0], path: file.string))
            }
        }
        return all
    }

    /// The file, or those in the directory.
    ///
    /// - Throws: ``EscrowError/noCertificateInside(path:)``
    static func files(at path: FilePath) throws(EscrowError) -> [FilePath] {
        guard try orThrow({ () throws(FileError) in try Files.kind(of: path) }) == .directory else {
            return [path]
        }
        let names = try orThrow { () throws(FileError) in try Files.names(in: path) }.filter { isCertificateName($0) }
        guard !names.isEmpty else {
            throw .noCertificateInside(path: path.string)
        }
        return names.map { path.appending($0) }
    }

    private static func isCertificateName(_ name: String) -> Bool {
        !name.hasPrefix(bytesOf: ".")
            && [".crt", ".cer", ".pem", ".der"].contains { name.lowercasedASCII.hasSuffix(bytesOf: $0) }
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
    /// - Throws: ``EscrowError/anotherCertificate(path:subject:digest:given:)``
    package func check(
        _ trust: CertificateTrust,
        added: [Certificate],
        escrow path: String
    ) throws(EscrowError) {
        guard trust.matches(manifest.certificates + added) else {
            throw .anotherCertificate(
                path: path,
                subject: manifest.certificate.subject,
                digest: SHA256Digest(of: manifest.certificate.der),
                given: trust.given
            )
        }
    }
}
