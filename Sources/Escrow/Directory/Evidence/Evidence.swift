// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SystemPackage

/// What people have added to one epoch since it was made, checked: the ground that reports and status stand on.
package struct Evidence: Sendable {
    package let epoch: EpochDocument
    package let receipts: FiledDocuments<Receipt>
    package let challenges: FiledDocuments<Challenge>
    package let proofs: ProofReview
    package let requests: [RequestReview]
    package let requestFaults: [EscrowError]
    /// Every request that is here, whatever its date.
    package let filedRequests: [Filed<Request>]
    package let releases: FiledDocuments<ReleaseStatement>
    package let refusals: RefusalFiles
    package let overrides: FiledDocuments<VetoOverride>
    package let suspensions: FiledDocuments<Suspension>
    package let reinstatements: FiledDocuments<Reinstatement>
    package let voids: FiledDocuments<VoidRecord>
    package let restores: FiledDocuments<RestoreRecord>
    package let drills: FiledDocuments<DrillReceipt>
    /// Those that count in this epoch, from whatever epoch they are.
    package let standingSuspensions: Suspensions
    /// What is dated ahead, and so does not count yet: docs/format.md, section 5.4.
    package let ahead: [(path: FilePath, created: Timestamp)]

    /// What could not be listed or read, by directory of this epoch, and records of those before it.
    package let unread: [String: [EscrowError]]
    private let unlisted: EscrowError?

    /// Reads all of it.
    ///
    /// - Parameters:
    ///   - escrow: Where the epochs before it lie.
    ///   - now: What is dated after it does not count.
    /// - Throws: ``EscrowError/file(_:)`` when a directory cannot be listed.
    package init(of epoch: EpochDocument, in escrow: EscrowDirectory, at now: Timestamp) throws(EscrowError) {
        let chain = escrow.chain()
        guard let approval = chain.approval(of: epoch.digest) else {
            throw .directory(.noSuchEpoch(path: escrow.shown, .digest(prefix: epoch.digest.description)))
        }
        self.init(readingWhatCanBe: epoch, after: chain.line(to: approval), at: now)
        if let unlisted {
            throw unlisted
        }
    }

    /// Reads what can be read, for an audit: ``unread`` says what could not, and nothing may be concluded from that.
    ///
    /// - Parameter line: The epochs up to this one, epoch 1 first; none when they cannot be told.
    package init(readingWhatCanBe epoch: EpochDocument, after line: [EpochApproval], at now: Timestamp) {
        self.epoch = epoch
        let suspensions = Suspensions(readingWhatCanBe: line, at: now)
        standingSuspensions = suspensions
        var reader = EvidenceReader(epoch: epoch, now: now)
        receipts = reader.counted(Receipt.self)
        let asked = reader.read(Challenge.self)
        challenges = reader.counted(asked)
        proofs = reader.counted(ProofReview(of: epoch, answering: asked.documents))
        let requested = reader.read(Request.self)
        filedRequests = requested.documents
        let filed = reader.counted(requested)
        requestFaults = filed.faults
        releases = reader.counted(ReleaseStatement.self)
        // A refusal stops a release whatever its date.
        refusals = reader.noted(RefusalFiles(in: epoch))
        overrides = reader.counted(VetoOverride.self)
        self.suspensions = reader.counted(Suspension.self)
        reinstatements = reader.counted(Reinstatement.self)
        voids = reader.counted(VoidRecord.self)
        restores = reader.counted(RestoreRecord.self)
        drills = reader.counted(DrillReceipt.self)
        ahead = reader.ahead
        unread = reader.unread.merging(suspensions.unread) { mine, others in
            mine + others.filter { !mine.contains($0) }
        }
        unlisted = reader.unlisted ?? suspensions.unread.values.joined().first
        let (refused, set) = (refusals, overrides.documents)
        requests = filed.documents.map { RequestReview($0, in: epoch, refused, set) }
    }

    /// The newest receipt of a custodian.
    package func receipt(of name: Name) -> Filed<Receipt>? {
        receipts.documents.filter { $0.document.custodian == name }.max { $0.document.created < $1.document.created }
    }

    /// Custodians without a receipt, in the order of people.
    package var withoutReceipt: [Name] {
        epoch.manifest.people.map(\.name).filter { receipt(of: $0) == nil }
    }

    /// The challenges that count: whose signer the anchor admits.
    package func admittedChallenges(by anchor: Anchor?) -> [Filed<Challenge>] {
        guard let anchor else {
            return []
        }
        return challenges.documents.filter { filed in
            let challenge = filed.document
            return !anchor.trusted(among: [challenge.auditor], for: .challenge, at: challenge.created).isEmpty
        }
    }

    /// A custodian's proof that answers the newest challenge, among those that count.
    package func newestProof(
        of name: Name,
        answering challenges: [Filed<Challenge>]
    ) -> (proof: Filed<Proof>, challenge: Filed<Challenge>)? {
        let counted = Set(challenges.map(\.digest))
        return proofs.proofs
            .filter { $0.proof.document.custodian == name && counted.contains($0.challenge.digest) }
            .max { $0.challenge.document.created < $1.challenge.document.created }
    }
}
