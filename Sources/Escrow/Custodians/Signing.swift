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
    /// The officer who is said to ask and has not signed, and for which request: until they do, nobody else is asked to.
    package var unasked: (officer: Name, request: String)?

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
        let previous = approvals.dropLast().last?.document
        let before = previous?.manifest
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
                details: try Self.details(of: newest, after: previous, in: escrow),
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
        // An epoch that waits for officers does not take the one in force out of it.
        var epochs = [document]
        if let inForce = approvals.inForce?.document, inForce.digest != document.digest {
            epochs.append(inForce)
        }
        for epoch in epochs {
            found += try addedCertificates(in: epoch)
        }
        return found
    }

    private static func addedCertificates(in epoch: EpochDocument) throws(EscrowError) -> [SignableDocument] {
        try epoch.filed(AddedCertificate.self).documents.map { filed in
            let certificate = filed.document.certificate
            return SignableDocument(
                path: filed.path,
                bytes: filed.bytes,
                format: .addedCertificate,
                title: "a certificate that joins epoch \(epoch.manifest.epoch): \(certificate.subject), SHA-256 "
                    + SHA256Digest(of: certificate.der).grouped,
                details: certificate.particulars + [signedSoFar(filed.signatures)],
                signers: epoch.manifest.approval.officers,
                signed: filed.signatures.signed
            )
        }
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
                        } + [signedSoFar(review.request.signatures)],
                    signers: officers,
                    signed: review.request.signatures.signed,
                    expires: request.expires,
                    unasked: review.request.isAsked ? nil : (request.officer, review.identifier)
                )
            )
            for filed in review.openOverrides {
                let refusals = review.refusals.filter { filed.document.refusals.contains($0.digest) }
                found.append(
                    SignableDocument(
                        path: filed.path,
                        bytes: filed.bytes,
                        format: .override,
                        title: "to go on with request \(review.identifier.prefix(8)), although it was refused, "
                            + "by \(filed.document.officer)",
                        details: ["because \(filed.document.reason)"]
                            + refusals.map { "refused by \($0.document.name): '\($0.document.reason)'" }
                            + [signedSoFar(filed.signatures)],
                        signers: officers,
                        signed: filed.signatures.signed,
                        expires: request.expires,
                        unasked: filed.isAsked ? nil : (filed.document.officer, review.identifier)
                    )
                )
            }
        }
        return found
    }

    /// Whether a key could sign now and has not.
    package func awaits(_ key: SigningKey, at now: Timestamp) -> Bool {
        notAsked(of: key) == nil && signers.contains { $0.key == key } && !signed.contains { $0.key == key }
            && expires.map { now <= $0 } ?? true
    }

    /// Why this key is not asked: in the name of an officer who has not signed, nobody asks but they.
    package func notAsked(of key: SigningKey) -> EscrowError? {
        guard let unasked, !signers.contains(where: { $0.name == unasked.officer && $0.key == key }) else {
            return nil
        }
        return .request(unasked.request, .notAsked(by: unasked.officer))
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
