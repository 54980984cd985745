// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import SystemPackage

/// What was read of an escrow for its audit, once and unchanged since: every check is a function of it.
struct AuditReading: Sendable {
    let directory: EscrowDirectory
    let input: AuditInput
    /// Every epoch, in the directory's order.
    let epochs: [EpochReading]
    /// The epochs together, and who has approved them.
    let chain: ChainReading
    /// The epoch that the report is about; nothing when none can be read.
    let subject: EpochApproval?
    /// What the anchor makes of the subject; nothing without an anchor.
    let anchored: AnchorOutcome?
    /// The PKCS#12 file of the subject; nothing when its absence is meant.
    let keyFile: Result<KeyFileReading, EscrowError>?
    /// The archive of the CA's state; nothing when the subject names none, or its absence is meant.
    let archive: Result<ArchiveReading, EscrowError>?
    private let unreadParts: [AuditSource: [EscrowError]]

    /// Reads an escrow.
    ///
    /// - Throws: ``EscrowError`` only when there is no escrow to read, or no epoch of the number asked for.
    init(of path: FilePath, with input: AuditInput) throws(EscrowError) {
        var directory = try EscrowDirectory(at: path)
        var chain = ChainReading(of: directory, input)
        if let checked = directory.refusingShares(of: directory.documents.filter(chain.isComputed)) {
            directory = checked
            chain = ChainReading(of: checked, input)
        }
        if let epoch = input.epoch {
            _ = try chain.epochs.approval(epoch)
        }
        let epochs = directory.epochs.map { EpochReading($0, in: directory, chain, at: input.time) }
        let subject = chain.subject(input.epoch)
        self.directory = directory
        self.input = input
        self.epochs = epochs
        self.chain = chain
        self.subject = subject
        anchored = input.anchor.flatMap { anchor in
            subject.map { anchor.outcome(of: $0, at: directory.path.string, now: input.time) }
        }
        let document = input.isWithoutPKCS12 ? nil : subject?.document
        keyFile = document.map { KeyFileReading.of($0, input, escrow: directory.path) }
        archive = document.flatMap { ArchiveReading.of($0, input, escrow: directory.path) }
        var unread: [AuditSource: [EscrowError]] = [:]
        // A draft changes no verdict, and neither does what of it cannot be read, unless it may hide a secret.
        for epoch in epochs {
            let isLookedAt = epoch.content.map { chain.isLookedAt($0.document) } ?? true
            unread.merge(epoch.unread.filter { isLookedAt || $0.key == .places }) { $0 + $1 }
        }
        unread[.signatures] = chain.unread
        unread[.keyFile] = keyFile?.failures.filter(\.isUnread)
        unread[.archive] = archive?.failures.filter(\.isUnread)
        unreadParts = unread
    }

    /// Why something of a part could not be read; none when all of it was.
    func unread(_ source: AuditSource) -> [EscrowError] { unreadParts[source] ?? [] }

    /// Why what suspends, or ends a suspension, could not be read.
    var unreadOfSuspensions: [EscrowError] { AuditSource.ofSuspensions.flatMap(unread(_:)) }

    /// Why something could not be read, of all parts.
    var allUnread: [EscrowError] { AuditSource.allCases.flatMap(unread(_:)) }

    /// What was read of epochs whose manifest holds, drafts included.
    var contents: [EpochReading.Content] { epochs.compactMap(\.content) }

    /// Contents of the epochs that are looked at: drafts change no verdict.
    var countedContents: [EpochReading.Content] { contents.filter { chain.isLookedAt($0.document) } }

    /// How a check of every epoch ends in which nothing was found: it is not made of an epoch whose manifest is refused,
    /// nor where there is no epoch.
    var passUnlessRefused: AuditOutcome {
        guard !epochs.contains(where: \.isRefused) else {
            return .notChecked("a manifest is refused")
        }
        return contents.isEmpty ? noSubject : .pass
    }

    /// How a check of the epoch that the report is about ends; it is not made where there is none.
    func ofSubject(_ check: (EpochApproval) -> AuditOutcome) -> AuditOutcome { subject.map(check) ?? noSubject }

    /// How a check of the epoch that the report is about ends when there is none.
    var noSubject: AuditOutcome {
        let unread = chain.epochs.unread.map(\.error).filter(\.isUnread)
        return unread.isEmpty ? .notChecked("no epoch can be read") : .notRead(unread)
    }

    /// What was read of the epoch that the report is about.
    var content: EpochReading.Content? { contents.first { $0.document.digest == subject?.document.digest } }

    /// What was added to the epoch that the report is about.
    var evidence: Evidence? { content?.evidence }

    /// Certificates that were added, to any epoch.
    var added: [Filed<AddedCertificate>] { countedContents.flatMap { (try? $0.added.get()) ?? [] } }
}
