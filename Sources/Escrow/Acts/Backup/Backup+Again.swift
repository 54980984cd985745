// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Encoding
import Files
import KeyStores
import SecretSharing
import SystemPackage

// An escrow that is there: nothing to do, a certificate to add, or a new epoch.
extension Backup {
    /// An escrow that was read, and that no other backup works on meanwhile.
    package struct Again: ~Copyable {
        let act: Backup
        // One at a time: two at once would make two epochs of one number.
        let lock: DirectoryLock
        let directory: EscrowDirectory
        let chain: EpochChain
        /// The epoch in force, or the draft of a first escrow.
        let newest: EpochApproval
    }

    /// - Throws: ``BackupFault/isThereAlready(path:)`` for a CA that is made for a rehearsal.
    package func again(attended attendance: any Attendance) throws(EscrowError) -> Again {
        try begin(attended: attendance)
        if case .testCA = source {
            throw .backup(.isThereAlready(path: escrow.string))
        }
        let lock = try orThrow(DirectoryLock(on: escrow))
        let directory = try EscrowDirectory(at: escrow)
        directory.leftovers.forEach { attendance.tell(.leftover(directory.path.appending($0))) }
        let acting = try officer.map { officer throws(EscrowError) in try ActingOfficer(officer) }
        let chain = acting?.chain(of: directory) ?? directory.chain()
        try acting?.check(chain, in: directory)
        let newest = try chain.approval(selected: nil)
        try Rehearsal.check(newest.document.manifest, isRehearsing: isRehearsing, at: escrow.string)
        let beside = try Destination(escrow: escrow, pkcs12: nil)
        try tellLeftovers(of: beside, besides: directory.documents, to: attendance)
        return Again(act: self, lock: lock, directory: directory, chain: chain, newest: newest)
    }

    /// Names whose cards were given who neither restore nor approve.
    static func tellStrangers(
        among people: PeopleGiven?,
        to policy: Policy<Name>,
        _ approval: Approval,
        attended attendance: any Attendance
    ) {
        if let people {
            let names = people.besides(policy, approval)
            attendance.tell(.passesOver(names.map { ($0, people.path(of: $0)) }))
        }
    }

    /// The act with the state that the epoch before has: it is remembered, and left out only when somebody says so.
    fileprivate func remembering(_ epoch: EpochDocument, attended attendance: any Attendance) -> Backup {
        guard epoch.manifest.state?.archive != nil, !isWithState, case .store(let store, _) = source else {
            return self
        }
        var act = self
        act.isWithState = !isWithoutState && (try? store.stateLayout()) != nil
        attendance.tell(act.isWithState ? .stateGoesAlong(epoch.manifest) : .stateIsLeftOut(epoch.manifest))
        return act
    }
}

extension Backup.Again {
    /// The keys, out of their store.
    package struct Exported: ~Copyable {
        let escrow: Backup.Again
        let material: CAMaterial
    }

    /// Opens the store.
    package consuming func exported(attended attendance: any Attendance) throws(EscrowError) -> Exported {
        let material = try act.exported(attended: attendance)
        return Exported(escrow: self, material: material)
    }
}

extension Backup.Again.Exported {
    /// Compares the keys with the escrow, and does what is due.
    package consuming func done(attended attendance: any Attendance) throws(EscrowError) -> Backup.Done {
        let done = try compared(attended: attendance)
        // The lock is held until here.
        _ = consume self
        return done
    }

    private func compared(attended attendance: any Attendance) throws(EscrowError) -> Backup.Done {
        let (chain, newest) = (escrow.chain, escrow.newest)
        let act = escrow.act
        try act.check(material, attended: attendance)
        let need = try BackupNeed(of: material, in: newest.document, escrow: act.escrow.string)
        if let draft = try act.occasion == nil ? waitingDraft(need, attended: attendance) : madeAlready() {
            try refuseIdleWishes(besides: draft, attended: attendance)
            try vouch(for: draft, attended: attendance)
            return .draftWaits(draft, material.newest)
        }
        guard newest.isApproved else {
            throw newest.notInForce
        }
        func next(_ occasion: Occasion) throws(EscrowError) -> Backup.Done {
            let act = act.remembering(newest.document, attended: attendance)
            return try Backup.NextEpoch(act: act, material: material, newest: newest, chain: chain)
                .made(occasion, attended: attendance)
        }
        switch (need, act.occasion) {
        case (.newKey, _): return try next(.renewalNewKey)
        case (_, let given?): return try next(given)
        case (.nothing, nil):
            try refuseIdleWishes(besides: newest, attended: attendance)
            try vouch(for: newest, attended: attendance)
            return .nothing(newest.document.manifest, material.newest)
        case (.approval(let filed), nil):
            try refuseIdleWishes(besides: newest, attended: attendance)
            try vouch(for: newest, attended: attendance)
            return .certificateWaits(filed)
        case (.certificates(let certificates), nil):
            try refuseIdleWishes(besides: newest, attended: attendance)
            return .certificatesAdded(try add(certificates, attended: attendance))
        }
    }

