// SPDX-License-Identifier: Apache-2.0

package import Encoding
import Files
package import SystemPackage

/// A request with all that decides whether it may be answered: approval, refusals, and officers who set them aside.
///
/// docs/format.md, sections 4.16, 4.18, 4.19 and 5.9. Refusals and overrides are those of the request's own epoch.
package struct RequestReview: Sendable {
    package let request: Filed<Request>
    package let epoch: EpochDocument
    /// The files whose names say that they refuse it, ordered by these, whether or not they verify.
    package let refusals: [RefusalFile]
    /// Overrides of this request that enough officers have signed, and among them who asks for it.
    package let overrides: [Filed<VetoOverride>]
    /// Overrides that wait for signatures.
    package let openOverrides: [Filed<VetoOverride>]
    /// Files that are called as no refusal is, and stop nothing.
    package let strays: [FilePath]
    /// Why it cannot be known who has refused; nothing may be answered then.
    package let unlisted: EscrowError?

    init(
        _ request: Filed<Request>,
        in epoch: EpochDocument,
        _ refusals: RefusalFiles,
        _ overrides: [Filed<VetoOverride>]
    ) {
        self.request = request
        self.epoch = epoch
        self.refusals = refusals.naming(request)
        strays = refusals.strays
        unlisted = refusals.unlisted
        let mine = overrides.filter { $0.document.request == request.digest }
        let approval = epoch.manifest.approval
        self.overrides = mine.filter { $0.isApproved(by: approval) }
        openOverrides = mine.filter { !$0.isApproved(by: approval) }
    }

    /// The first digits of its name, as people say it.
    package var identifier: String { request.identifier }

    /// Officers who have signed it, and those who have not.
    package var signed: [Name] { request.signatures.signed.map(\.name) }

    package var missing: [Name] {
        epoch.manifest.approval.officers.filter { !request.signatures.signed.contains($0) }.map(\.name)
    }

    /// Whether enough officers have signed it, and among them who asks.
    package var isApproved: Bool { request.isApproved(by: epoch.manifest.approval) }

    /// Whether it may be said that nobody has refused: no file under `refusals/` says otherwise, or might.
    package var isUnopposed: Bool { refusals.isEmpty && strays.isEmpty && unlisted == nil }

    /// Approved overrides whose date has come: one that is dated ahead, or before the manifest, does not count.
    package func countedOverrides(at now: Timestamp) -> [Filed<VetoOverride>] {
        overrides.filter { filed in
            !ClockRule.isAhead(filed.document.created, of: now) && filed.document.created >= epoch.manifest.created
        }
    }

    /// Refusals that stop it: those that no override covers which counts.
    package func standingRefusals(at now: Timestamp) -> [RefusalFile] {
        let covered = Set(covered(by: countedOverrides(at: now)).map(\.path))
        return refusals.filter { !covered.contains($0.path) }
    }

    /// What overrides set aside: the files that they name, and whatever somebody refuses of this request, and whenever,
    /// of whom they name a refusal that verifies.
    package func covered(by overrides: [Filed<VetoOverride>]) -> [RefusalFile] {
        let named = Set(overrides.flatMap(\.document.refusals))
        let verified = refusals.compactMap { $0.refusal(of: request) }
        let people = Set(verified.filter { named.contains($0.digest) }.map(\.document.name))
        return refusals.filter { file in
            file.digest.map(named.contains) == true
                || file.refusal(of: request).map { people.contains($0.document.name) } == true
        }
    }

    package func isOpen(at now: Timestamp) -> Bool { now <= request.document.expires }

    /// Holds it against its officers, the time, and those who object.
    ///
    /// - Throws: ``EscrowError/request(_:_:)``
    package func check(at now: Timestamp) throws(EscrowError) {
        try checkTimeAndApproval(at: now)
        if let unlisted {
            throw failure(.refusalIsUnreadable(finding: "\(unlisted)"))
        }
        if let refusal = standingRefusals(at: now).first {
            throw failure(refusal.error(at: now))
        }
    }

    /// Checks the request, whoever objects: before officers set a refusal aside.
    ///
    /// - Throws: ``EscrowError/request(_:_:)``
    package func checkTimeAndApproval(at now: Timestamp) throws(EscrowError) {
        let document = request.document
        guard request.signatures.satisfies(epoch.manifest.approval) else {
            throw failure(
                .notApproved(signed: signed, needed: epoch.manifest.approval.threshold, missing: missing)
            )
        }
        guard isApproved else {
            throw failure(.notAsked(by: document.officer))
        }
        guard document.notBefore <= now else {
            throw failure(.notYet(document.notBefore, now: now))
        }
        guard now <= document.expires else {
            throw failure(.expired(document.expires, now: now))
        }
    }

    /// What overrides must name to set aside all that stands in the way, one list for each.
    ///
    /// Files that do not verify have one of their own: no parcel is collected with them, nor with an override of them.
    ///
    /// - Throws: ``EscrowError/request(_:_:)`` for what cannot be read: no digest names it.
    package func refusalsToOverride(at now: Timestamp) throws(EscrowError) -> [[SHA256Digest]] {
        if let unlisted {
            throw failure(.refusalIsUnreadable(finding: "\(unlisted)"))
        }
        var (verified, others): ([SHA256Digest], [SHA256Digest]) = ([], [])
        for file in standingRefusals(at: now) {
            guard let digest = file.digest else {
                throw failure(file.error(at: now))
            }
            if file.refusal(of: request) == nil {
                others.append(digest)
            } else {
                verified.append(digest)
            }
        }
        return [verified, others].filter { !$0.isEmpty }
    }

    private func failure(_ error: RequestError) -> EscrowError { .request(identifier, error) }
}

