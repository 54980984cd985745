// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Escrow
import SystemPackage

struct AddCertificateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "add-certificate",
        operands: "<escrow> <file> ... -i <identity> [<options>]",
        abstract: "Add a CA certificate that was renewed with the same key; the key itself is not needed.",
        discussion: """
            No share changes: a restore brings the certificate back with its key, once officers have approved it. A \
            certificate for a new key needs 'backup', on the machine that has the key.
            """,
        examples: ["ca-escrow add-certificate acme.escrow renewed.crt -i olga.identity"]
    )

    @Argument(help: .of("escrow", "The escrow.")) var escrow: String
    @Argument(help: .of("file", "Certificates: DER, or PEM with one or more in a file.")) var certificates: [String]
    @OptionGroup var acting: IdentityOptions
    @OptionGroup var signers: SignersOptions
    @OptionGroup var clock: TimeOption

    func run() throws {
        let officer = try acting.one()
        var files = try PassphraseFiles(acting.passphraseFile)
        try files.check(askable: officer?.askable ?? [])
        let now = try clock.time()
        let act = AddCertificate(
            try certificates.flatMap { path in try Certificate.all(at: FilePath(path)).map { ($0, path) } },
            to: FilePath(escrow),
            by: officer,
            anchor: try signers.anchor(),
            now: now
        )
        let done = try Terminal(files).attend { try act.run(attended: $0) }
        Output.next(signersOf: done.approval, besides: done.signer, of: escrow)
    }
}
