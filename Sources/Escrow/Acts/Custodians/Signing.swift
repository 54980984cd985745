// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Custody
package import Encoding
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
    package let signers: [Signer]
    /// Who has.
    package let signed: [Signer]
    /// When a signature comes too late; nothing when it never does.
    package var expires: Timestamp?
    /// The officer who is said to ask and has not signed, and for which request: until they do, nobody else is asked to.
    package var unasked: (officer: Name, request: String)?
    /// What a manifest changes of the epoch in force; nothing of a first one.
    package var changes: [ManifestChange] = []
    /// What keeps everybody from signing it.
    package var refusal: EscrowError?
    /// Other epochs of its number: nobody signs two of them.
    package var rivals: [EpochApproval] = []

    package var digest: SHA256Digest { SHA256Digest(of: bytes) }

    /// What in an escrow somebody could sign: epochs that follow the one in force, and what was added to it.
    ///
    /// While approved epochs exclude one another, only records that end it can be signed.
    ///
    /// - Parameter now: What is dated after it cannot be signed.
    /// - Throws: ``EscrowError``
    package static func all(in chain: EpochChain, at now: Timestamp) throws(EscrowError) -> [SignableDocument] {
        if let dispute = chain.dispute {
            var found: [SignableDocument] = []
            for approval in chain.all
            where approval.isApproved && !chain.epochs.contains(where: { $0.isSame(as: approval) }) {
                found += try voids(in: approval.document, at: now)
            }
            return dispute.branches.isEmpty ? [] : found
        }
        var found: [SignableDocument] = []
        let inForce = chain.inForce
        for approval in chain.nextDrafts + [inForce].compactMap(\.self) {
            found.append(try manifest(approval, in: chain, at: now))
        }
        if let inForce {
            let epoch = inForce.document
            found += try requests(in: epoch, at: now)
            found += try addedCertificates(in: epoch, at: now)
            found += try suspensions(in: epoch, after: chain.line(to: inForce), at: now)
            found += try reinstatements(in: epoch, at: now)
            found += try voids(in: epoch, at: now)
        }
        return found
    }

    private static func manifest(
        _ approval: EpochApproval,
        in chain: EpochChain,
        at now: Timestamp
    ) throws(EscrowError) -> SignableDocument {
        let document = approval.document
        let manifest = document.manifest
        var signers = manifest.approval.officers
        if let before = approval.previous?.manifest {
            signers += before.approval.officers.filter { !signers.contains($0) }
            // Custodians of the epoch before may stand in for its officers.
            let custodians = before.people.map(\.signer)
            signers += custodians.filter { !signers.contains($0) }
        }
        let changes = approval.previous.map { ManifestChange.all(from: $0.manifest, to: manifest) } ?? []
        let suspensions = try Suspensions(in: chain.line(to: approval), at: now)
        let state = approval.isApproved ? "the manifest of epoch" : "a draft, epoch"
        return SignableDocument(
            path: document.manifestPath,
            bytes: document.bytes,
            format: .manifest,
            title: "\(state) \(manifest.epoch) of \(manifest.certificate.subject), \(manifest.created.forPeople)",
            details: details(of: approval, changes, suspensions),
            signers: signers,
            signed: approval.signers,
            changes: changes,
            refusal: refusal(of: approval, suspensions, at: now),
            rivals: chain.all.filter { $0.document.manifest.epoch == manifest.epoch && !$0.isSame(as: approval) }
        )
    }

    /// What keeps everybody from signing a draft: a rule of succession, its date, or a share for somebody suspended.
    private static func refusal(
        of approval: EpochApproval,
        _ suspensions: Suspensions,
        at now: Timestamp
    ) -> EscrowError? {
        let document = approval.document
        guard !approval.isApproved else {
            return nil
        }
        if let fault = approval.successionFault {
            return .succession(path: document.path.string, epoch: document.manifest.epoch, fault)
        }
        do throws(EscrowError) {
            try ClockRule.check(document, at: now)
            try suspensions.refuse(document.manifest.receivers(after: approval.previous?.manifest))
            return nil
        } catch {
            return error
        }
    }

    private static func addedCertificates(
        in epoch: EpochDocument,
        at now: Timestamp
    ) throws(EscrowError) -> [SignableDocument] {
        try epoch.filed(AddedCertificate.self).documents.map { filed in
            let certificate = filed.document.certificate
            return SignableDocument(
                filed,
                title: "a certificate that joins epoch \(epoch.manifest.epoch): \(certificate.subject), SHA-256 "
                    + SHA256Digest(of: certificate.der).grouped,
                details: certificate.particulars,
                at: now
            )
        }
    }

    /// Suspensions of people whom officers took back before: docs/format.md, section 5.12.
    private static func suspensions(
        in epoch: EpochDocument,
        after line: [EpochApproval],
        at now: Timestamp
    ) throws(EscrowError) -> [SignableDocument] {
        let here = try epoch.filed(Suspension.self).documents.map(\.digest)
        return try Suspensions(in: line, at: now).waiting.filter { here.contains($0.digest) }.map { filed in
            let document = filed.document
            return SignableDocument(
                filed,
                title: "that \(document.custodian) is suspended, asked by \(document.officer)",
                details: [
                    "because \(document.because.rawValue)", "officers took \(document.custodian) back before",
                ],
                at: now
            )
        }
    }

    private static func reinstatements(
        in epoch: EpochDocument,
        at now: Timestamp
    ) throws(EscrowError) -> [SignableDocument] {
        try epoch.filed(Reinstatement.self).documents.map { filed in
            let document = filed.document
            let suspensions = ((try? epoch.filed(Suspension.self).documents) ?? []).filter {
                document.suspensions.contains($0.digest)
            }
            return SignableDocument(
                filed,
                title: "that suspensions of \(document.name) end, asked by \(document.officer)",
                details: ["because \(document.reason)"]
                    + suspensions.map { filed in
                        let suspension = filed.document
                        return "ends: \(suspension.because.rawValue), \(suspension.created.forPeople), "
                            + "by \(suspension.officer)"
                    }
                    + ["ends \(document.suspensions.count) in all"],
                unasked: filed.isAsked ? nil : (document.officer, filed.identifier),
                at: now
            )
        }
    }

    private static func voids(in epoch: EpochDocument, at now: Timestamp) throws(EscrowError) -> [SignableDocument] {
        try epoch.filed(VoidRecord.self).documents.map { filed in
            let document = filed.document
            return SignableDocument(
                filed,
                title: "that the branch which begins with \(document.branch.short)… does not count, and "
                    + "\(epoch.digest.short)… does, asked by \(document.officer)",
                details: ["because \(document.reason)"],
                unasked: filed.isAsked ? nil : (document.officer, filed.identifier),
                at: now
            )
        }
    }

    /// Requests, and overrides of refusals, of an epoch in force.
    private static func requests(in epoch: EpochDocument, at now: Timestamp) throws(EscrowError) -> [SignableDocument] {
        var found: [SignableDocument] = []
        for review in try epoch.requests() {
            let request = review.request.document
            found.append(
                SignableDocument(
                    review.request,
                    title: "a request for shares of \(epoch.manifest.certificate.subject), by \(request.officer)",
                    details: details(of: review),
                    expires: request.expires,
                    unasked: review.request.isAsked ? nil : (request.officer, review.identifier),
                    at: now
                )
            )
            for filed in review.openOverrides {
                let refusals = review.covered(by: [filed])
                found.append(
                    SignableDocument(
                        filed,
                        title: "to go on with request \(review.identifier.prefix(8)), although it was refused, "
                            + "by \(filed.document.officer)",
                        details: ["because \(filed.document.reason)"] + refusals.map(\.description),
                        expires: request.expires,
                        unasked: filed.isAsked ? nil : (filed.document.officer, review.identifier),
                        at: now
                    )
                )
            }
        }
        return found
    }

    /// What a request asks, and who refuses it.
    static func details(of review: RequestReview) -> [String] {
        let request = review.request.document
        let covered = Set(review.covered(by: review.overrides).map(\.path))
        return [
            "why \(request.purpose)", "where \(request.destination)", "machine \(request.machine)",
            "from \(request.notBefore.forPeople) until \(request.expires.forPeople)",
        ] + review.refusals.filter { !covered.contains($0.path) }.map(\.description)
            + (review.unlisted.map { ["who has refused cannot be read: \($0)"] } ?? [])
    }

    /// Whether both are manifests of one number of one escrow: nobody signs two of those.
    package func excludes(_ other: SignableDocument) -> Bool {
        rivals.contains { $0.document.digest == other.digest && $0.document.manifestPath == other.path }
    }

    /// Whether a key could sign now and has not.
    package func awaits(_ key: SigningKey, at now: Timestamp) -> Bool {
        notAsked(of: key) == nil && signers.contains { $0.key == key } && !signed.contains { $0.key == key }
            && expires.map { now <= $0 } ?? true
    }

    /// Why this key is not asked: in the name of an officer who has not signed, nobody asks but they.
    package func notAsked(of key: SigningKey) -> EscrowError? {
        if let refusal {
            return refusal
        }
        if let rival = rivals.first(where: { $0.signers.contains { $0.key == key } }),
            let name = signers.first(where: { $0.key == key })?.name
        {
            return .trust(.signedAnother(path: path.string, name, other: rival.document.path.string))
        }
        guard let unasked, !signers.contains(where: { $0.name == unasked.officer && $0.key == key }) else {
            return nil
        }
        return .request(unasked.request, .notAsked(by: unasked.officer))
    }

    /// Files an officer's signature, made here or elsewhere, once it verifies.
    ///
    /// - Parameter path: What errors call the signature or the identity.
    /// - Returns: The officer and the signature's file.
    /// - Throws: ``PersonFault/notAnOfficer(path:_:)``, ``TrustFault/signedAlready(path:_:)``,
    ///   ``EscrowError/signature(path:_:)``, ``EscrowError/file(_:)``
    package func file(_ signature: SSHSignature, from path: String) throws(EscrowError) -> (Signer, FilePath) {
        guard let officer = signers.first(where: { $0.key == signature.signer }) else {
            throw .directory(
                .escrowIsDamaged(
                    path: path,
                    finding: "signed with \(signature.signer.fingerprint), which is no officer's key here"
                )
            )
        }
        try orThrow(signature.verify(bytes, namespace: format.namespace)) { .signature(path: path, $0) }
        if format == .manifest {
            // The first signature makes everybody compute what this shows.
            try EpochDocument(bytes, in: self.path.removingLastComponent()).checkShares()
        }
        guard !signed.contains(officer) else {
            throw .trust(.signedAlready(path: self.path.string, officer.name))
        }
        let file = FiledSignature.path(of: self.path, by: officer.name)
        try orThrow(Files.create(file, signature.armored, permissions: .publicFile))
        return (officer, file)
    }
}

extension SignableDocument {
    /// A document that was added to an epoch, whose officers sign it.
    ///
    /// - Parameters:
    ///   - details: What it decides; who has signed it comes behind.
    ///   - now: What is dated after it cannot be signed.
    private init<Document: AddedDocument>(
        _ filed: Filed<Document>,
        title: String,
        details: [String],
        expires: Timestamp? = nil,
        unasked: (officer: Name, request: String)? = nil,
        at now: Timestamp
    ) {
        (path, bytes, format) = (filed.path, filed.bytes, Document.format)
        (self.title, self.expires, self.unasked) = (title, expires, unasked)
        self.details = details + [Self.signedSoFar(filed.signatures.signed)]
        (signers, signed) = (filed.approval.officers, filed.signatures.signed)
        let created = filed.document.created
        if ClockRule.isAhead(created, of: now) {
            refusal = .trust(.clockIsWrong(newest: created, path: path.string, now: now))
        }
    }
}
