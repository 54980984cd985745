// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import SystemPackage

// What is believed, and why: before the first share.
extension Opening.Found {
    /// Finds out who vouches for it, and whether a request may be answered.
    package func trusted(attended attendance: any Attendance) throws(EscrowError) -> Opening.Trusted {
        let trust = try manifestTrust(attended: attendance)
        let answered = try act.request.map { request throws(EscrowError) in
            try answeredRequest(request, attended: attendance)
        }
        let overrides = overrides + [trust.override, answered?.veto].compactMap(\.self)
        return Opening.Trusted(found: self, answered: answered, overrides: overrides)
    }

    private func manifestTrust(attended attendance: any Attendance) throws(EscrowError) -> ManifestTrust {
        if let reason = act.unverified {
            attendance.tell(.nobodyIsReliedOn(reason: reason))
            return .unverified(reason: reason)
        }
        if let fault {
            throw .trust(.needsUnverified(fault))
        }
        if let anchor = act.anchor {
            return .signers(try anchor.check(approval, at: act.escrow.string, now: act.now, attended: attendance))
        }
        for identity in act.identities where ManifestTrust.own(identity.file.signingKey, in: approval) != nil {
            // Only opening it shows that the file's keys are its owner's.
            let key = try identity.use(attended: attendance) { $0.signingKey }
            if let own = ManifestTrust.own(key, in: approval) {
                return own
            }
        }
        guard attendance.isAnybodyThere else {
            throw .trust(.nobodyVouches(path: act.escrow.string, for: .opening))
        }
        let reason = try orThrow(attendance.text(.reasonToBelieve), as: EscrowError.absent)
        guard let reason, TextRule.allows(reason) else {
            throw .trust(.notBelieved(path: act.escrow.string))
        }
        return .unverified(reason: reason)
    }

    /// Why not every epoch up to this one is approved, or another one may be meant; nothing when all is well.
    private var fault: EscrowError? {
        guard approval.isApproved else {
            return approval.notInForce
        }
        if let error = chain.disputeError {
            return error
        }
        return chain.isSetAside(approval.document.digest)
            ? .directory(
                .escrowIsDamaged(path: approval.document.path.string, finding: "another branch of the escrow counts")
            )
            : nil
    }
}

extension EpochApproval {
    /// Whether somebody vouches for it whom the caller knows: officers of an anchor, or whoever acts, by a signature of
    /// their own.
    ///
    /// - Throws: What ``Anchor/check(_:at:now:)`` throws when an anchor is given.
    func isVouched(
        by officer: IdentityOnDisk?,
        _ anchor: Anchor?,
        at escrow: FilePath,
        now: Timestamp,
        attended attendance: any Attendance
    ) throws(EscrowError) -> Bool {
        if let anchor {
            _ = try anchor.check(self, at: escrow.string, now: now, attended: attendance)
            return true
        }
        return officer.flatMap { ManifestTrust.own($0.file.signingKey, in: self) } != nil
    }

    /// Refuses an epoch for which nobody vouches.
    ///
    /// - Throws: ``TrustFault/nobodyVouches(path:for:)``
    func requireVouched(
        by officer: IdentityOnDisk?,
        _ anchor: Anchor?,
        at escrow: FilePath,
        now: Timestamp,
        for purpose: VouchedPurpose,
        attended attendance: any Attendance
    ) throws(EscrowError) {
        guard try isVouched(by: officer, anchor, at: escrow, now: now, attended: attendance) else {
            throw .trust(.nobodyVouches(path: escrow.string, for: purpose))
        }
    }
}

extension Anchor {
    /// Checks as ``check(_:at:)`` does, and tells of officers who are not in the file, or whose keys have ended.
    func check(
        _ approval: EpochApproval,
        at path: String,
        now: Timestamp,
        attended attendance: any Attendance
    ) throws(EscrowError) -> [Signer] {
        for officer in strangers(in: approval) {
            attendance.tell(.stranger(officer.name, signers: self.path))
        }
        let found = try check(approval, at: path, now: now)
        let valid = trusted(among: found, for: .manifest, at: now)
        for officer in found where !valid.contains(officer) {
            attendance.tell(.keyHasEnded(officer.name, signers: self.path))
        }
        return found
    }
}
