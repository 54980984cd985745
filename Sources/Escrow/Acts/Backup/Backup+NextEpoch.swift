// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Files
import SecretSharing
import SystemPackage

// An epoch with new shares, in an escrow that is there.
extension Backup {
    struct NextEpoch {
        let act: Backup
        let material: CAMaterial
        let newest: EpochApproval
        let chain: EpochChain
    }

    /// The new shares go to the people whom the escrow names: somebody from outside must vouch for it.
    ///
    /// That is an officer of the anchor, or whoever acts, when their own signature is on it; their keys are derived anew
    /// before anything is made.
    func requireVouched(_ newest: EpochApproval, attended attendance: any Attendance) throws(EscrowError) {
        try newest.requireVouched(
            by: officer,
            anchor,
            at: escrow,
            now: now,
            for: .newShares,
            attended: attendance
        )
    }
}

extension Backup.NextEpoch {
    /// Shows it, has it confirmed, and publishes it.
    func made(_ occasion: Occasion, attended attendance: any Attendance) throws(EscrowError) -> Backup.Done {
        let epoch = newest.document
        if let officer = act.officer {
            try chain.refuseSecond(after: epoch, by: officer.name, officer.file.signingKey)
        }
        try act.requireVouched(newest, attended: attendance)
        let material = try withEarlierCertificates()
        let destination = try act.destination()
        let plan = try plan()
        try act.officer?.checkMaySign(plan.approval)
        let line = chain.line(to: newest)
        // Nobody who is suspended gets a share: said before anybody is asked to confirm.
        try Suspensions(in: line, at: act.now).refuse(plan.cards.map { Person($0) })
        let before = GenerationLines(of: epoch.manifest.certificates, for: epoch.manifest.certificate)
        try act.confirmLeavingOut(of: material, answered: before.gap, attended: attendance)
        let keyCount = material.generations.count
        attendance.tell(.makesEpoch(plan, occasion, material.newest, keyCount: keyCount, after: epoch.manifest))
        Backup.tellStrangers(among: act.wishes.people, to: plan.policy, plan.approval, attended: attendance)
        let held = Set(material.generations.map { $0.key.spki })
        let left = epoch.manifest.certificates.filter { !held.contains($0.spki) }
        if !left.isEmpty {
            attendance.tell(.keysAreOnlyInEpoch(epoch.manifest, count: left.count, store: act.sourceName))
        }
        try act.tellMissingEnrolments(of: plan, besides: epoch, to: attendance)
        if !act.isAgreed {
            try attendance.confirm(.dealShares)
        }
        try act.officer?.use(attended: attendance) { _ in }
        return try act.published(material, as: plan, occasion, after: line, to: destination, attended: attendance)
    }

    /// The store's keys with every certificate that the escrow holds for them: a store often has only the newest.
    private func withEarlierCertificates() throws(EscrowError) -> CAMaterial {
        let epoch = newest.document
        let ofSet = chain.line(to: newest).map(\.document).filter { $0.manifest.set == epoch.manifest.set }
        var added: [Certificate] = []
        for document in ofSet {
            added += try document.addedCertificates().filter(\.isApproved).map(\.document.certificate)
        }
        return try orThrow(material.adding(epoch.manifest.certificates + added)) {
            .material(store: act.sourceName, $0)
        }
    }

    /// The first thing wished for that the epoch before has otherwise, and what that has.
    func difference() throws(EscrowError) -> (BackupWish, has: String)? {
        let (wishes, epoch) = (act.wishes, newest.document)
        let manifest = epoch.manifest
        if !wishes.given.isEmpty {
            let plan = try plan()
            let cards = Dictionary(plan.cards.map { ($0.name, $0.digest) }) { first, _ in first }
            if plan.approval != manifest.approval {
                return (.officers, "is approved by \(manifest.approval.text)")
            } else if !plan.policy.means(manifest.policy) {
                return (.policy, "is restored by \(manifest.policy.text)")
            } else if let other = manifest.people.first(where: { cards[$0.name] != $0.card }) {
                return (.people, "is sealed to another card of \(other.name)")
            } else if let title = wishes.title, manifest.title?.isEqual(bytesOf: title) != true {
                return (.title, manifest.title.map { "is called '\($0)'" } ?? "has no title")
            } else if plan.iterationCount != manifest.pkcs12.iterationCount {
                return (.iterationCount, "has \(manifest.pkcs12.iterationCount)")
            } else if let place = wishes.pkcs12, (try? epoch.pkcs12(given: place, escrow: act.escrow)) == nil {
                return (.pkcs12, "has its key file, \(manifest.pkcs12.name), somewhere else")
            }
        }
        return act.isWithState && manifest.state?.archive == nil ? (.state, "has no archive of the CA's state") : nil
    }

    /// Policy, officers and cards of the epoch before, unless others are given.
    private func plan() throws(EscrowError) -> EscrowPlan {
        let (wishes, manifest) = (act.wishes, newest.document.manifest)
        var people = wishes.people ?? PeopleGiven()
        let openSSHSigners = people.openSSHSigners
        people.fill(from: try PeopleGiven(of: newest.document))
        let approval = if let officers = wishes.officers { try people.approval(officers) } else { manifest.approval }
        let policy =
            if let text = wishes.policy { try people.policy(text, officers: approval) } else { manifest.policy }
        return try EscrowPlan(
            policy: policy,
            approval: approval,
            people: people,
            title: wishes.title ?? manifest.title,
            isRehearsal: manifest.isRehearsal,
            iterationCount: wishes.iterationCount ?? manifest.pkcs12.iterationCount,
            openSSHSigners: openSSHSigners,
            now: act.now
        )
    }
}
