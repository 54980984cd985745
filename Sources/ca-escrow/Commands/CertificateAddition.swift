// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Escrow
import Files
import SystemPackage

/// Certificates that join an epoch: shown, confirmed, signed by whoever acts, and filed.
///
/// What `backup` does with a renewal under the same key, and `add-certificate` where the key is not at hand.
struct CertificateAddition {
    let escrow: String
    let epoch: EpochDocument
    /// At least one.
    let certificates: [Certificate]
    let created: Timestamp

    /// - Parameter officer: Whoever acts, and may sign; without one the records wait for all officers.
    /// - Throws: ``Diagnostic``, ``EscrowError``; nothing is filed then.
    func run(by officer: IdentityOnDisk?, _ files: PassphraseFiles, isConfirmed: Bool) throws {
        try officer?.checkMaySign(epoch.manifest.approval)
        for certificate in certificates {
            Output.error("ca-escrow: renewed with the same key: \(certificate.subject)")
            certificate.particulars.forEach { Output.error("ca-escrow:   \($0)") }
        }
        let (it, joins) = certificates.count == 1 ? ("it", "certificate joins") : ("them", "certificates join")
        Output.error("ca-escrow: no new shares are needed: the \(joins) epoch \(epoch.manifest.epoch)")
        try Question.confirm("Add \(it)?", isAnswered: isConfirmed)
        let records = certificates.map { AddedCertificate(certificate: $0, created: created, to: epoch) }
        for record in records {
            // As its readers will, before it appears.
            _ = try AddedCertificate(checking: record.encoded(), at: escrow, in: epoch)
        }
        let signer = try officer.map { OpenedOfficer(try $0.open(files)) }
        for record in records {
            let bytes = record.encoded()
            let path = try Record.file(
                bytes,
                .addedCertificate,
                created: record.created,
                in: epoch.path.appending(Record.directoryName),
                signatures: signer.map { [$0.sign(bytes, .addedCertificate)] } ?? []
            )
            Output.line("\(escrow): added the certificate \(SHA256Digest(of: record.certificate.der).grouped)")
            Output.line("record: \(path)")
        }
        Output.next(signersOf: epoch.manifest.approval, besides: officer?.name, of: escrow)
    }
}

extension SignersOptions {
    /// Whether somebody whom the caller knows vouches for an epoch: an officer of `--signers`, or whoever acts, when their
    /// own signature is on it.
    ///
    /// - Throws: ``EscrowError`` when `--signers` is given, and admits nobody who signed.
    func isVouched(
        _ epoch: EpochApproval,
        by officer: IdentityOnDisk?,
        at escrow: String,
        now: Timestamp
    ) throws -> Bool {
        if let anchor = try anchor(at: now) {
            Output.warn(of: anchor.strangers(in: epoch), anchor)
            try BackupCommand.warnOfExpired(try anchor.check(epoch, at: escrow), anchor, now)
            return true
        }
        return officer.map { ManifestTrust.own($0.file.signingKey, in: epoch) != nil } ?? false
    }

    /// What is said where nobody vouches, and nothing is at stake yet.
    static func warnOfStranger(_ escrow: String) {
        Output.warning(
            "\(escrow): nobody whom you know vouches for it: --signers FILE, or -i IDENTITY of an officer who signed it"
        )
    }
}

extension Output {
    /// Names officers who have signed, and whom the caller does not know.
    static func warn(of strangers: [Officer], _ anchor: Anchor) {
        strangers.forEach { warning(EscrowError.stranger($0.name, signers: anchor.path)) }
    }

    /// Who of the officers must sign what waits in an escrow.
    static func next(signersOf approval: Approval, besides officer: Name?, of escrow: String) {
        if (officer == nil ? 0 : 1) < approval.threshold {
            next(signers: approval.officers.map(\.name).filter { $0 != officer }, of: escrow)
        }
    }

    /// Says who must sign; nothing when nobody is named.
    static func next(signers names: [Name], of escrow: String) {
        guard let first = names.first else {
            return
        }
        let who = names.map(\.description)
        let list = who.count == 1 ? who[0] : who.dropLast().joined(separator: ", ") + " or " + who[who.count - 1]
        next("\(list) must sign: ca-escrow sign \(ShellWord.path(escrow)) -i \(first).identity")
    }
}
