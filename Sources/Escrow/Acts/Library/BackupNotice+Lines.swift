// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import KeyStores
import SecretSharing

extension BackupNotice {
    /// What must be known of a backup before somebody agrees to it, in words.
    package var lines: [NoticeLine] {
        switch self {
        case .nobodyVouches(let escrow): [.warning("\(escrow): nobody whom you know vouches for it")]
        case .isNamedByNoEpoch(let path):
            [
                .warning(
                    "\(path): this escrow does not name it: find out whether another one does, or a backup was interrupted"
                )
            ]
        case .keyIsNotEscrowed(let key):
            [.warning("not escrowed: \(key): an SSH authority's key, which has no certificate: copy it by hand")]
        case .contentIsNotEscrowed(let content, let place): [.warning("\(place): not escrowed: \(content)")]
        case .keyIsShort(let certificate, let bitCount):
            [
                .warning(
                    "\(certificate.subject): RSA of \(bitCount) bits: an audit finds fault with fewer than "
                        + "\(KeyKind.fewestRSABits)"
                )
            ]
        case .testCAMade(let certificate):
            .lines(
                "a test CA for this rehearsal: \(certificate.subject), until \(certificate.end)",
                "  its key is nowhere but in this escrow; its certificate is in the manifest"
            )
        case .leavesOut(let left, let store, let isKnown): Self.lines(of: left, in: store, isKnown: isKnown)
        case .hasNotEnrolled(let name, let path, let fault):
            [.warning("\(Self.enrolment(at: path, fault)): \(name) has not shown that they can unseal")]
        case .makesEpoch(let plan, let occasion, let certificate, let keyCount, let before):
            .lines(
                before.map { "a new epoch, \($0.epoch + 1): \(occasion.rawValue)" } ?? "a first escrow",
                "  \(certificate.subject), \(keyCount) \(keyCount == 1 ? "key" : "keys")",
                "  restored by \(plan.policy.text): at least \(plan.policy.fewestToRestore) people",
                "  approved by \(plan.approval.text)"
            )
        case .passesOver(let people):
            people.map { .line("  \($0.name) gets no share, and does not approve: \($0.path)") }
        case .stateGoesAlong(let before): .lines("the CA's state goes along, as in epoch \(before.epoch)")
        case .stateIsLeftOut(let before): [.warning("the CA's state is left out: epoch \(before.epoch) has it")]
        case .keysAreOnlyInEpoch(let before, let count, let store):
            [
                .warning(
                    "\(store): does not hold the key of \(count) \(count == 1 ? "certificate" : "certificates") of epoch \(before.epoch): "
                        + "keep \(before.pkcs12.name)"
                )
            ]
        case .draftWaits(let draft): [.warning(draft.notInForce.description)]
        case .stateNeedsStandstill(let layout):
            [.warning("\(layout.root): the database is only whole when \(layout.store.rawValue) is stopped")]
        case .settingsAreNotArchived(let path):
            [.warning("not archived: \(path): it lies beside the pki: keep a copy of it")]
        case .isNotArchived(let left): left.map { .warning("not archived: \($0)") }
        case .stateIsPartlyRecorded(let fault): [.warning("not recorded of the CA's state: \(fault)")]
        case .stateIsNotRecorded(let error): [.warning("the CA's state is not recorded: \(error)")]
        case .hasExpired(let certificate, let path): [.warning(Self.expired(certificate, at: path))]
        case .signatureIsNotChecked(let reason, let path): [.warning("\(path): \(reason)")]
        case .joins(let certificates, let epoch): Self.lines(of: certificates, joining: epoch)
        case .made, .joined: []
        }
    }

    private static func lines(of left: LeftOutGenerations, in store: String, isKnown: Bool) -> [NoticeLine] {
        left.reasons.map { .warning("\(store): \($0)") }
            + (left.isOfWindows && !isKnown
                ? [
                    .warning(
                        "Certificate Services needs every generation to start: "
                            + "certutil -backupKey on the CA has them all"
                    )
                ] : [])
    }

    private static func expired(_ certificate: Certificate, at path: String?) -> String {
        "\(path.map { "\($0): it" } ?? "\(certificate.subject): its certificate") expired on \(certificate.end)"
    }

    private static func enrolment(at path: String, _ fault: EscrowError?) -> String {
        fault.map { "\(path): its enrolment does not count: \($0)" } ?? "\(path): no answer to an enrolment challenge"
    }

    private static func lines(of certificates: [Certificate], joining epoch: Int) -> [NoticeLine] {
        certificates.flatMap { certificate in
            [.line("renewed with the same key: \(certificate.subject)")]
                + certificate.particulars.map { .line("  \($0)") }
        } + [
            .line(
                "no new shares are needed: the \(certificates.count == 1 ? "certificate joins" : "certificates join") "
                    + "epoch \(epoch)"
            )
        ]
    }
}
