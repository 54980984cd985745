// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import KeyStores
import SystemPackage

// What a first escrow and a new epoch have in common.
extension Backup {
    /// The store's keys; or those of a CA that is made for this rehearsal.
    ///
    /// - Throws: ``EscrowError/store(_:)``, ``EscrowError/absent(_:)``, ``BackupFault/testCANotMade(_:)``
    func exported(attended attendance: any Attendance) throws(EscrowError) -> CAMaterial {
        if case .store(let store, _) = source {
            return try store.exported(attended: attendance)
        }
        let material = try orThrow(Rehearsal.makeCA(for: escrow.stem ?? "", at: now)) { .backup(.testCANotMade($0)) }
        attendance.tell(.testCAMade(material.newest))
        return material
    }

    /// Keeps test keys and others apart, and tells what is odd about keys that a store holds, or is not escrowed of it.
    func check(_ material: CAMaterial, attended attendance: any Attendance) throws(EscrowError) {
        guard case .store(let store, let name) = source else {
            return
        }
        try Rehearsal.check(material, isRehearsing: isRehearsing, store: name)
        for key in try orThrow(store.keysNotEscrowed(), as: EscrowError.store) {
            attendance.tell(.keyIsNotEscrowed(key))
        }
        let newest = material.newest
        if newest.notAfter < now.secondsSinceEpoch {
            attendance.tell(.hasExpired(newest, path: nil))
        }
        if case .rsa(let bitCount) = newest.keyKind, bitCount < KeyKind.fewestRSABits {
            attendance.tell(.keyIsShort(newest, bitCount: bitCount))
        }
        if !material.unescrowed.isEmpty {
            let place = store.location.places.first ?? name
            attendance.tell(.contentIsNotEscrowed(material.unescrowed, of: place))
        }
    }

    /// Makes an epoch, checks it, has it signed by whoever acts, and publishes it.
    ///
    /// - Parameter line: The epochs before it; none for a first escrow.
    /// - Throws: ``EscrowError``; once ``BackupNotice/made(_:_:)`` was told, the epoch is there.
    func published(
        _ material: CAMaterial,
        as plan: EscrowPlan,
        _ occasion: Occasion,
        after line: [EpochApproval],
        to destination: Destination,
        attended attendance: any Attendance
    ) throws(EscrowError) -> Done {
        var state = try StateAtBackup(
            of: self,
            without: material.passphrases,
            to: destination,
            attended: attendance
        )
        let known = state.known
        let new = try NewEpoch(
            of: material,
            as: plan,
            occasion: occasion,
            after: line.last?.document,
            pkcs12Name: destination.pkcs12Name,
            state: { known.entry(named: destination.stateName($0)) },
            now: now
        )
        try new.manifest.checkBeforePublication(after: line, at: now)
        let signature = try officer.map { officer throws(EscrowError) in
            try officer.sign(new.bytes, .manifest, attended: attendance)
        }
        let (path, pkcs12) = try new.publish(
            to: destination,
            isFirst: line.isEmpty,
            state: state.takeFile(),
            signatures: signature.map { [$0] } ?? []
        )
        let made = Made(
            escrow: escrow,
            plan: plan,
            manifest: new.manifest,
            digest: new.digest,
            path: path,
            pkcs12: pkcs12,
            state: new.manifest.state?.archive.map { destination.keyDirectory.appending($0.name) },
            earlierPKCS12: line.last?.document.manifest.pkcs12.name
        )
        // It cannot be undone: told before anything else can fail.
        let standing = (try? EscrowDirectory(at: escrow))?.chain().approval(of: new.digest)
        attendance.tell(.made(made, standing))
        if let officer {
            var acting = try ActingOfficer(officer)
            try acting.remember(in: EscrowDirectory(at: escrow))
        }
        return .made(made, standing)
    }

    /// Names every generation of the CA that would not be escrowed, and asks whether to go on without it.
    ///
    /// - Parameter answered: What is missing in the epoch before, as somebody knew when it was made: named, and not asked
    ///   about again.
    /// - Throws: ``BackupFault/leavesOut(store:_:)`` when there is nobody to ask, ``EscrowError/notConfirmed``
    func confirmLeavingOut(
        of material: CAMaterial,
        answered: GenerationGap? = nil,
        attended attendance: any Attendance
    ) throws(EscrowError) {
        guard let left = LeftOutGenerations(of: material) else {
            return
        }
        let isKnown = left.keyless.isEmpty && left.gap == answered
        guard isKnown || attendance.isAgreedBeforehand || attendance.isAnybodyThere else {
            throw .backup(.leavesOut(store: sourceName, left))
        }
        attendance.tell(.leavesOut(left, of: sourceName, isKnown: isKnown))
        if !isKnown {
            try attendance.confirm(.leaveOut(isPlural: left.isPlural))
        }
    }

    /// Names every custodian whose card is new, and beside whose card no enrolment lies that counts.
    ///
    /// A challenge counts when an officer of the new epoch has made it: docs/format.md, section 4.23.
    func tellMissingEnrolments(
        of plan: EscrowPlan,
        besides previous: EpochDocument? = nil,
        to attendance: any Attendance
    ) throws(EscrowError) {
        let known = Set(previous?.manifest.people.map(\.card) ?? [])
        let trust = EnrolmentTrust(officers: plan.approval.officers)
        var folders: [FilePath: EnrolmentFiles] = [:]
        for card in plan.cards where !known.contains(card.digest) {
            let path = plan.people.path(of: card.name)
            let parent = FilePath(path).removingLastComponent()
            let folder = parent.isEmpty ? FilePath(".") : parent
            let files = if let read = folders[folder] { read } else { try EnrolmentFiles(in: folder) }
            folders[folder] = files
            switch Enrolment.state(of: card, in: files, trusting: trust, now: now) {
            case .proven: break
            case .notAnswered: attendance.tell(.hasNotEnrolled(card.name, path: path, nil))
            case .wrong(let faults):
                faults.forEach { attendance.tell(.hasNotEnrolled(card.name, path: path, $0)) }
            }
        }
    }
}
