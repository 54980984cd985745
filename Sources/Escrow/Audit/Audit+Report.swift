// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Custody
import SecretSharing
import SystemPackage

extension Audit {
    /// What an audit cannot show, whatever it finds: docs/threat-model.md.
    package static let limits = [
        "that the PKCS#12 file opens: only a restore or a drill shows that",
        "that nobody else knows a share, or that a copy was deleted",
        "that the machine on which the escrow was made kept no copy of the key",
        "that the people are independent of one another",
        "anything by the absence of a record",
        "security against a quantum computer; against others it is about 126 bits",
    ]

    /// The report for people: lines without a newline at their ends.
    package var lines: [String] {
        var lines = ["\(escrow): \(verdict.rawValue)"]
        if let subject {
            lines += facts(of: subject).map { name, value in "  \(Self.padded(name, 10)) \(value)" }
        }
        lines.append("")
        for (check, outcome) in outcomes {
            let start = "  \(Self.padded(outcome.word, 14)) \(Self.padded(check.rawValue, 12)) "
            switch outcome {
            case .pass: lines.append(start + check.meaning)
            case .notChecked(let reason), .notApplicable(let reason): lines.append(start + reason)
            case .fail(let found): lines += found.map { start + $0 }
            }
        }
        lines.append("")
        lines.append("  this does not prove")
        lines += Self.limits.map { "    " + $0 }
        return lines
    }

    /// The report for machines.
    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "escrow": .string(escrow.string.printable),
            "exitStatus": .integer(UInt64(verdict.exitStatus)),
            "checks": .array(
                outcomes.map { check, outcome in
                    var entry: [String: JSONValue] = [
                        "check": .string(check.rawValue), "outcome": .string(outcome.word),
                    ]
                    switch outcome {
                    case .pass: entry["detail"] = .array([.string(check.meaning)])
                    case .notChecked(let reason), .notApplicable(let reason):
                        entry["detail"] = .array([.string(reason.printable)])
                    case .fail(let found): entry["detail"] = .array(found.map { .string($0.printable) })
                    }
                    return .object(entry)
                }
            ),
            "doesNotProve": .array(Self.limits.map { .string($0) }),
            "verdict": .string(verdict.rawValue),
        ]
        if let subject {
            let manifest = subject.document.manifest
            members["certificate"] = .object([
                "sha256": .string(SHA256Digest(of: manifest.certificate.der).description),
                "subject": .string(manifest.certificate.subject.printable),
            ])
            members["epoch"] = .integer(UInt64(manifest.epoch))
            members["manifest"] = .string(subject.document.digest.description)
            members["policy"] = .object([
                "fewestToBlock": .integer(UInt64(manifest.policy.fewestToBlock)),
                "fewestToRestore": .integer(UInt64(manifest.policy.fewestToRestore)),
                "text": .string(manifest.policy.text),
            ])
            members["set"] = .string(manifest.set.description)
            if !subject.signed.isEmpty {
                members["signed"] = .array(subject.signed.map { .string($0.name.description) })
            }
            if !expired.isEmpty {
                members["expired"] = .array(expired.map { .string($0.description) })
            }
            if !trusted.isEmpty {
                members["trusted"] = .array(trusted.map { .string($0.name.description) })
            }
        }
        return .object(members)
    }

    private func facts(of subject: EpochApproval) -> [(String, String)] {
        let manifest = subject.document.manifest
        let certificate = manifest.certificate
        let policy = manifest.policy
        var facts = [
            ("CA", "\(certificate.subject), \(certificate.keyKind.map { "\($0)" } ?? "a key of another kind")"),
            ("SHA-256", SHA256Digest(of: certificate.der).grouped),
            ("epoch", "\(manifest.epoch), \(manifest.occasion.rawValue), \(manifest.created)"),
            ("manifest", subject.document.digest.description),
            ("set", manifest.set.description),
            ("policy", policy.text),
            ("", "\(policy.fewestToRestore) people at least restore, \(policy.fewestToBlock) can prevent it"),
            ("approval", manifest.approval.text),
            ("", "signed by " + (subject.signed.isEmpty ? "nobody" : EscrowError.list(subject.signed.map(\.name)))),
        ]
        if !trusted.isEmpty {
            facts.append(("", "known to the auditor: " + EscrowError.list(trusted.map(\.name))))
        }
        if !expired.isEmpty {
            facts.append(("", "whose keys are not valid any more: " + EscrowError.list(expired)))
        }
        for filed in added {
            let digest = SHA256Digest(of: filed.record.certificate.der).short
            facts.append(("added", "certificate \(digest)…, \(filed.isApproved ? "approved" : "not approved yet")"))
        }
        if manifest.isRehearsal {
            facts.append(("", "REHEARSAL: a test key"))
        }
        if manifest.isRetired {
            facts.append(("", "RETIRED"))
        }
        return facts
    }

    /// Trusted officers whose key was valid when they signed, and is not at the time of the audit.
    private var expired: [Name] {
        guard let anchor = input.anchor else {
            return []
        }
        let valid = anchor.trusted(among: trusted, for: .manifest, at: input.time)
        return trusted.filter { !valid.contains($0) }.map(\.name)
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

extension String {
    /// The same with everything but printable ASCII shown as an escape: for documents that allow nothing else.
    var printable: String {
        unicodeScalars.map { scalar in
            (0x20...0x7e).contains(scalar.value) ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
        }.joined()
    }
}
