// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding

extension SignableDocument {
    /// What an officer should read before signing a manifest: all of a first epoch; of a later one what stays, and why.
    ///
    /// What it changes is ``changes``, which is shown and confirmed by itself.
    static func details(of approval: EpochApproval, _ changes: [ManifestChange], _ suspensions: Suspensions) -> [String]
    {
        let manifest = approval.document.manifest
        let changed = Set(changes.map(\.token))
        let isFirst = approval.previous == nil
        func row(_ text: String, _ tokens: [String]) -> String {
            isFirst || tokens.contains(where: changed.contains) ? text : "\(text), as before"
        }
        var lines: [String] = []
        let officers = Set(changes.map(\.token)).intersection(
            (manifest.approval.officers + (approval.previous?.manifest.approval.officers ?? [])).map { "\($0.name)" }
        )
        lines.append(row("restored by \(manifest.policy.text)", ["POLICY"]))
        lines.append(row("approved by \(manifest.approval.text)", ["THRESHOLD"] + officers))
        lines.append(
            row("certificate \(SHA256Digest(of: manifest.certificate.der).grouped)", ["CERTIFICATES"])
        )
        lines.append(row("key file \(manifest.pkcs12.name), SHA-256 \(manifest.pkcs12.sha256)", ["KEYFILE"]))
        if isFirst {
            lines += manifest.approval.officers.map { "officer \($0.name): \($0.key.fingerprint)" }
            lines += manifest.people.map { "custodian \($0.name): \($0.keys)" }
        } else {
            let isNew = !changed.isDisjoint(with: ["SET"])
            lines.append("set \(manifest.set.short)" + (isNew ? "" : ", kept"))
            lines.append("why \(manifest.occasion.rawValue)")
        }
        if isFirst, let title = manifest.title {
            lines.append("title '\(title)'")
        }
        if isFirst, let archive = manifest.state?.archive {
            lines.append("the CA's state: \(archive.name), SHA-256 \(archive.sha256)")
        }
        if manifest.isRehearsal {
            lines.append("A REHEARSAL: its key is a test key")
        }
        for person in manifest.people {
            if let suspension = suspensions.of(person).last?.filed.document {
                lines.append(
                    "\(person.name) IS SUSPENDED since \(suspension.created.forPeople): \(suspension.because.rawValue)"
                )
            }
        }
        if let fault = approval.successionFault {
            lines.append("IT CANNOT FOLLOW: \(fault)")
        }
        return lines + [signedSoFar(approval.signers)]
    }

    /// Who vouches for a document that anybody could have put here.
    static func signedSoFar(_ signers: [Signer]) -> String {
        signers.isEmpty
            ? "nobody has signed it yet: unverified" : "signed so far by \(signers.map(\.name).listed)"
    }
}
