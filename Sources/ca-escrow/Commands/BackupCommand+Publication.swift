// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Escrow
import Files
import SecretSharing
import SystemPackage

// What a first escrow and a new epoch have in common.
extension BackupCommand {
    func warnOfLeftovers(_ destination: Destination, besides epochs: [EpochDocument]) throws {
        for path in try destination.leftovers(besides: epochs) {
            guard ["p12", "tar"].contains(path.extension) else {
                LeftoverWarning.tell(path)
                continue
            }
            Output.warning(
                "\(path): this escrow does not name it: find out whether another one does, or a backup was interrupted"
            )
        }
    }

    func export(_ store: KeyStore, _ files: PassphraseFiles) throws -> CAMaterial {
        let terminal = Terminal(files)
        let material = try terminal.attend { try store.exported(attended: $0) }
        try terminal.checkAsked(for: store, as: .source)
        try Rehearsal.check(material, isRehearsing: rehearsal, store: source)
        for key in try store.keysNotEscrowed() {
            Output.warning("not escrowed: \(key): an SSH authority's key, which has no certificate: copy it by hand")
        }
        let newest = material.newest
        if newest.notAfter < (try clock.time()).secondsSinceEpoch {
            Output.warning("\(newest.subject): its certificate expired on \(newest.notAfterText)")
        }
        if case .rsa(let bitCount) = newest.keyKind, bitCount < 2048 {
            Output.warning("\(newest.subject): RSA of \(bitCount) bits: an audit finds fault with fewer than 2048")
        }
        if !material.unescrowed.isEmpty {
            Output.warning("\(store.location.places.first ?? source): not escrowed: \(material.unescrowed)")
        }
        return material
    }

    func publish(
        _ material: CAMaterial,
        from store: KeyStore?,
        _ plan: EscrowPlan,
        _ occasion: Occasion,
        after line: [EpochApproval],
        to destination: Destination,
        signer: OpenedOfficer?
    ) throws {
        let state = try BackedUpState(
            of: store,
            isArchived: withState,
            without: material.passphrases,
            to: destination
        )
        let new = try NewEpoch(
            of: material,
            as: plan,
            occasion: occasion,
            after: line.last?.document,
            pkcs12Name: destination.pkcs12Name,
            state: { state.entry(named: destination.stateName($0)) },
            now: try clock.time()
        )
        try new.check(after: line, at: try clock.time())
        var signatures: [(signer: Name, signature: SSHSignature)] = []
        if let signer {
            signatures.append(signer.sign(new.bytes, DocumentFormat.manifest))
        }
        let (epoch, pkcs12Path) = try new.publish(
            to: destination,
            isFirst: line.isEmpty,
            state: state.takeFile(),
            signatures: signatures
        )
        Output.line("\(escrow): escrowed \(material.newest.subject) in epoch \(new.manifest.epoch)")
        Output.line("certificate SHA-256: \(SHA256Digest(of: material.newest.der).grouped)")
        Output.line("manifest SHA-256:    \(new.digest)")
        Output.line("epoch:               \(epoch)")
        Output.line("key file:            \(pkcs12Path)")
        if let archive = new.manifest.state?.archive {
            Output.line("state archive:       \(destination.keyDirectory.appending(archive.name))")
        }
        Output.line(
            "restored by:         \(plan.policy.text): \(plan.policy.fewestToRestore) people at least"
        )
        let directory = try EscrowDirectory(at: FilePath(escrow))
        if let officer = try acting.one() {
            var acts = try ActingOfficer(officer)
            try acts.remember(in: directory)
        }
        let newest = directory.chain().approval(of: new.digest)
        if let newest, !newest.isApproved {
            Output.next(signers: newest.missing.filter { !plan.openSSHSigners.contains($0) }, of: escrow)
            for name in newest.missing where plan.openSSHSigners.contains(name) {
                let manifest = newest.document.manifestPath.string
                Output.next(
                    "\(name) must sign: ssh-keygen -Y sign -n \(DocumentFormat.manifest.namespace) -f KEY "
                        + "< \(ShellWord.path(manifest)) > \(ShellWord.path("\(manifest).\(name).sig"))"
                )
            }
        }
        Output.next("put \(new.manifest.pkcs12.name) in two places that no custodian enters")
        if let archive = new.manifest.state?.archive {
            Output.next("put \(archive.name) beside each of them: it holds no key")
        }
        if newest?.isApproved == true {
            DrillCommand.announce(for: escrow)
        }
        guard let store else {
            return
        }
        switch store.location {
        case .p12(let path): Output.next("\(path) still opens with its old password: destroy it")
        case .certutil(let path): Output.next("the key file in \(path) still opens with its old password: destroy it")
        case .pem, .opensslCA, .easyRSA, .stepCA, .pkcs11, .nss: break
        }
    }
}
