// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import SecretSharing

/// What people have added to the epoch that a report is about, row by row.
struct ReportedEvidence: Sendable {
    /// In the order of people.
    let custodians: [Custodian]
    /// The newest challenge that counts.
    let challenge: Filed<Challenge>?
    /// Whether there is any challenge, of whomever.
    let isChallenged: Bool
    /// By time.
    let requests: [AskedRestore]
    /// Of every epoch of the set, by time.
    let restores: [RestoreRecord]
    /// Of this epoch, by the moments that count.
    let drills: [CountedDrill]

    struct Custodian: Sendable {
        let name: Name
        let path: Path
        /// Whether the card is here, and is the one that the manifest names.
        let hasCard: Bool
        let receipt: Timestamp?
        /// When their proof was made that answers the newest challenge among those that they have answered; and when
        /// that challenge was, which is the proof's age.
        let answer: (proven: Timestamp, asked: Timestamp)?
        let suspension: Suspension?
        /// Whether the answer is one to the newest challenge that counts.
        let isProven: Bool
        /// When their share last was part of a drill; nothing when it never was.
        let drilled: Timestamp?
    }

    struct AskedRestore: Sendable {
        let identifier: String
        let request: Request
        let signed: [Name]
        let needed: Int
        let isApproved: Bool
        let isOpen: Bool
        let released: [Name]
        /// Whatever refuses it, and whether an approved override covers that.
        let refused: [Refused]
        /// Why it cannot be known who refuses it.
        let unlisted: String?
        let restored: Timestamp?
        let drilled: Timestamp?
    }

    /// A file that refuses a request.
    struct Refused: Sendable {
        /// Who refuses; of a file that does not verify, whom its name says.
        let name: Name
        /// What they give for a reason; nothing of a file that does not verify.
        let reason: String?
        /// What is wrong with a file that does not verify.
        let finding: String?
        let isOverridden: Bool
    }

    init(_ evidence: Evidence, in audit: Audit) {
        let manifest = evidence.epoch.manifest
        let admitted = evidence.admittedChallenges(by: audit.input.anchor)
        let newest = admitted.max { $0.document.created < $1.document.created }
        let cardFaults = audit.reading.content?.cardFaults ?? [:]
        let drills = evidence.countedDrills(by: audit.input.anchor)
        self.drills = drills
        custodians = manifest.people.map { person in
            let answer = evidence.newestProof(of: person.name, answering: admitted)
            return Custodian(
                name: person.name,
                path: manifest.policy.path(of: person.name) ?? .root,
                hasCard: cardFaults[person.name] == nil,
                receipt: evidence.receipt(of: person.name)?.document.created,
                answer: answer.map { ($0.proof.document.created, $0.challenge.document.created) },
                suspension: evidence.suspension(of: person.name)?.document,
                isProven: answer != nil && answer?.challenge.digest == newest?.digest,
                drilled: drills.last { $0.receipt.document.custodians.contains(person.name) }?.time
            )
        }
        challenge = newest
        isChallenged = !evidence.challenges.documents.isEmpty
        requests = evidence.requests.map { AskedRestore($0, evidence, at: audit.input.time) }
            .sorted { ($0.request.created, $0.identifier) < ($1.request.created, $1.identifier) }
        // Epochs of one set have one password: a restore of any of them has used it.
        let ofSet = audit.evidence.values.filter { $0.epoch.manifest.set == manifest.set }
        restores = ofSet.flatMap(\.restores.documents)
            .sorted { ($0.document.created, $0.identifier) < ($1.document.created, $1.identifier) }
            .map(\.document)
    }

    /// Custodians without a receipt.
    var withoutReceipt: [Name] { custodians.filter { $0.receipt == nil }.map(\.name) }

    /// Custodians who have not answered the newest challenge that counts.
    var unproven: [Name] { custodians.filter { !$0.isProven }.map(\.name) }

    var suspended: [Custodian] { custodians.filter { $0.suspension != nil } }
}

extension ReportedEvidence.AskedRestore {
    fileprivate init(_ review: RequestReview, _ evidence: Evidence, at now: Timestamp) {
        let request = review.request
        let standing = Set(review.standingRefusals(at: now).map(\.path))
        identifier = review.identifier
        self.request = request.document
        signed = review.signed
        needed = evidence.epoch.manifest.approval.threshold
        isApproved = review.isApproved
        isOpen = review.isOpen(at: now)
        released = evidence.releases.documents.filter { $0.document.request == request.digest }
            .map(\.document.custodian)
        refused = review.refusals.map { ReportedEvidence.Refused($0, isOverridden: !standing.contains($0.path)) }
        unlisted = review.unlisted.map { "\($0)" }
        restored = evidence.restores.documents.first { $0.document.request == request.digest }?.document.created
        drilled = evidence.drills.documents.first { $0.document.request == request.digest }?.document.created
    }

    /// How far it has come, in words.
    var state: String {
        let approval =
            if isApproved {
                "approved"
            } else if signed.count < needed {
                "signed by \(signed.count) of \(needed) officers"
            } else {
                "\(RequestError.notAsked(by: request.officer))"
            }
        if let restored {
            return "\(approval), restored on \(restored.date)"
        }
        if let drilled {
            return "\(approval), drilled on \(drilled.date)"
        }
        if unlisted != nil {
            return "\(approval), nobody knows whether it is refused"
        }
        if refused.contains(where: { !$0.isOverridden }) {
            return "\(approval), refused"
        }
        return "\(approval), \(isOpen ? "open until" : "expired on") \(request.expires.forPeople)"
    }
}

extension ReportedEvidence.Refused {
    fileprivate init(_ file: RefusalFile, isOverridden: Bool) {
        self.isOverridden = isOverridden
        switch file.refusal {
        case .success(let filed):
            (name, reason, finding) = (filed.document.name, filed.document.reason, nil)
        case .failure(let error):
            (name, reason, finding) = (file.name.who, nil, "\(error)")
        }
    }
}

extension CountedDrill {
    /// What shows it, and whose word its age is.
    var grounds: String {
        let signature = isSigned ? "signed by the CA's key" : "the CA's key has not signed"
        let witness = challenge.map { "answers challenge \($0.identifier.prefix(8)) of \($0.document.auditor.name)" }
        return "\(signature), \(witness ?? "no challenge that counts: the date is not proven")"
    }
}
