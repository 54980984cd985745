// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Escrow
import Files
import SecretSharing
import SystemPackage

// What a first escrow and a new epoch have in common.
extension Backup {
    func warnOfLeftovers(_ destination: Destination, besides epochs: [EpochDocument]) throws {
        for path in try destination.leftovers(besides: epochs) {
            Output.warning(
                path.extension == "p12"
                    ? "\(path): this escrow does not name it: find out whether another one does, or a backup was interrupted"
                    : "\(path): left half made by an interrupted run: remove it"
            )
        }
    }

    func export(_ store: KeyStore, _ files: PassphraseFiles) throws -> CAMaterial {
        let material = try StorePassphrase(of: store, files: files, name: "from").use {
            try store.export(passphrase: $0)
        }
        let newest = material.newest
        if newest.notAfter < (try clock.time()).secondsSinceEpoch {
            Output.warning("\(newest.subject): its certificate expired on \(newest.notAfterText)")
        }
        if case .rsa(let bitCount) = newest.keyKind, bitCount < 2048 {
            Output.warning("\(newest.subject): RSA of \(bitCount) bits: an audit finds fault with fewer than 2048")
        }
        return material
    }

    func checkMaySign(_ officer: IdentityOnDisk?, _ approval: Approval) throws {
        guard let officer else {
            return
        }
        guard approval.officers.contains(Officer(name: officer.name, key: officer.file.signingKey)) else {
            throw EscrowError.notAnOfficer(path: officer.path, officer.name)
        }
    }

    func publish(
        _ material: CAMaterial,
        _ plan: EscrowPlan,
        _ occasion: Occasion,
        after previous: EpochDocument?,
        to destination: Destination,
        signer: OpenedOfficer?
    ) throws {
        let new = try NewEpoch(
            of: material,
            as: plan,
            occasion: occasion,
            after: previous,
            pkcs12Name: destination.pkcs12Name,
            now: try clock.time()
        )
        var signatures: [(signer: Name, signature: SSHSignature)] = []
        if let signer {
            signatures.append(signer.sign(new.bytes, DocumentFormat.manifest))
        }
        let (epoch, pkcs12Path) = try new.publish(
            to: destination,
            isFirst: previous == nil,
            signatures: signatures
        )
        Output.line("\(escrow): escrowed \(material.newest.subject) in epoch \(new.manifest.epoch)")
        Output.line("certificate SHA-256: \(SHA256Digest(of: material.newest.der).grouped)")
        Output.line("manifest SHA-256:    \(new.digest)")
        Output.line("epoch:               \(epoch)")
        Output.line("key file:            \(pkcs12Path)")
        Output.line(
            "restored by:         \(plan.policy.text): \(plan.policy.fewestToRestore) people at least"
        )
        let newest = try EscrowDirectory(at: FilePath(escrow)).approvals().last
        if let newest, !newest.isInForce {
            announceSigners(newest.missing.filter { !plan.openSSHSigners.contains($0) })
            for name in newest.missing where plan.openSSHSigners.contains(name) {
                Output.next(
                    "\(name) must sign: ssh-keygen -Y sign -n \(DocumentFormat.manifest.namespace) -f KEY "
                        + "< \(newest.document.manifestPath) > \(newest.document.manifestPath).\(name).sig"
                )
            }
        }
        Output.next("put \(new.manifest.pkcs12.name) in two places that no custodian enters")
        if newest?.isInForce == true {
            Drill.announce(for: escrow)
        }
        switch try KeyStore(parsing: source).location {
        case .p12(let path): Output.next("\(path) still opens with its old password: destroy it")
        case .certutil(let path): Output.next("the key file in \(path) still opens with its old password: destroy it")
        case .pem, .opensslCA: break
        }
    }

    func announceSigners(_ names: [Name]) {
        guard let first = names.first else {
            return
        }
        let who = names.map(\.description)
        let list = who.count == 1 ? who[0] : who.dropLast().joined(separator: ", ") + " or " + who[who.count - 1]
        Output.next("\(list) must sign: ca-escrow sign \(escrow) -i \(first).identity")
    }
}
