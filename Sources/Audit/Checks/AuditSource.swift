// SPDX-License-Identifier: Apache-2.0

/// A part of an escrow that an audit reads, and that checks depend on: docs/format.md, section 5.6.
///
/// Of added documents it is called as their directory.
enum AuditSource: String, CaseIterable, Sendable {
    /// Every manifest.
    case manifests
    /// What lies in every directory, and whether a file hides what must not lie there.
    case places
    case cards
    case readmes
    /// Signature files of manifests.
    case signatures
    case receipts
    case challenges
    case proofs
    case requests
    case releases
    case refusals
    case records
    /// The PKCS#12 file.
    case keyFile
    /// The archive of the CA's state.
    case archive

    /// Where suspensions lie, and what ends them.
    static let ofSuspensions: [AuditSource] = [.records, .receipts, .challenges, .proofs]
}

extension AuditCheck {
    /// What must have been read before the check can pass, or can be called not applicable.
    ///
    /// `approval`, `succession`, `anchor` and `certificate` may be settled by what was read: they themselves look at the
    /// signatures and records that could not be read when it does not.
    var sources: [AuditSource] {
        switch self {
        case .layout: [.places]
        case .manifest, .chain, .people, .policy, .commitments, .shares: [.manifests]
        case .approval, .succession, .anchor, .certificate, .validity, .key: [.manifests]
        case .cards: [.manifests, .cards]
        case .readme: [.manifests, .readmes]
        case .clock:
            [.manifests, .receipts, .challenges, .proofs, .requests, .releases, .refusals, .records]
        case .signatures: [.manifests, .signatures]
        case .pkcs12, .protection: [.manifests, .keyFile]
        case .state: [.manifests, .archive]
        case .records: [.manifests, .records, .requests, .refusals, .challenges]
        case .receipts, .equivocation: [.manifests, .receipts]
        case .challenges: [.manifests, .challenges]
        case .proofs: [.manifests, .proofs, .challenges]
        case .requests: [.manifests, .requests]
        case .releases: [.manifests, .releases, .requests]
        case .refusals: [.manifests, .refusals, .requests]
        case .quorum: [.manifests] + AuditSource.ofSuspensions
        }
    }

    /// How the check ends.
    ///
    /// The outcome is total because this switch is: the compiler refuses a check of which nobody says how it ends. None
    /// passes while something that it depends on could not be read; what was found all the same stays a finding.
    func outcome(of reading: AuditReading) -> AuditOutcome {
        let made = made(of: reading)
        if case .fail = made {
            return made
        }
        let unread = sources.flatMap(reading.unread(_:))
        return unread.isEmpty ? made : .notRead(unread)
    }

    /// Whether something that it depends on could not be read.
    func isOpen(in reading: AuditReading) -> Bool { !sources.allSatisfy { reading.unread($0).isEmpty } }

    private func made(of reading: AuditReading) -> AuditOutcome {
        switch self {
        case .layout: reading.layout
        case .manifest, .people, .policy, .commitments, .shares:
            AuditOutcome(findings: reading.refused(by: self), otherwise: reading.passUnlessRefused)
        case .chain: reading.chainOfDigests
        case .cards: reading.cards
        case .readme: reading.readme
        case .clock: reading.clock
        case .signatures: reading.signatures
        case .approval: reading.ofSubject(reading.approval)
        case .succession: reading.succession
        case .anchor: reading.ofSubject(reading.anchor)
        case .certificate: reading.ofSubject(reading.certificate)
        case .validity: reading.ofSubject(reading.validity)
        case .key: reading.ofSubject(reading.key)
        case .pkcs12: reading.ofSubject(reading.pkcs12)
        case .protection: reading.ofSubject(reading.protection)
        case .state: reading.ofSubject(reading.state)
        case .records: reading.records
        case .receipts: reading.receipts
        case .equivocation: reading.equivocation
        case .challenges: reading.challenges
        case .proofs: reading.proofs
        case .requests: reading.requests
        case .releases: reading.releases
        case .refusals: reading.refusals
        case .quorum: reading.quorum
        }
    }
}
