// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Custody
import Escrow
import SecretSharing
import SystemPackage

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        _superCommandName: CAEscrow.name,
        abstract: "Open your own share and check it; nobody else is needed.",
        discussion: "Nothing secret is shown, and nothing is written."
    )

    @Argument(help: ArgumentHelp("Escrows.", valueName: "escrow")) var escrows: [String] = []
    @OptionGroup var acting: IdentityOptions
    @Option(help: ArgumentHelp("Another epoch than the one in force.", valueName: "number")) var epoch: Int?

    func run() throws {
        let custodian = try acting.oneOrAsked()
        var files = try PassphraseFiles(acting.passphraseFile)
        try files.check(askable: custodian.file.isWithoutPassphrase ? [] : [custodian.name.description])
        // Who is no custodian here is not asked for a passphrase.
        let directories = try escrows.map { try EscrowDirectory(at: FilePath($0)) }
        let approvals = try directories.map { try $0.approval(of: epoch) }
        _ = try Clock.check(Clock.now(), against: approvals.map(\.document))
        for approval in approvals where approval.document.manifest.person(named: custodian.name) == nil {
            throw EscrowError.notACustodian(path: custodian.path, custodian.name)
        }
        let seen = try SeenManifests(of: custodian.name, beside: FilePath(custodian.path))
        for (directory, approval) in zip(directories, approvals) where epoch == nil && approval.isInForce {
            try seen.check(approval.document, in: directory)
        }
        let identity = try custodian.open(files)
        for (directory, approval) in zip(directories, approvals) {
            let document = approval.document
            _ = try document.openShare(of: identity, at: custodian.path, in: directory)
            let manifest = document.manifest
            let path = manifest.policy.path(of: custodian.name) ?? .root
            let sealedIn = manifest.share(of: custodian.name)?.sealedIn ?? manifest.epoch
            let bond =
                sealedIn == manifest.epoch
                ? "bound to this manifest, and it matches the commitments"
                : "bound to epoch \(sealedIn), and it matches the commitments; this manifest stands on its signatures alone"
            Output.line("\(directory.path): share of \(custodian.name) (path \(path)): sealed to you, \(bond)")
            Output.line("  \(manifest.certificate.subject), epoch \(manifest.epoch), \(manifest.policy.text)")
            if manifest.isRehearsal {
                Output.line("  REHEARSAL: a test key")
            }
            Output.line("  certificate SHA-256: \(SHA256Digest(of: manifest.certificate.der).grouped)")
            Output.line("  manifest SHA-256:    \(document.digest)")
            if !approval.isInForce {
                Output.warning(approval.notInForce.description)
            } else if epoch == nil, !seen.has(document) {
                Output.next(
                    "compare the manifest's SHA-256 with an officer's, then: "
                        + "ca-escrow acknowledge \(directory.path) -i \(custodian.path)"
                )
            }
        }
    }
}