    /// What is wished for must not be dropped without a word where no epoch is made; what is there already is granted.
    ///
    /// - Throws: ``BackupFault/noNewEpochIsDue(_:epoch:has:)``
    private func refuseIdleWishes(
        besides approval: EpochApproval,
        attended attendance: any Attendance
    ) throws(EscrowError) {
        let next = Backup.NextEpoch(act: escrow.act, material: material, newest: approval, chain: escrow.chain)
        if let (wish, has) = try next.difference() {
            throw .backup(.noNewEpochIsDue(wish, epoch: approval.document.manifest.epoch, has: has))
        }
        let manifest = approval.document.manifest
        let people = escrow.act.wishes.people
        Backup.tellStrangers(among: people, to: manifest.policy, manifest.approval, attended: attendance)
    }

    /// The draft that holds already what the store holds: no second one of the same keys is made.
    ///
    /// A draft that whoever acts has not signed may be anybody's: it is named, and an occasion makes another one all the
    /// same.
    private func waitingDraft(
        _ need: BackupNeed,
        attended attendance: any Attendance
    ) throws(EscrowError) -> EpochApproval? {
        let (chain, newest) = (escrow.chain, escrow.newest)
        if case .nothing = need, newest.isApproved {
            chain.waitingDrafts.forEach { attendance.tell(.draftWaits($0)) }
            return nil
        }
        let drafts = newest.isApproved ? chain.waitingDrafts : [newest]
        for draft in drafts.reversed() {
            if case .nothing = try BackupNeed(of: material, in: draft.document, escrow: escrow.act.escrow.string) {
                return draft
            }
        }
        return nil
    }

    /// The draft that whoever acts has made and signed on the same occasion, of the same store and with the same terms.
    private func madeAlready() throws(EscrowError) -> EpochApproval? {
        let act = escrow.act
        for draft in escrow.chain.waitingDrafts.reversed() {
            let next = Backup.NextEpoch(act: act, material: material, newest: draft, chain: escrow.chain)
            if draft.document.manifest.occasion == act.occasion, let officer = act.officer?.signer,
                draft.signers.contains(officer),
                case .nothing = try BackupNeed(of: material, in: draft.document, escrow: act.escrow.string),
                try next.difference() == nil
            {
                return draft
            }
        }
        return nil
    }

    /// A verdict about an escrow that a stranger made would keep a backup from being made: whoever can be asked vouches.
    private func vouch(for approval: EpochApproval, attended attendance: any Attendance) throws(EscrowError) {
        let act = escrow.act
        if act.anchor == nil {
            try act.officer?.checkMaySign(approval.document.manifest.approval)
        }
        if try !approval.isVouched(by: act.officer, act.anchor, at: act.escrow, now: act.now, attended: attendance) {
            attendance.tell(.nobodyVouches(escrow: act.escrow))
        }
    }

    private func add(
        _ certificates: [Certificate],
        attended attendance: any Attendance
    ) throws(EscrowError) -> CertificateAddition.Done {
        let (act, newest) = (escrow.act, escrow.newest)
        try act.requireVouched(newest, attended: attendance)
        let epoch = newest.document
        try ClockRule.check(epoch, at: act.now)
        let addition = CertificateAddition(
            escrow: act.escrow,
            epoch: epoch,
            certificates: certificates,
            created: ClockRule.date(about: epoch.manifest, at: act.now)
        )
        return try addition.run(by: act.officer, attended: attendance)
    }
}
