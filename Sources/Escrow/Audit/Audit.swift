// SPDX-License-Identifier: Apache-2.0

package import Custody
package import SystemPackage

/// What an auditor brings from outside the escrow.
package struct AuditInput: Sendable {
    /// Whom to believe; without it the verdict is `NOT ANCHORED`.
    package var anchor: Anchor?
    /// The certificate that the escrow should be for.
    package var certificate: CertificateTrust?
    /// The PKCS#12 file or its directory; the escrow's parent when not given.
    package var pkcs12: FilePath?
    /// Whether the PKCS#12 file's absence is meant.
    package var isWithoutPKCS12: Bool
    /// Now, as the caller says it.
    package var time: Timestamp
    /// Another epoch than the one in force.
    package var epoch: Int?

    package init(
        anchor: Anchor?,
        certificate: CertificateTrust?,
        pkcs12: FilePath?,
        isWithoutPKCS12: Bool,
        time: Timestamp,
        epoch: Int?
    ) {
        self.anchor = anchor
        self.certificate = certificate
        self.pkcs12 = pkcs12
        self.isWithoutPKCS12 = isWithoutPKCS12
        self.time = time
        self.epoch = epoch
    }
}

/// Every check of an escrow that needs no secret, made and noted.
package struct Audit: Sendable {
    package let escrow: FilePath
    /// The epoch that the report is about: the one in force, the newest, or the one asked for.
    package internal(set) var subject: EpochApproval?
    /// Every epoch with what its signatures are worth, in order; none when they are no chain.
    package private(set) var approvals: [EpochApproval] = []
    /// Officers of the subject whom the anchor admits.
    package internal(set) var trusted: [Officer] = []
    /// Certificates that were added to the subject.
    package var added: [FiledCertificate] { allAdded.filter { $0.record.manifest == subject?.document.digest } }
    /// The same of every epoch.
    var allAdded: [FiledCertificate] = []
    /// What was added to each epoch, by its manifest's digest; an epoch whose manifest is refused has none.
    package internal(set) var evidence: [SHA256Digest: Evidence] = [:]
    /// Custodians of each epoch whose card is not here, or is another.
    var missingCards: [SHA256Digest: Set<Name>] = [:]
    var published = PublishedCommitments()

    let input: AuditInput
    private var findings: [AuditCheck: [String]] = [:]
    var unchecked: [AuditCheck: AuditOutcome] = [:]

    /// Audits one escrow.
    ///
    /// - Throws: ``EscrowError`` only when there is no escrow to read, or no epoch of the number asked for; all else is
    ///   a finding.
    package init(of path: FilePath, with input: AuditInput) throws(EscrowError) {
        let directory = try EscrowDirectory(at: path)
        if let epoch = input.epoch, !directory.epochs.contains(where: { $0.number == epoch }) {
            throw .noSuchEpoch(path: path.string, epoch)
        }
        escrow = directory.path
        self.input = input
        checkLayout(of: directory)
        checkEpochs(of: directory)
        approvals = checkChain(of: directory)
        checkSubject(among: approvals, in: directory)
    }

    /// How each check ended, in order.
    package var outcomes: [(check: AuditCheck, outcome: AuditOutcome)] {
        AuditCheck.allCases.map { check in
            if let found = findings[check] {
                return (check, .fail(found))
            }
            return (check, unchecked[check] ?? .pass)
        }
    }

    package var verdict: AuditVerdict { AuditVerdict(of: outcomes, isWithoutPKCS12: input.isWithoutPKCS12) }

    /// Notes a finding: the check has failed.
    package mutating func note(_ check: AuditCheck, _ finding: String) {
        findings[check, default: []].append(finding)
    }
}
