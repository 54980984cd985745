// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Audit
import CertificateAuthority
import Encoding
import Escrow
import KeyStores
import SecretSharing
import SystemPackage

// What became of a backup, in words.
extension BackupWish {
    /// The option that says it.
    var option: String {
        switch self {
        case .policy: "--policy"
        case .officers: "--officers"
        case .people: "--card"
        case .title: "--title"
        case .iterationCount: "--iterations"
        case .pkcs12: "--pkcs12"
        case .state: "--with-state"
        }
    }
}

extension Backup.Made {
    /// Says what was made, and where it is.
    func show() {
        Output.line("\(escrow): escrowed \(manifest.certificate.subject) in epoch \(manifest.epoch)")
        Output.line("certificate SHA-256: \(SHA256Digest(of: manifest.certificate.der).grouped)")
        Output.line("manifest SHA-256:    \(digest)")
        Output.line("epoch:               \(path)")
        Output.line("key file:            \(pkcs12)")
        if let state {
            Output.line("state archive:       \(state)")
        }
        Output.line("restored by:         \(plan.policy.text): at least \(plan.policy.fewestToRestore) people")
        Report.note(manifest.reported(digest))
        Report.note([
            "directory": .text(path), "keyFile": .text(pkcs12), "stateArchive": state.map(JSONValue.text),
        ])
    }

    /// Says what is to be done with the files, and who must sign.
    fileprivate func announce(_ standing: EpochApproval?, escrow: String, _ source: Backup.Source) {
        if let standing, !standing.isApproved {
            Output.next(signers: standing.shortfalls.map { $0.without(plan.openSSHSigners) }, of: escrow)
            Report.note(["waitsFor": .texts(standing.missing)])
            for name in standing.missing where plan.openSSHSigners.contains(name) {
                let manifest = standing.document.manifestPath.string
                Output.next(
                    "\(name) must sign: ssh-keygen -Y sign -n \(DocumentFormat.manifest.namespace) -f KEY "
                        + "< \(ShellWord.path(manifest)) > \(ShellWord.path("\(manifest).\(name).sig"))"
                )
            }
        }
        Output.next("put \(manifest.pkcs12.name) in two places that no custodian enters")
        if let archive = manifest.state?.archive {
            Output.next("put \(archive.name) beside each of them: it holds no key")
        }
        if let standing, standing.isApproved, let directory = try? EscrowDirectory(at: FilePath(escrow)) {
            ComeIntoForce(standing, of: directory, at: FilePath(escrow)).nextSteps.forEach(Output.next)
        }
        if case .store(let store, _) = source {
            switch store.location {
            case .p12(let path): Output.next("\(path) still opens with its old password: destroy it")
            case .certutil(let path):
                Output.next("the key file in \(path) still opens with its old password: destroy it")
            case .pem, .opensslCA, .easyRSA, .stepCA, .pkcs11, .nss: break
            }
        }
        if let earlierPKCS12 {
            Output.next(
                "keep \(earlierPKCS12) as well: epoch \(manifest.epoch - 1) needs it, and its old quorum opens it"
            )
        }
    }
}

extension Backup.Done {
    /// Says how it ended, and what to do next.
    ///
    /// - Throws: Status 1 while officers have not signed what is there already.
    func announce(escrow: String, _ source: Backup.Source) throws {
        Report.note(["escrow": .text(escrow), "outcome": .text(outcome)])
        switch self {
        case .nothing(let manifest, let certificate): Self.show("nothing to do", escrow, manifest, certificate)
        case .draftWaits(let draft, let certificate):
            Self.show("already made, and waiting for officers", escrow, draft.document.manifest, certificate)
            Output.warning(draft.notInForce.description)
            Output.next(signers: draft.shortfalls, of: escrow)
            throw ExitCode(ExitStatus.notYet.rawValue)
        case .certificateWaits(let filed):
            Output.line("\(escrow): the renewed certificate was added, and is waiting for officers: \(filed.path)")
            Report.note(["record": .text(filed.path)])
            Output.next(signers: [filed.shortfall].compactMap(\.self), of: escrow)
            throw ExitCode(ExitStatus.notYet.rawValue)
        case .certificatesAdded(let done):
            Output.next(signersOf: done.approval, besides: done.signer, of: escrow)
        case .made(let made, let standing): made.announce(standing, escrow: escrow, source)
        }
    }

    /// What became of the backup in a word, for programs.
    private var outcome: String {
        switch self {
        case .nothing: "nothing-to-do"
        case .draftWaits: "draft-waits"
        case .certificateWaits: "certificate-waits"
        case .certificatesAdded: "certificates-added"
        case .made: "made"
        }
    }

    private static func show(_ words: String, _ escrow: String, _ manifest: Manifest, _ certificate: Certificate) {
        Report.note(["certificate": .text(SHA256Digest(of: certificate.der)), "epoch": .number(manifest.epoch)])
        Output.line(
            "\(escrow): \(words): epoch \(manifest.epoch) holds \(certificate.subject), "
                + "SHA-256 \(SHA256Digest(of: certificate.der).grouped)"
        )
    }
}
