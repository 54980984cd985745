// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import SystemPackage

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Check escrows with no secret and no custodian.",
        discussion: """
            Ends with 0 when every check was made and passed, with 1 when one was not made, with 2 when one failed. \
            Without --signers nobody vouches for an escrow: the verdict is NOT ANCHORED.
            """
    )

    @Argument(help: ArgumentHelp("Escrows.", valueName: "escrow")) var escrows: [String]
    @OptionGroup var signers: SignersOptions
    @OptionGroup var certificate: CertificateOption
    @Option(help: ArgumentHelp("The PKCS#12 file, or its directory (default: beside the escrow).", valueName: "path"))
    var pkcs12: String?
    @Flag(help: "The PKCS#12 file is not here, and that is meant.") var withoutPkcs12 = false
    @Option(help: ArgumentHelp("Another epoch than the one in force.", valueName: "number")) var epoch: Int?
    @OptionGroup var clock: TimeOption
    @Flag(help: "The report as JSON.") var json = false
    @Flag(help: "Say nothing about escrows that are sound.") var quiet = false

    func validate() throws {
        if withoutPkcs12, pkcs12 != nil {
            throw ValidationError("--pkcs12 and --without-pkcs12 exclude one another")
        }
    }

    func run() throws {
        let input = AuditInput(
            anchor: try signers.anchor(),
            certificate: try certificate.trust(),
            pkcs12: pkcs12.map { FilePath($0) },
            isWithoutPKCS12: withoutPkcs12,
            time: try clock.time(),
            epoch: epoch
        )
        var audits: [Audit] = []
        var unread: [Diagnostic] = []
        for (number, escrow) in escrows.enumerated() {
            let progress =
                escrows.count == 1 ? "auditing \(escrow)" : "auditing \(number + 1) of \(escrows.count): \(escrow)"
            do throws(EscrowError) {
                audits.append(
                    try Output.whileShowing(progress) { () throws(EscrowError) in
                        try Audit(of: FilePath(escrow), with: input)
                    }
                )
            } catch {
                // One that cannot be read does not silence the others.
                guard let diagnostic = Diagnostic(error), escrows.count > 1 else {
                    throw error
                }
                diagnostic.report()
                unread.append(diagnostic)
            }
        }
        guard !audits.isEmpty else {
            throw ExitCode(unread[0].status.rawValue)
        }
        audits.checkForRecurrences()
        let status = unread.first?.status.rawValue ?? audits.map(\.verdict.exitStatus).max() ?? 0
        if json {
            Output.bytes(
                JSONValue.object([
                    "audits": .array(audits.map(\.json)),
                    "exitStatus": .integer(UInt64(status)),
                    "format": .string("ca-escrow/v1/audit"),
                ]).encoded()
            )
        } else {
            for audit in audits where !quiet || audit.verdict.exitStatus != 0 {
                audit.lines.forEach(Output.line)
            }
        }
        guard status == 0 else {
            throw ExitCode(status)
        }
    }
}
