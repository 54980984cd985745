// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import SystemPackage

// What a first escrow and a new epoch have in common.
extension Backup {
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
        try new.check(after: line, at: now)
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
        attendance.tell(.backup(.made(made, standing)))
        if let officer {
            var acting = try ActingOfficer(officer)
            try acting.remember(in: EscrowDirectory(at: escrow))
        }
        return .made(made, standing)
    }
}