extension EpochDocument {
    /// Every request of this epoch with what decides it.
    ///
    /// - Throws: ``EscrowError/file(_:)``
    package func requests() throws(EscrowError) -> [RequestReview] {
        let refusals = RefusalFiles(in: self)
        let overrides = try filed(VetoOverride.self).documents
        return try filed(Request.self).documents.map { RequestReview($0, in: self, refusals, overrides) }
    }

    /// One request: the one whose ID begins so, or the only one that is open.
    ///
    /// - Parameter prefix: Some digits of the ID; nothing for the only open one.
    /// - Throws: ``DirectoryFault/noSuchDocument(kind:_:escrow:)``, ``DirectoryFault/ambiguousDocument(kind:_:_:)``; for one
    ///   that is here but is refused, why.
    package func request(_ prefix: String?, at now: Timestamp) throws(EscrowError) -> RequestReview {
        let all = try requests()
        let found = all.filter { review in
            prefix.map { review.identifier.hasPrefix(bytesOf: $0) } ?? review.isOpen(at: now)
        }
        guard found.count <= 1 else {
            throw .directory(.ambiguousDocument(kind: "request", prefix ?? "", found.map(\.identifier)))
        }
        guard let review = found.first else {
            if let fault = try filed(Request.self).faults.first {
                throw fault
            }
            if prefix == nil, let late = all.max(by: { $0.request.document.expires < $1.request.document.expires }) {
                throw .request(late.identifier, .expired(late.request.document.expires, now: now))
            }
            throw .directory(.noSuchDocument(kind: "request", prefix ?? "", escrow: path.string))
        }
        return review
    }

    /// One challenge: the one whose ID begins so, or the only one that is open.
    ///
    /// - Throws: As ``request(_:at:)`` does.
    package func challenges(_ prefix: String?, at now: Timestamp) throws(EscrowError) -> [Filed<Challenge>] {
        let all = try filed(Challenge.self)
        let found = all.documents.filter { filed in
            prefix.map { filed.identifier.hasPrefix(bytesOf: $0) } ?? (now <= filed.document.expires)
        }
        guard prefix == nil || found.count <= 1 else {
            throw .directory(.ambiguousDocument(kind: "challenge", prefix ?? "", found.map(\.identifier)))
        }
        if prefix != nil, found.isEmpty {
            throw all.faults.first ?? .directory(.noSuchDocument(kind: "challenge", prefix ?? "", escrow: path.string))
        }
        return found
    }
}
