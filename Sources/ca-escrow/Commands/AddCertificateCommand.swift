// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Custody
import Escrow
import Files
import SystemPackage

struct AddCertificateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-certificate",
        _superCommandName: CAEscrow.name,
        abstract: "Add a CA certificate that was renewed with the same key, without the key.",
        discussion: """
            No share changes: a restore brings the certificate back with its key, once officers have approved it. A \
            certificate for a new key needs 'backup', where that key is.
            """
    )

    @Argument(help: ArgumentHelp("The escrow.", valueName: "escrow")) var escrow = ""
    @Argument(help: ArgumentHelp("Certificates in PEM, also several in one file, or DER.", valueName: "file"))
    var certificates: [String] = []
    @OptionGroup var acting: IdentityOptions
    @OptionGroup var signers: SignersOptions
    @Flag(help: "Answer yes to questions.") var yes = false
    @OptionGroup var clock: TimeOption

    func run() throws {
        let officer = try acting.one()
        var files = try PassphraseFiles(acting.passphraseFile)
        try files.check(askable: officer.flatMap { $0.file.isWithoutPassphrase ? nil : [$0.name.description] } ?? [])
        guard try Files.kind(of: FilePath(escrow)) != nil else {
            throw FileError.system(path: escrow, .noSuchFileOrDirectory)
        }
        // One at a time, and never beside a backup that makes another epoch.
        let command = self
        try DirectoryLock.during(FilePath(escrow)) {
            try command.add(to: try EscrowDirectory(at: FilePath(command.escrow)), officer, files)
        }
    }

    private func add(to directory: EscrowDirectory, _ officer: IdentityOnDisk?, _ files: PassphraseFiles) throws {
        let acts = try officer.map { try ActingOfficer($0) }
        let newest = try acts?.inForce(in: directory) ?? directory.chain().requireInForce()
        let epoch = newest.document
        guard !epoch.manifest.isRetired else {
            throw EscrowError.retired(path: escrow)
        }
        let now = ClockRule.date(about: epoch.manifest, at: try clock.time())
        try ClockRule.check(epoch, at: now)
        try officer?.checkMaySign(epoch.manifest.approval)
        if try !signers.isVouched(newest, by: officer, at: escrow, now: now) {
            SignersOptions.warnOfStranger(escrow)
        }
        var joining: [Certificate] = []
        for path in certificates {
            for certificate in try CertificateFile.readAll(path) {
                let accepted = try JoiningCertificate(certificate, at: path, in: epoch, besides: joining)
                if let unchecked = accepted.unchecked {
                    Output.warning("\(path): \(unchecked)")
                }
                if certificate.notAfter < now.secondsSinceEpoch {
                    Output.warning("\(path): it expired on \(certificate.notAfterText)")
                }
                joining.append(certificate)
            }
        }
        let addition = CertificateAddition(escrow: escrow, epoch: epoch, certificates: joining, created: now)
        try addition.run(by: officer, files, isConfirmed: yes)
    }
}
