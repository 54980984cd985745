// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Encoding
package import Escrow
import SecretSharing

// What is said of a manifest by itself, whoever has signed it.
extension Manifest {
    /// What is shown of a manifest to people, line by line.
    ///
    /// - Parameter added: Certificates that joined with approval.
    package func lines(_ digest: SHA256Digest, added: [Certificate] = []) -> [String] {
        var lines = [
            "  CA            \(certificate.subject), \(certificate.keyKind.map { "\($0)" } ?? "a key of another kind")",
            "  SHA-256       \(SHA256Digest(of: certificate.der).grouped)",
            "  valid until   \(certificate.end)",
            "  title         \(title ?? "none")",
            "  epoch         \(epoch), \(occasion.rawValue), \(created)",
            "  manifest      \(digest)",
            "  set           \(set)",
            "  restored by   \(policy.text)",
            "                at least \(policy.fewestToRestore) people; \(policy.fewestToBlock) can prevent it",
            "  approved by   \(approval.text)",
            "  key file      \(pkcs12.name), SHA-256 \(pkcs12.sha256)",
        ]
        let held = GenerationLines(of: certificates + added, for: certificate)
        lines += held.lines.enumerated().map { "  \($0 == 0 ? "holds         " : "              ")\($1)" }
        if let state = state {
            lines.append("  CA's state    \(state.figures.words)")
            if let archive = state.archive {
                lines.append("                archive \(archive.name), SHA-256 \(archive.sha256)")
            }
        }
        if isRehearsal {
            lines.append("  REHEARSAL: a test key")
        }
        if isRetired {
            lines.append("  RETIRED")
        }
        return lines
    }

    /// For programs: what every report says of an epoch.
    package func reported(_ digest: SHA256Digest) -> [String: JSONValue?] {
        [
            "certificate": .string("\(SHA256Digest(of: certificate.der))"), "epoch": .integer(UInt64(epoch)),
            "manifest": .string("\(digest)"), "policy": .string(policy.text), "rehearsal": .boolean(isRehearsal),
            "subject": .string(certificate.subject),
        ]
    }

    /// For programs: all that is shown of a manifest.
    package func shown(_ digest: SHA256Digest) -> [String: JSONValue?] {
        let others: [String: JSONValue?] = [
            "approvedBy": .string(approval.text), "created": .string("\(created)"),
            "keyFile": .object(["name": .string(pkcs12.name), "sha256": .string("\(pkcs12.sha256)")]),
            "occasion": .string(occasion.rawValue), "retired": .boolean(isRetired), "set": .string("\(set)"),
            "title": title.map { .string($0) }, "validUntil": .string("\(certificate.end)"),
        ]
        return others.merging(reported(digest)) { $1 }
    }
}
