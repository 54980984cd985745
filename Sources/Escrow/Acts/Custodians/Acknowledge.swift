// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Encoding
package import SystemPackage

/// A custodian says in signed receipts that they opened their shares, and accepts their custody.
///
/// docs/format.md, section 4.13. Every manifest is compared before the first share is opened.
public struct Acknowledge {
    private let escrows: [FilePath]
    private let identity: IdentityOnDisk
    private let given: [String]
    private let parcel: FilePath?
    private let now: Timestamp

    /// - Parameters:
    ///   - escrows: Directories, or parcels of escrows.
    ///   - given: Digests of manifests as they were said beforehand.
    ///   - parcel: Where all that was signed goes as one file; a free name when it goes nowhere else.
    package init(
        _ escrows: [FilePath],
        by identity: IdentityOnDisk,
        given: [String],
        parcel: FilePath?,
        now: Timestamp
    ) {
        (self.escrows, self.identity, self.given) = (escrows, identity, given)
        (self.parcel, self.now) = (parcel, now)
    }

    /// An epoch in force that its custodian knows, or has compared.
    struct Compared {
        let epoch: EpochDocument
        let directory: EscrowDirectory
        let custodian: ActingCustodian
        let now: Timestamp
    }

    package func run(attended attendance: any Attendance) throws(EscrowError) {
        let custodian = try ActingCustodian(identity, attended: attendance)
        var outbox = try Outbox(of: identity.name, to: parcel, isRepeatable: true, attended: attendance)
        let named = try NamedEscrow.all(at: escrows, attended: attendance)
        let directories = try named.map { each throws(EscrowError) in try each.directory() }
        let compared = try directories.map { directory throws(EscrowError) in
            try custodian.compared(in: directory, given: given, now: now)
        }
        for each in compared {
            try each.acknowledge(into: &outbox, attended: attendance)
        }
        try outbox.finish(about: "receipts of \(identity.name)")
    }
}

extension Acknowledge.Compared {
    /// Makes one receipt, unless there is one that counts.
    func acknowledge(into outbox: inout Outbox, attended attendance: any Attendance) throws(EscrowError) {
        let evidence = try Evidence(of: epoch, in: directory, at: now)
        if let receipt = counted(in: evidence) {
            try custodian.remember(epoch, in: directory)
            attendance.tell(.acknowledgedAlready(escrow: directory.shown, receipt.document.created))
            try outbox.sendAgain(receipt.identifier, in: epoch, of: directory)
            return
        }
        let time = ClockRule.date(about: epoch.manifest, at: now)
        let receipt = try custodian.identity.use(attended: attendance) { identity throws(EscrowError) in
            try epoch.acknowledge(by: identity, at: custodian.identity.path, in: directory, now: time)
        }
        try custodian.remember(epoch, in: directory)
        let subject = "\(epoch.manifest.certificate.subject)"
        try outbox.send(
            receipt,
            in: epoch,
            of: directory,
            as: .receipt,
            answering: "\(epoch.digest)",
            telling: .custodian(.acknowledged(escrow: directory.shown, subject: subject))
        )
    }

    /// The receipt that settles it: of nobody who is suspended, and newer than any for a manifest that nobody knows.
    func counted(in evidence: Evidence) -> Filed<Receipt>? {
        guard evidence.suspension(of: custodian.name) == nil,
            !ReceiptFindings(of: evidence, in: directory, at: now).isUnsettled(of: custodian.name)
        else {
            return nil
        }
        return evidence.receipt(of: custodian.name)
    }
}
