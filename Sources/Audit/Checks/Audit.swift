// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import Escrow
package import SystemPackage

/// What an auditor brings from outside the escrow.
package struct AuditInput: Sendable {
    /// Whom to believe; without it the verdict is `NOT ANCHORED`.
    package var anchor: Anchor?
    /// The certificates of one of which the escrow should be.
    package var certificates: CertificateInventory
    /// The PKCS#12 file or its directory; the escrow's parent when not given.
    package var pkcs12: FilePath?
    /// Whether the PKCS#12 file's absence is meant.
    package var isWithoutPKCS12: Bool
    /// Now, as the caller says it.
    package var time: Timestamp
    /// An epoch other than the one in force.
    package var epoch: EpochSelector?

    package init(
        anchor: Anchor?,
        certificates: [CertificateTrust],
        pkcs12: FilePath?,
        isWithoutPKCS12: Bool,
        time: Timestamp,
        epoch: EpochSelector?
    ) {
        self.anchor = anchor
        self.certificates = CertificateInventory(certificates)
        self.pkcs12 = pkcs12
        self.isWithoutPKCS12 = isWithoutPKCS12
        self.time = time
        self.epoch = epoch
    }
}

/// Every check of an escrow that needs no secret, made and noted.
public struct Audit: Sendable {
    let reading: AuditReading
    /// How each check ended, in order.
    package private(set) var outcomes: [(check: AuditCheck, outcome: AuditOutcome)]
    /// What the epochs publish, to be held against other escrows.
    let published: PublishedCommitments

    /// Audits one escrow.
    ///
    /// - Throws: ``EscrowError`` only when there is no escrow to read, or no epoch of the number asked for; all else is
    ///   a finding, or was not checked.
    package init(of path: FilePath, with input: AuditInput) throws(EscrowError) {
        let reading = try AuditReading(of: path, with: input)
        self.reading = reading
        outcomes = AuditCheck.allCases.map { ($0, $0.outcome(of: reading)) }
        published = reading.published
    }

    /// What the checks come to.
    public var verdict: AuditVerdict { AuditVerdict(of: outcomes, isWithoutPKCS12: input.isWithoutPKCS12) }

    /// Notes a finding that shows only beside other escrows: the check has failed.
    package mutating func note(_ check: AuditCheck, _ finding: String) {
        for index in outcomes.indices where outcomes[index].check == check {
            outcomes[index].outcome = outcomes[index].outcome.failing(finding)
        }
    }
}

// What reports and status are made of.
extension Audit {
    package var escrow: FilePath { reading.directory.path }
    var input: AuditInput { reading.input }
    /// The epoch that the report is about: the one in force, the newest, or the one asked for.
    package var subject: EpochApproval? { reading.subject }
    /// Every epoch, for what it is; nothing when their signatures cannot be listed.
    package var chain: EpochChain { reading.chain.epochs }
    /// Officers of the subject whom the anchor admits.
    package var trusted: [Signer] {
        if case .anchored(let officers)? = reading.anchored { officers } else { [] }
    }
    /// Certificates that were added to the subject.
    package var added: [Filed<AddedCertificate>] {
        reading.added.filter { $0.document.manifest == subject?.document.digest }
    }
    /// What was added to each epoch, by its manifest's digest; an epoch whose manifest is refused has none.
    package var evidence: [SHA256Digest: Evidence] {
        Dictionary(reading.contents.map { ($0.document.digest, $0.evidence) }) { first, _ in first }
    }
    /// Why something could not be read: nothing may be concluded from its absence.
    package var unread: [String] { EscrowError.reasons(reading.allUnread) }
}
