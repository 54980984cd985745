// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
package import Encoding
import SystemPackage

/// Certificates that join an epoch: shown, confirmed, signed by whoever acts, and filed.
///
/// What ``Backup`` does with a renewal under the same key, and ``AddCertificate`` where the key is not at hand:
/// docs/format.md, section 4.7.
package struct CertificateAddition {
    let escrow: FilePath
    let epoch: EpochDocument
    /// At least one, newest first or as they were given.
    let certificates: [Certificate]
    let created: Timestamp

    /// What was filed, and who approves it.
    package struct Done: Sendable {
        package let approval: Approval
        /// Whoever has signed it already.
        package let signer: Name?
    }

    /// - Parameter officer: Whoever acts, and may sign; without one the records wait for all officers.
    /// - Throws: ``EscrowError``; each certificate that joined by then was told.
    func run(by officer: IdentityOnDisk?, attended attendance: any Attendance) throws(EscrowError) -> Done {
        try officer?.checkMaySign(epoch.manifest.approval)
        attendance.tell(.joins(certificates, epoch: epoch.manifest.epoch))
        try attendance.confirm(.addCertificates(count: certificates.count))
        let records = certificates.map { AddedCertificate(certificate: $0, created: created, to: epoch) }
        for record in records {
            // As its readers will, before it appears.
            _ = try AddedCertificate(checking: record.encoded(), at: escrow.string, in: epoch)
        }
        for record in records {
            let signature = try officer.map { officer throws(EscrowError) in
                try officer.sign(record.encoded(), .addedCertificate, attended: attendance)
            }
            let path = try epoch.file(record, signatures: [signature].compactMap(\.self))
            attendance.tell(.joined(record.certificate, escrow: escrow, record: path))
        }
        return Done(approval: epoch.manifest.approval, signer: officer?.name)
    }
}
