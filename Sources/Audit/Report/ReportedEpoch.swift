// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Encoding
import Escrow
import SecretSharing

/// The facts of the epoch that a report is about.
struct ReportedEpoch: Sendable {
    let number: Int
    let authority: String
    let keyKind: String
    let certificate: SHA256Digest
    let occasion: Occasion
    let created: Timestamp
    let manifest: SHA256Digest
    let set: SetIdentifier
    let policy: Policy<Name>
    let approval: Approval
    /// Officers whose signature holds.
    let signed: [Name]
    /// Officers among them whom the anchor admits.
    let trusted: [Name]
    /// Officers among those whose key was valid when they signed, and is not at the time of the audit.
    let expired: [Name]
    /// Officers who have signed and are not in the auditor's file, in words.
    let strangers: [String]
    let added: [(digest: SHA256Digest, isApproved: Bool)]
    /// The keys and certificates that it holds, with those that were added and approved.
    let generations: GenerationLines
    /// Of the CA's state, when it was escrowed.
    let state: StateEntry?
    let title: String?
    let isRehearsal: Bool
    let isRetired: Bool

    init(_ subject: EpochApproval, in audit: Audit) {
        let manifest = subject.document.manifest
        let certificate = manifest.certificate
        number = manifest.epoch
        authority = certificate.subject
        keyKind = certificate.keyKind.map { "\($0)" } ?? "a key of another kind"
        self.certificate = SHA256Digest(of: certificate.der)
        occasion = manifest.occasion
        created = manifest.created
        self.manifest = subject.document.digest
        set = manifest.set
        policy = manifest.policy
        approval = manifest.approval
        signed = subject.signed.map(\.name)
        trusted = audit.trusted.map(\.name)
        if let anchor = audit.input.anchor {
            let valid = anchor.trusted(among: audit.trusted, for: .manifest, at: audit.input.time)
            expired = audit.trusted.filter { !valid.contains($0) }.map(\.name)
            strangers = anchor.strangers(in: subject).map { EscrowError.stranger($0.name, signers: anchor.path) }
        } else {
            (expired, strangers) = ([], [])
        }
        added = audit.added.map { (SHA256Digest(of: $0.document.certificate.der), $0.isApproved) }
        generations = GenerationLines(
            of: manifest.certificates + audit.added.filter(\.isApproved).map(\.document.certificate),
            for: certificate
        )
        state = manifest.state
        title = manifest.title
        isRehearsal = manifest.isRehearsal
        isRetired = manifest.isRetired
    }

    /// Who has signed, in words.
    var signers: String { signed.isEmpty ? "nobody" : signed.listed }
}
