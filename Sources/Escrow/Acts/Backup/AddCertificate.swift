// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Encoding
package import SystemPackage

/// Adds certificates that were renewed with a key that is escrowed, without the key: docs/format.md, section 4.7.
package struct AddCertificate {
    private let escrow: FilePath
    private let certificates: [Given]
    private let officer: IdentityOnDisk?
    private let anchor: Anchor?
    private let now: Timestamp

    /// A certificate, and the file that it is from.
    package typealias Given = (certificate: Certificate, path: String)

    /// - Parameters:
    ///   - certificates: At least one.
    ///   - officer: Whoever signs what joins; without one it waits for all officers.
    ///   - anchor: Whom one knows, from outside the escrow.
    package init(
        _ certificates: [Given],
        to escrow: FilePath,
        by officer: IdentityOnDisk?,
        anchor: Anchor?,
        now: Timestamp
    ) {
        (self.certificates, self.escrow, self.officer) = (certificates, escrow, officer)
        (self.anchor, self.now) = (anchor, now)
    }

    package func run(attended attendance: any Attendance) throws(EscrowError) -> CertificateAddition.Done {
        // One at a time, and never beside a backup that makes another epoch.
        try locked(escrow) { () throws(EscrowError) in try add(attended: attendance) }
    }

    private func add(attended attendance: any Attendance) throws(EscrowError) -> CertificateAddition.Done {
        let directory = try EscrowDirectory(at: escrow)
        let newest =
            if let officer { try ActingOfficer(officer).inForce(in: directory) } else {
                try directory.chain().requireInForce()
            }
        let epoch = newest.document
        guard !epoch.manifest.isRetired else {
            throw .trust(.retired(path: escrow.string))
        }
        let now = ClockRule.date(about: epoch.manifest, at: now)
        try ClockRule.check(epoch, at: now)
        try officer?.checkMaySign(epoch.manifest.approval)
        if try !newest.isVouched(by: officer, anchor, at: escrow, now: now, attended: attendance) {
            attendance.tell(.nobodyVouches(escrow: escrow))
        }
        var joining: [Certificate] = []
        for (certificate, path) in certificates {
            let accepted = try JoiningCertificate(certificate, at: path, in: epoch, besides: joining)
            if let unchecked = accepted.unchecked {
                attendance.tell(.signatureIsNotChecked(unchecked, path: path))
            }
            if certificate.notAfter < now.secondsSinceEpoch {
                attendance.tell(.hasExpired(certificate, path: path))
            }
            joining.append(certificate)
        }
        let addition = CertificateAddition(escrow: escrow, epoch: epoch, certificates: joining, created: now)
        return try addition.run(by: officer, attended: attendance)
    }
}
