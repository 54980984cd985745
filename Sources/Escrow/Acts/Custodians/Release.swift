// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding
import Files
package import SystemPackage

/// A custodian releases their share to the machine of a request, sealed to this one restore.
///
/// docs/format.md, sections 4.17 and 5.9.
package struct Release {
    private let escrow: FilePath
    private let request: String?
    private let identity: IdentityOnDisk
    private let given: Given
    private let place: FilePath?
    private let isRehearsing: Bool
    private let now: Timestamp

    /// What was said beforehand.
    package struct Given: Sendable {
        /// Digests of manifests.
        package let manifests: [String]
        /// Digests of requests.
        package let requests: [String]

        package init(manifests: [String], requests: [String]) {
            (self.manifests, self.requests) = (manifests, requests)
        }
    }

    /// - Parameters:
    ///   - escrow: A directory, or a parcel of the escrow.
    ///   - request: The first digits of the request's ID; the open one when not given.
    ///   - place: The release's file; a free name in the working directory when not given.
    package init(
        from escrow: FilePath,
        request: String?,
        by identity: IdentityOnDisk,
        given: Given,
        to place: FilePath?,
        isRehearsing: Bool,
        now: Timestamp
    ) {
        (self.escrow, self.request, self.identity, self.given) = (escrow, request, identity, given)
        (self.place, self.isRehearsing, self.now) = (place, isRehearsing, now)
    }

    package func run(attended attendance: any Attendance) throws(EscrowError) {
        let custodian = try ActingCustodian(identity, attended: attendance)
        let named = try NamedEscrow.one(at: escrow, attended: attendance)
        let directory = try named.directory()
        // Whoever acknowledged another manifest is not asked to compare this one now.
        if let epoch = custodian.chain(of: directory).inForce?.document {
            let review = try epoch.request(request, at: now)
            try custodian.checkAcknowledged(epoch, in: directory, for: review.identifier)
        }
        let compared = try custodian.compared(in: directory, given: given.manifests, now: now)
        let epoch = compared.epoch
        try Rehearsal.check(epoch.manifest, isRehearsing: isRehearsing, at: directory.shown)
        let review = try epoch.request(request, at: now)
        let release = try compared.release(to: review, given: given.requests, at: place, attended: attendance)
        guard !directory.isLaidOut else {
            return  // The release carries the statement.
        }
        do throws(EscrowError) {
            attendance.tell(.filed(.statement, try SignedDocument(statementOf: release, in: epoch).file()))
        } catch {
            // The release carries it: the restore files it.
            attendance.tell(.statementOnlyInRelease(error, of: identity.name))
        }
    }
}

extension Acknowledge.Compared {
    /// Checks a request, asks, opens the share, and writes the release.
    ///
    /// - Parameters:
    ///   - given: Digests of requests as they were said beforehand.
    ///   - place: The release's file; a free name in the working directory when not given.
    func release(
        to review: RequestReview,
        given: [String],
        at place: FilePath?,
        attended attendance: any Attendance
    ) throws(EscrowError) -> ReleaseBox {
        try custodian.checkAcknowledged(epoch, in: directory, for: review.identifier)
        try review.check(at: now)
        // An interrupted run left its release here and the rest there.
        [epoch.path, epoch.path.appending(ReleaseStatement.directoryName)].forEach(Leftovers.note)
        if let place {
            try orThrow(Files.requireNothing(at: place))
        }
        let name = FreeName(of: custodian.name, "release", answering: review.identifier, ending: "release")
        try EscrowDirectory.refuseInside(place ?? name.first, as: place?.string ?? ".")
        let evidence = try Evidence(of: epoch, in: directory, at: now)
        try review.checkUnanswered(in: evidence)
        attendance.tell(.asksToRelease(ReleaseQuestion(of: review, to: custodian.name, evidence, at: now)))
        try Comparison.request(identifier: review.identifier)
            .confirm(review.request.digest, given: given, attended: attendance)
        let release = try custodian.identity.use(attended: attendance) { identity throws(EscrowError) in
            try epoch.release(for: review.request, by: identity, at: custodian.identity.path, in: directory, now: now)
        }
        try custodian.remember(epoch, in: directory)
        let file = try name.create(release.encoded(), permissions: [.ownerReadWrite], or: place).path
        attendance.tell(.released(file, to: review.request.document.officer))
        return release
    }
}

extension RequestReview {
    /// - Throws: ``EscrowError/request(_:_:)`` when the key came back for this request, or was drilled for it.
    func checkUnanswered(in evidence: Evidence) throws(EscrowError) {
        if let end = end(in: evidence) {
            throw .request(identifier, end)
        }
    }

    /// Whether the key has not come back for this request, and was not drilled for it.
    func isUnanswered(in evidence: Evidence) -> Bool { end(in: evidence) == nil }

    private func end(in evidence: Evidence) -> RequestError? {
        if let restore = evidence.restores.documents.first(where: { $0.document.request == request.digest }) {
            return .restored(restore.document.created)
        }
        let drill = evidence.drills.documents.first { $0.document.request == request.digest }
        return drill.map { .drilled($0.document.created) }
    }
}

/// All that a custodian is told before they release a share: who asks what and why, and who objects.
package struct ReleaseQuestion: Sendable {
    package let review: RequestReview
    /// What the custodian is called on their card, or else their name.
    package let custodian: String
    /// When they acknowledged the share.
    package let acknowledged: Timestamp?
    /// Why officers go on although somebody refused.
    package let overrides: [String]

    package init(of review: RequestReview, to custodian: Name, _ evidence: Evidence, at now: Timestamp) {
        self.review = review
        self.custodian = review.epoch.fullName(of: custodian)
        acknowledged = evidence.receipt(of: custodian)?.document.created
        overrides = review.countedOverrides(at: now).map(\.document.reason)
    }
}

extension EpochDocument {
    /// What a custodian is called on their card, or else their name.
    package func fullName(of name: Name) -> String {
        card(of: name)?.fullName ?? name.description
    }
}
