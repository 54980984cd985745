// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Files
import SystemPackage

/// A request whose releases are here: docs/format.md, section 5.9.
struct AnsweredRequest {
    let review: RequestReview
    let key: IdentityOnDisk
    let releases: [(path: String, release: ReleaseBox)]
    let now: Timestamp

    /// What the record keeps when somebody had refused.
    var veto: RestoreRecord.Override? {
        let overrides = review.countedOverrides(at: now)
        guard !review.refusals.isEmpty, let first = overrides.first?.document.reason else {
            return nil
        }
        let all = overrides.map(\.document.reason).joined(separator: "; ")
        let reason = TextRule.allows(all) ? all : first
        return RestoreRecord.Override(code: .veto, reason: reason)
    }

    /// Erases the key: the releases open nothing any more.
    func eraseKey(attended attendance: any Attendance) {
        do throws(FileError) {
            try Files.erase(FilePath(key.path))
            attendance.tell(.requestKeyErased(key.path))
        } catch {
            attendance.tell(.requestKeyNotErased(error))
        }
    }
}

// Custodians who are elsewhere: a request, its key, and what they released to it.
extension Opening.Found {
    /// The request, checked, with its key and releases.
    ///
    /// - Throws: Why it may not be answered, or what of it is not what it should be.
    func answeredRequest(
        _ given: Opening.AnsweringRequest,
        attended attendance: any Attendance
    ) throws(EscrowError) -> AnsweredRequest {
        var review = try document.request(given.identifier, at: now)
        try review.checkTimeAndApproval(at: now)
        if act.overrides.codes.contains(.veto) {
            guard !review.refusals.isEmpty || review.unlisted != nil else {
                throw .trust(.nothingRefused(request: review.identifier, isUnopposed: review.isUnopposed))
            }
            try overrideRefusals(of: review, attended: attendance)
            review = try document.request(given.identifier, at: now)
        }
        try review.check(at: now)
        attendance.tell(.answersRequest(review))
        guard given.key.file.sealingKey == review.request.document.restoreKey else {
            throw .request(review.identifier, .keyIsAnother(path: given.key.path))
        }
        let evidence = try Evidence(of: document, in: directory, at: now)
        var releases: [(path: String, release: ReleaseBox)] = []
        for path in given.releases {
            do throws(EscrowError) {
                let release = try ReleaseBox(at: path, now: now)
                if let record = evidence.suspension(of: release.statement.custodian)?.document {
                    attendance.tell(.releasedBySuspended(path, record))
                }
                releases.append((path.string, release))
            } catch {
                // One that cannot be read is named; others may be enough.
                attendance.tell(.failed(EscrowFailure(error)))
            }
        }
        return AnsweredRequest(review: review, key: given.key, releases: releases, now: now)
    }

    /// Files overrides of all refusals that stand, signed by the officers who are here.
    ///
    /// - Throws: ``TrustFault/overrideWaits(path:_:)`` until enough officers have signed it.
    private func overrideRefusals(
        of review: RequestReview,
        attended attendance: any Attendance
    ) throws(EscrowError) {
        let lists = try review.refusalsToOverride(at: now)
        guard !lists.isEmpty else {
            return  // set aside before
        }
        let approval = document.manifest.approval
        let officers = act.identities.filter { approval.officers.contains($0.signer) }
        guard let first = officers.first else {
            throw .trust(.officersOverride)
        }
        review.standingRefusals(at: now).forEach { attendance.tell(.stands($0)) }
        // What they have signed before waits for the others.
        let waiting = review.openOverrides.filter { open in
            officers.allSatisfy { open.signatures.signed.contains($0.signer) }
        }
        for list in lists where !waiting.contains(where: { Set($0.document.refusals) == Set(list) }) {
            let override = VetoOverride(
                of: list,
                for: review.request,
                by: first.name,
                because: act.overrides.reason,
                at: now
            )
            let signatures = try signatures(of: override, attended: attendance)
            attendance.tell(.filed(.override, try document.file(override, signatures: signatures)))
        }
        guard officers.count >= approval.threshold else {
            let missing = approval.officers.map(\.name).filter { name in !officers.contains { $0.name == name } }
            throw .trust(.overrideWaits(path: act.escrow.string, missing))
        }
    }

    /// The signatures of officers who are here: a record says who took part.
    func signatures<Record: AddedRecord>(
        of record: Record,
        attended attendance: any Attendance
    ) throws(EscrowError) -> [(signer: Name, signature: SSHSignature)] {
        let approval = document.manifest.approval
        return try act.identities.filter { approval.officers.contains($0.signer) }
            .map { officer throws(EscrowError) in
                try officer.sign(record.encoded(), Record.format, attended: attendance)
            }
    }
}

extension ReleaseBox {
    /// Reads a custodian's file.
    fileprivate init(at path: FilePath, now: Timestamp) throws(EscrowError) {
        let wanted = RecognisedFile.document(DocumentFormat.releaseBox.kind)
        self = try wanted.read(path, limit: ByteLimit.document) { bytes throws(EscrowError) in
            try orThrow(Self(canonical: bytes)) { (error: DocumentError) in
                .opening(.releaseFile(path: path.string, "\(error)"))
            }
        }
        try ClockRule.check(statement.created, of: path.string, at: now)
    }
}
