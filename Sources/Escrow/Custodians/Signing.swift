// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Custody
import Files
package import SystemPackage

/// A document that waits for officers' signatures, ready to be shown before one is given.
package struct SignableDocument: Sendable {
    package let path: FilePath
    package let bytes: [UInt8]
    package let format: DocumentFormat
    /// What it is, in words.
    package let title: String
    /// What it decides, a line each.
    package let details: [String]
    /// Who may sign it.
    package let signers: [Officer]
    /// Who has.
    package let signed: [Officer]
    /// When a signature comes too late; nothing when it never does.
    package var expires: Timestamp?

    package var digest: SHA256Digest { SHA256Digest(of: bytes) }

    /// What in an escrow an officer could sign: the newest manifest, requests, and what was added to it.
    ///
    /// - Throws: ``EscrowError``
    package static func all(in escrow: EscrowDirectory) throws(EscrowError) -> [SignableDocument] {
        let approvals = try escrow.approvals()
        guard let newest = approvals.last else {
            return []
        }
        let document = newest.document
        let before = approvals.dropLast().last?.document.manifest
        var signers = document.manifest.approval.officers
        signers += (before?.approval.officers ?? []).filter { !signers.contains($0) }
        // Custodians of the epoch before may stand in for its officers.
        let custodians = (before?.people ?? []).map { Officer(name: $0.name, key: $0.signingKey) }
        signers += custodians.filter { !signers.contains($0) }
        var found = [
            SignableDocument(
                path: document.manifestPath,
                bytes: document.bytes,
                format: .manifest,
                title: "the manifest of epoch \(document.manifest.epoch) of \(document.manifest.certificate.subject)",
                details: Self.details(of: document.manifest, after: before),
                signers: signers,
                signed: try SignatureCount(
                    of: document.manifestPath,
                    document.bytes,
                    format: .manifest,
                    by: signers
                ).signed
            )
        ]
        for approval in approvals.inForce.map({ [$0] }) ?? [] {
            found += try requests(in: approval.document)
        }
        for filed in try document.addedCertificates() {
            found.append(
                SignableDocument(
                    path: filed.path,
                    bytes: filed.bytes,
                    format: .addedCertificate,
                    title: "a certificate that joins epoch \(document.manifest.epoch): "
                        + "\(filed.record.certificate.subject), SHA-256 "
                        + SHA256Digest(of: filed.record.certificate.der).grouped,
                    details: [],
                    signers: document.manifest.approval.officers,
                    signed: filed.signatures.signed
                )
            )
        }
        return found
    }

    /// Requests, and overrides of refusals, of an epoch in force.
    private static func requests(in epoch: EpochDocument) throws(EscrowError) -> [SignableDocument] {
        let officers = epoch.manifest.approval.officers
        var found: [SignableDocument] = []
        for review in try epoch.requests() {
            let request = review.request.document
            found.append(
                SignableDocument(
                    path: review.request.path,
                    bytes: review.request.bytes,
                    format: .request,
                    title: "a request for shares of \(epoch.manifest.certificate.subject), by \(request.officer)",
                    details: [
                        "why \(request.purpose)", "where \(request.destination)", "machine \(request.machine)",
                        "from \(request.notBefore.forPeople) until \(request.expires.forPeople)",
                    ]
                        + review.standingRefusals.map { filed in
                            "refused by \(filed.document.name): '\(filed.document.reason)'"
                        },
                    signers: officers,
                    signed: review.request.signatures.signed,
                    expires: request.expires
                )
            )
            for filed in review.openOverrides {
                let refusals = review.refusals.filter { filed.document.refusals.contains($0.digest) }
                found.append(
                    SignableDocument(
                        path: filed.path,
                        bytes: filed.bytes,
                        format: .override,
                        title: "to go on with request \(review.identifier.prefix(8)), although it was refused",
                        details: ["because \(filed.document.reason)"]
                            + refusals.map { "refused by \($0.document.name): '\($0.document.reason)'" },
                        signers: officers,
                        signed: filed.signatures.signed,
                        expires: request.expires
                    )
                )
            }
        }
        return found
    }

    /// What an officer should read before signing a manifest, and what of it is new.
    private static func details(of manifest: Manifest, after before: Manifest?) -> [String] {
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
        let replaced = manifest.people.filter { person in
            before?.person(named: person.name).map { $0.card != person.card } ?? false
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
        if !replaced.isEmpty {
            lines.append("other cards than before: \(EscrowError.list(replaced.map(\.name)))")
        }
        return lines
    }

    /// Whether a key could sign now and has not.
    package func awaits(_ key: SigningKey, at now: Timestamp) -> Bool {
        signers.contains { $0.key == key } && !signed.contains { $0.key == key } && expires.map { now <= $0 } ?? true
    }

    /// Files an officer's signature, made here or elsewhere, once it verifies.
    ///
    /// - Parameter path: What errors call the signature or the identity.
    /// - Returns: The officer and the signature's file.
    /// - Throws: ``EscrowError/notAnOfficer(path:_:)``, ``EscrowError/signedAlready(path:_:)``,
    ///   ``EscrowError/signature(path:_:)``, ``EscrowError/file(_:)``
    package func file(_ signature: SSHSignature, from path: String) throws(EscrowError) -> (Officer, FilePath) {
        guard let officer = signers.first(where: { $0.key == signature.signer }) else {
            throw .escrowIsDamaged(
                path: path,
                finding: "signed with \(signature.signer.fingerprint), which is no officer's key here"
            )
        }
        do {
            try signature.verify(bytes, namespace: format.namespace)
        } catch {
            throw .signature(path: path, error)
        }
        guard !signed.contains(officer) else {
            throw .signedAlready(path: self.path.string, officer.name)
        }
        let file = FiledSignature.path(of: self.path, by: officer.name)
        try orThrow { () throws(FileError) in
            try Files.create(file, signature.armored, permissions: .publicFile)
        }
        return (officer, file)
    }
}
