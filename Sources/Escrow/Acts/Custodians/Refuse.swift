// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding
package import SystemPackage

/// A custodian or an officer objects to a request, with a reason: the restore stops unless officers override it.
///
/// docs/format.md, section 4.18.
package struct Refuse {
    private let escrow: FilePath
    private let request: String?
    private let identity: IdentityOnDisk
    private let reason: String?
    private let parcel: FilePath?
    private let now: Timestamp

    /// - Parameters:
    ///   - escrow: A directory, or a parcel of the escrow.
    ///   - request: The first digits of the request's ID; the open one when not given.
    ///   - reason: Why, when it was said beforehand.
    ///   - parcel: Where the refusal goes as one file to send; a free name when it goes nowhere else.
    package init(
        _ escrow: FilePath,
        request: String?,
        by identity: IdentityOnDisk,
        because reason: String?,
        parcel: FilePath?,
        now: Timestamp
    ) {
        (self.escrow, self.request, self.identity) = (escrow, request, identity)
        (self.reason, self.parcel, self.now) = (reason, parcel, now)
    }

    package func run(attended attendance: any Attendance) throws(EscrowError) {
        var outbox = try Outbox(of: identity.name, to: parcel, attended: attendance)
        let named = try NamedEscrow.one(at: escrow, attended: attendance)
        let directory = try named.directory()
        let epoch = try ActingOfficer(identity).chain(of: directory).requireInForce().document
        try checkBelongs(to: epoch.manifest)
        try ClockRule.check(epoch, at: now)
        let review = try epoch.request(request, at: now)
        guard review.isOpen(at: now) else {
            throw .request(review.identifier, .expired(review.request.document.expires, now: now))
        }
        attendance.tell(.asksOfAll(review))
        let reason = try attendance.reason(reason, for: .reasonToRefuse)
        if let earlier = review.refusals.compactMap({ $0.refusal(of: review.request) })
            .first(where: { $0.document.name == identity.name && $0.document.reason == reason })
        {
            let request = review.identifier
            attendance.tell(.refused(escrow: directory.shown, request: request, identity.name, isNew: false))
            try outbox.sendAgain(earlier.identifier, in: epoch, of: directory)
            return try outbox.finish(about: "a refusal by \(identity.name)")
        }
        if attendance.isAnybodyThere {
            try attendance.confirm(.refuse(request: review.identifier))
        }
        let refusal = Refusal(by: identity.name, of: review.request, because: reason, at: now)
        let signed = try identity.use(attended: attendance) { SignedDocument(refusal, in: epoch, by: $0) }
        try outbox.send(
            signed,
            in: epoch,
            of: directory,
            as: .refusal,
            answering: review.identifier,
            telling: .custodian(.refused(escrow: directory.shown, request: review.identifier, identity.name))
        )
        try outbox.finish(about: "a refusal by \(identity.name)")
    }

    private func checkBelongs(to manifest: Manifest) throws(EscrowError) {
        let keys = [
            manifest.person(named: identity.name)?.signingKey,
            manifest.approval.officer(named: identity.name)?.key,
        ].compactMap(\.self)
        guard !keys.isEmpty else {
            throw .person(.neitherCustodianNorOfficer(path: identity.path, identity.name))
        }
        guard keys.contains(identity.file.signingKey) else {
            throw .person(.identityIsNotThePerson(path: identity.path, identity.name))
        }
    }
}
