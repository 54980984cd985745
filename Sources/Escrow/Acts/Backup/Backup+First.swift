// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import SystemPackage

// A first escrow.
extension Backup {
    /// A place where nothing lies in the way.
    package struct First {
        let act: Backup
        let destination: Destination
    }

    /// - Throws: ``EscrowError``: what is in the way, or given for a first escrow in vain.
    package func first(attended attendance: any Attendance) throws(EscrowError) -> First {
        try begin(attended: attendance)
        guard occasion == nil else {
            throw .backup(.firstEscrowHasItsOccasion)
        }
        let destination = try destination()
        try tellLeftovers(of: destination, besides: [], to: attendance)
        return First(act: self, destination: destination)
    }
}

extension Backup.First {
    /// Who restores, and who approves; the store was not opened yet.
    package struct Planned {
        let first: Backup.First
        let plan: EscrowPlan
    }

    /// - Parameter wishes: With people, officers and a policy.
    /// - Throws: ``BackupFault/firstEscrowNeeds(path:_:)``, and what is wrong with people and policy.
    package func planned(_ wishes: Backup.Wishes) throws(EscrowError) -> Planned {
        let people = try needed(wishes.people, .people)
        let officers = try needed(wishes.officers, .officers)
        let policy = try needed(wishes.policy, .policy)
        let approval = try people.approval(officers)
        let plan = try EscrowPlan(
            policy: try people.policy(policy, officers: approval),
            approval: approval,
            people: people,
            title: wishes.title,
            isRehearsal: act.isRehearsing,
            iterationCount: wishes.iterationCount ?? PKCS12Writer.defaultIterations,
            openSSHSigners: people.openSSHSigners,
            now: act.now
        )
        try act.officer?.checkMaySign(plan.approval)
        return Planned(first: self, plan: plan)
    }

    private func needed<Value>(_ value: Value?, _ wish: BackupWish) throws(EscrowError) -> Value {
        guard let value else {
            throw .backup(.firstEscrowNeeds(path: act.escrow.string, wish))
        }
        return value
    }
}

extension Backup.First.Planned {
    /// The keys, out of their store.
    package struct Exported: ~Copyable {
        let planned: Backup.First.Planned
        let material: CAMaterial
    }

    /// Opens the officer's identity, then the store.
    package func exported(attended attendance: any Attendance) throws(EscrowError) -> Exported {
        try first.act.officer?.use(attended: attendance) { _ in }
        return Exported(planned: self, material: try first.act.exported(attended: attendance))
    }
}

extension Backup.First.Planned.Exported {
    /// Looks the keys through, has what stays behind confirmed, and makes the escrow.
    package consuming func made(attended attendance: any Attendance) throws(EscrowError) -> Backup.Done {
        let (act, plan) = (planned.first.act, planned.plan)
        try act.check(material, attended: attendance)
        try act.confirmLeavingOut(of: material, attended: attendance)
        let keyCount = material.generations.count
        attendance.tell(.makesEpoch(plan, .installation, material.newest, keyCount: keyCount, after: nil))
        Backup.tellStrangers(among: plan.people, to: plan.policy, plan.approval, attended: attendance)
        try act.tellMissingEnrolments(of: plan, to: attendance)
        // In a script, people and policy were named one by one, and nobody can be asked.
        if !act.isAgreed, attendance.isAnybodyThere {
            try attendance.confirm(.dealShares)
        }
        return try act.published(
            material,
            as: plan,
            .installation,
            after: [],
            to: planned.first.destination,
            attended: attendance
        )
    }
}
