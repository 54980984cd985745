// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody

extension SignableDocument {
    /// What an officer should read before signing a manifest, and what of it is new.
    static func details(
        of approval: EpochApproval,
        after previous: EpochDocument?,
        in escrow: EscrowDirectory
    ) throws(EscrowError) -> [String] {
        let (manifest, before) = (approval.document.manifest, previous?.manifest)
        let rows: [(String, String, String?)] = [
            ("restored by", manifest.policy.text, before?.policy.text),
            ("approved by", manifest.approval.text, before?.approval.text),
            (
                "certificate", SHA256Digest(of: manifest.certificate.der).grouped,
                before.map { SHA256Digest(of: $0.certificate.der).grouped }
            ),
            (
                "key file", "\(manifest.pkcs12.name), SHA-256 \(manifest.pkcs12.sha256)",
                before.map { "\($0.pkcs12.name), SHA-256 \($0.pkcs12.sha256)" }
            ),
        ]
        var lines = rows.map { name, value, old in
            "\(name) \(value)" + (old.map { $0 == value ? ", as before" : ", where it was \($0)" } ?? "")
        }
        if let before {
            lines.append("why \(manifest.occasion.rawValue)")
            let dropped = before.certificates.count { !manifest.certificates.contains($0) }
            if dropped > 0 {
                lines.append("certificates of the epoch before that are not in it: \(dropped)")
            }
        }
        if let title = manifest.title, title != before?.title {
            lines.append("title '\(title)'")
        }
        if manifest.isRehearsal {
            lines.append("A REHEARSAL: its key is a test key")
        }
        if manifest.isRetired {
            lines.append("IT RETIRES THE ESCROW: nothing is restored from it any more without a reason")
        }
        if let previous {
            lines += try replacements(in: manifest, after: previous, in: escrow)
        }
        if let fault = approval.successionFault {
            lines.append("AS IT STANDS IT CANNOT FOLLOW: \(fault)")
        }
        return lines
    }

    /// Whose keys are others than in the epoch before, from which to which, and whether they were counted on.
    private static func replacements(
        in manifest: Manifest,
        after previous: EpochDocument,
        in escrow: EscrowDirectory
    ) throws(EscrowError) -> [String] {
        let replaced = manifest.people.compactMap { person in
            previous.manifest.person(named: person.name).flatMap { $0 == person ? nil : (person, $0) }
        }
        guard !replaced.isEmpty else {
            return []
        }
        let evidence = try Evidence(of: previous, in: escrow)
        var lines: [String] = []
        for (new, old) in replaced {
            let name = new.name
            let (key, oldKey) = (new.signingKey.fingerprint, old.signingKey.fingerprint)
            lines.append("\(name) has another card: SHA-256 \(new.card), where it was \(old.card)")
            lines.append("\(name) signs with \(key)" + (key == oldKey ? ", as before" : ", where it was \(oldKey)"))
            let suspension = evidence.suspension(of: name)?.document
            lines.append(
                suspension.map { "\(name) IS SUSPENDED since \($0.created.forPeople): \($0.because)" }
                    ?? "\(name) is not suspended in epoch \(previous.manifest.epoch)"
            )
        }
        return lines
    }

    /// Who vouches for a document that anybody could have put here.
    static func signedSoFar(_ signatures: SignatureCount) -> String {
        signatures.signed.isEmpty
            ? "nobody has signed it yet: unverified"
            : "signed so far by \(EscrowError.list(signatures.signed.map(\.name)))"
    }
}
