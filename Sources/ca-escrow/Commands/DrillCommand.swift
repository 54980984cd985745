// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encoding
import Escrow

struct DrillCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        of: "drill",
        operands: "<escrow> [<options>]",
        abstract: "Do everything that a restore does, except the import; the recovered key signs a receipt.",
        discussion: """
            A quorum rebuilds the password, the PKCS#12 file is opened, every key is matched with its certificate, and \
            the CA's key signs the receipt; then everything is wiped. No part of the key is written. The drill \
            answers an auditor's challenge if one is open, so that its date need not be taken on trust.
            """,
        examples: ["ca-escrow drill acme.escrow --certificate acme.crt --purpose 'yearly test'"]
    )

    @OptionGroup var opening: OpeningOptions
    @Option(help: .of("text", "What the drill is for; the receipt records it.")) var purpose: String?
    @Option(help: .of("id", "The auditor's challenge, by the first digits of its ID (default: the only open one)."))
    var challenge: String?
    @Flag(help: "Only compare public keys: the CA's key signs nothing.") var noCaSignature = false
    @OptionGroup var report: ReportOption

    func validate() throws {
        try TextRule.validate(purpose, of: "--purpose")
    }

    func run() throws {
        let (opening, files) = try opening.opening()
        let act = Drill(opening, for: purpose, answering: challenge, isSigned: !noCaSignature)
        _ = try Terminal(files).attend { try act.run(attended: $0) }
    }
}
