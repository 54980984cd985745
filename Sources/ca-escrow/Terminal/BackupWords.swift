// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Escrow
import SystemPackage

// What a backup finds and does, in words.
extension BackupNotice {
    func show() {
        switch self {
        case .nobodyVouches(let escrow):
            Output.warning(
                "\(escrow): nobody whom you know vouches for it: --signers FILE, or -i IDENTITY of an officer who signed it"
            )
        case .isNamedByNoEpoch(let path):
            Output.warning(
                "\(path): this escrow does not name it: find out whether another one does, or a backup was interrupted"
            )
        case .keyIsNotEscrowed(let key):
            Output.warning("not escrowed: \(key): an SSH authority's key, which has no certificate: copy it by hand")
        case .contentIsNotEscrowed(let content, let place): Output.warning("\(place): not escrowed: \(content)")
        case .keyIsShort(let certificate, let bitCount):
            Output.warning(
                "\(certificate.subject): RSA of \(bitCount) bits: an audit finds fault with fewer than "
                    + "\(KeyKind.fewestRSABits)"
            )
        case .testCAMade(let certificate):
            Output.error(
                "ca-escrow: a test CA for this rehearsal: \(certificate.subject), until \(certificate.end)"
            )
            Output.error("ca-escrow:   its key is nowhere but in this escrow; its certificate is in the manifest")
        case .leavesOut(let left, let store, let isKnown):
            left.reasons.forEach { Output.warning("\(store): \($0)") }
            if left.isOfWindows, !isKnown {
                Output.warning(
                    "Certificate Services does not start without it: certutil -backupKey on the CA has them all"
                )
            }
        case .hasNotEnrolled(let name, let path, let fault):
            let lack = "\(name) has not shown that they can unseal"
            Output.warning(
                fault.map { "\(path): its enrolment does not count: \($0): \(lack)" }
                    ?? "\(path): no answer to an enrolment challenge: \(lack)"
            )
        case .makesEpoch(let plan, let occasion, let certificate, let keyCount, let before):
            Output.error("ca-escrow: a new epoch, \(before.epoch + 1): \(occasion.rawValue)")
            Output.error("ca-escrow:   \(certificate.subject), \(keyCount) key(s)")
            Output.error("ca-escrow:   restored by \(plan.policy.text)")
            Output.error("ca-escrow:   approved by \(plan.approval.text)")
        case .keysAreOnlyInEpoch(let before, let count, let store):
            Output.warning(
                "\(store): does not hold the key of \(count) certificate(s) of epoch \(before.epoch): "
                    + "keep \(before.pkcs12.name), which --epoch \(before.epoch) restores"
            )
        case .draftWaits(let draft): Output.warning(draft.notInForce.description)
        case .made(let made): made.show()
        case .stateNeedsStandstill(let layout):
            Output.warning("\(layout.root): the database is only whole when \(layout.store.rawValue) is stopped")
        case .settingsAreNotArchived(let path):
            Output.warning("not archived: \(path): it lies beside the pki: keep a copy of it")
        case .isNotArchived(let left): left.forEach { Output.warning("not archived: \($0)") }
        case .stateIsPartlyRecorded(let fault): Output.warning("not recorded of the CA's state: \(fault)")
        case .stateIsNotRecorded(let error): Output.warning("the CA's state is not recorded: \(error)")
        case .hasExpired(let certificate, let path?):
            Output.warning("\(path): it expired on \(certificate.end)")
        case .hasExpired(let certificate, nil):
            Output.warning("\(certificate.subject): its certificate expired on \(certificate.end)")
        case .signatureIsNotChecked(let reason, let path): Output.warning("\(path): \(reason)")
        case .joins(let certificates, let epoch):
            for certificate in certificates {
                Output.error("ca-escrow: renewed with the same key: \(certificate.subject)")
                certificate.particulars.forEach { Output.error("ca-escrow:   \($0)") }
            }
            let joins = certificates.count == 1 ? "certificate joins" : "certificates join"
            Output.error("ca-escrow: no new shares are needed: the \(joins) epoch \(epoch)")
        case .joined(let certificate, let escrow, let record):
            Output.line("\(escrow): added the certificate \(SHA256Digest(of: certificate.der).grouped)")
            Output.line("record: \(record)")
        }
    }
}
