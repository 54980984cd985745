// SPDX-License-Identifier: Apache-2.0

import Encoding
import SystemPackage

/// Reads what was added to an epoch, kind by kind, and remembers what could not be read and what is dated ahead.
struct EvidenceReader {
    let epoch: EpochDocument
    let now: Timestamp
    /// What is dated ahead, and so does not count yet: docs/format.md, section 5.4.
    private(set) var ahead: [(path: FilePath, created: Timestamp)] = []
    /// What could not be listed or read, by directory.
    private(set) var unread: [String: [EscrowError]] = [:]
    /// The first directory that could not be listed.
    private(set) var unlisted: EscrowError?

    /// Everything of a kind, whatever its date.
    mutating func read<Document: AddedDocument>(_: Document.Type) -> FiledDocuments<Document> {
        let filed = FiledDocuments<Document>(readingWhatCanBe: epoch)
        note(Document.directoryName, filed.unread, filed.unlisted)
        return filed
    }

    /// What counts of a kind.
    mutating func counted<Document: AddedDocument>(_: Document.Type) -> FiledDocuments<Document> {
        counted(read(Document.self))
    }

    mutating func counted<Document: AddedDocument>(_ filed: FiledDocuments<Document>) -> FiledDocuments<Document> {
        let counted = filed.counted(at: now)
        ahead += counted.ahead.map { ($0.path, $0.document.created) }
        return counted
    }

    /// What refuses requests, with what is dated ahead left in.
    mutating func noted(_ refusals: RefusalFiles) -> RefusalFiles {
        note(Refusal.directoryName, refusals.unread, refusals.unlisted)
        let late = refusals.documents.filter { ClockRule.isAhead($0.document.created, of: now) }
        ahead += late.map { ($0.path, $0.document.created) }
        return refusals
    }

    mutating func counted(_ review: ProofReview) -> ProofReview {
        note(Proof.directoryName, review.unread, review.unlisted)
        let late = review.proofs.filter { ClockRule.isAhead($0.proof.document.created, of: now) }
        ahead += late.map { ($0.proof.path, $0.proof.document.created) }
        return review.counted(at: now)
    }

    private mutating func note(_ directory: String, _ errors: [EscrowError], _ error: EscrowError?) {
        unread[directory, default: []] += errors
        unlisted = unlisted ?? error
    }
}
