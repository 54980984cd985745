// SPDX-License-Identifier: Apache-2.0

package import Custody
import SystemPackage

/// A request with all that decides whether it may be answered: approval, refusals, and officers who set them aside.
package struct RequestReview: Sendable {
    package let request: Filed<Request>
    package let epoch: EpochDocument
    /// Those who object, ordered by their files' names.
    package let refusals: [Filed<Refusal>]
    /// Overrides of this request that officers to the threshold have signed, and among them who asks for it.
    package let overrides: [Filed<VetoOverride>]
    /// Overrides that wait for signatures.
    package let openOverrides: [Filed<VetoOverride>]

    init(
        _ request: Filed<Request>,
        in epoch: EpochDocument,
        _ refusals: [Filed<Refusal>],
        _ overrides: [Filed<VetoOverride>]
    ) {
        self.request = request
        self.epoch = epoch
        self.refusals = refusals.filter { $0.document.request == request.digest }
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

    /// Whether officers to the threshold have signed it, and among them who asks.
    package var isApproved: Bool { request.isApproved(by: epoch.manifest.approval) }

    /// Refusals that no approved override names.
    package var standingRefusals: [Filed<Refusal>] {
        let named = Set(overrides.flatMap(\.document.refusals))
        return refusals.filter { !named.contains($0.digest) }
    }

    package func isOpen(at now: Timestamp) -> Bool { now <= request.document.expires }

    /// Holds it against its officers, the time, and those who object.
    ///
    /// - Throws: ``EscrowError/request(_:_:)``
    package func check(at now: Timestamp) throws(EscrowError) {
        try checkTimeAndApproval(at: now)
        if let refusal = standingRefusals.first?.document {
            throw failure(.refused(by: refusal.name, refusal.created, refusal.reason))
        }
    }

    /// The same, whoever objects: before officers set a refusal aside.
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

    private func failure(_ error: RequestError) -> EscrowError { .request(identifier, error) }
}

/// A document in which an officer asks for something: it says who, and their signature must say so, too.
protocol AskingDocument: AddedDocument {
    /// Who asks.
    var officer: Name { get }
}

extension Request: AskingDocument {}

extension VetoOverride: AskingDocument {}

extension Filed where Document: AskingDocument {
    /// Whether the officer whom it names has signed it: before, anybody may have written it.
    var isAsked: Bool { signatures.signed.contains { $0.name == document.officer } }

    func isApproved(by approval: Approval) -> Bool { isAsked && signatures.satisfies(approval) }
}

/// Why a request is not answered.
package enum RequestError: Error, Equatable {
    case notApproved(signed: [Name], needed: Int, missing: [Name])
    /// The officer whom it names has not signed it.
    case notAsked(by: Name)
    case notYet(Timestamp, now: Timestamp)
    case expired(Timestamp, now: Timestamp)
    case refused(by: Name, Timestamp, String)
    case anotherManifest(found: SHA256Digest, acknowledged: SHA256Digest)
    case keyIsAnother(path: String)
}

extension RequestError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notApproved(let signed, let needed, let missing):
            "signed by \(signed.count) of \(needed) officers"
                + (signed.isEmpty ? "" : " (\(EscrowError.list(signed)))")
                + ": \(needed - signed.count) more needed of (\(EscrowError.list(missing)))"
        case .notAsked(let name): "\(name), who is said to ask, has not signed it"
        case .notYet(let time, let now): "not before \(time.forPeople) (this machine: \(now.forPeople))"
        case .expired(let time, let now): "expired \(time.forPeople) (this machine: \(now.forPeople))"
        case .refused(let name, let time, let reason):
            "refused by \(name) on \(time.description.prefix(10)): '\(reason)'"
        case .anotherManifest(let found, let acknowledged):
            "for manifest \(found.short)…, but you acknowledged \(acknowledged.short)…"
        case .keyIsAnother(let path): "\(path) is not the key that it asks releases for"
        }
    }
}

extension EpochDocument {
    /// Every request of this epoch with what decides it.
    ///
    /// - Throws: ``EscrowError/file(_:)``
    package func requests() throws(EscrowError) -> [RequestReview] {
        let refusals = try filed(Refusal.self).documents
        let overrides = try filed(VetoOverride.self).documents
        return try filed(Request.self).documents.map { RequestReview($0, in: self, refusals, overrides) }
    }

    /// One request: the one whose ID begins so, or the only one that is open.
    ///
    /// - Parameter prefix: Some digits of the ID; nothing for the only open one.
    /// - Throws: ``EscrowError/noSuchDocument(kind:_:escrow:)``, ``EscrowError/ambiguousDocument(kind:_:_:)``; for one
    ///   that is here but is refused, why.
    package func request(_ prefix: String?, at now: Timestamp) throws(EscrowError) -> RequestReview {
        let all = try requests()
        let found = all.filter { review in
            prefix.map { review.identifier.hasPrefix($0) } ?? review.isOpen(at: now)
        }
        guard found.count <= 1 else {
            throw .ambiguousDocument(kind: "request", prefix ?? "", found.map(\.identifier))
        }
        guard let review = found.first else {
            if let fault = try filed(Request.self).faults.first {
                throw fault
            }
            if prefix == nil, let late = all.max(by: { $0.request.document.expires < $1.request.document.expires }) {
                throw .request(late.identifier, .expired(late.request.document.expires, now: now))
            }
            throw .noSuchDocument(kind: "request", prefix ?? "", escrow: path.string)
        }
        return review
    }

    /// One challenge: the one whose ID begins so, or the only one that is open.
    ///
    /// - Throws: As ``request(_:at:)`` does.
    package func challenges(_ prefix: String?, at now: Timestamp) throws(EscrowError) -> [Filed<Challenge>] {
        let all = try filed(Challenge.self)
        let found = all.documents.filter { filed in
            prefix.map { filed.identifier.hasPrefix($0) } ?? (now <= filed.document.expires)
        }
        guard prefix == nil || found.count <= 1 else {
            throw .ambiguousDocument(kind: "challenge", prefix ?? "", found.map(\.identifier))
        }
        if prefix != nil, found.isEmpty {
            throw all.faults.first ?? .noSuchDocument(kind: "challenge", prefix ?? "", escrow: path.string)
        }
        return found
    }
}
