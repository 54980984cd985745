// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Ceremony
import Escrow
import SystemPackage

struct SignCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        of: "sign",
        operands: "<path> ... -i <identity> [<options>]",
        abstract: "Approve a manifest, a request, an added certificate or a ceremony's plan.",
        discussion: """
            Takes an escrow, or one document in it. In an escrow, it signs everything that is waiting for you: the \
            newest manifest, requests, records, and certificates that were added. The file name of a ceremony's plan \
            is plan.json, or ends in .plan.json. With an OpenSSH key, use ssh-keygen, then 'ca-escrow collect'.
            """,
        examples: ["ca-escrow sign acme.escrow -i omar.identity"]
    )

    @Argument(help: .of("path", "Escrows, documents in them, parcels, or plans.")) var paths: [String]
    @OptionGroup var acting: IdentityOptions
    @Option(help: .of("name", "A change that you intend, by the name that 'sign' shows; may be repeated.")) var confirm:
        [String] = []
    @Option(help: .of("file", "Write the signatures into one file, to send.")) var out: String?
    @OptionGroup var clock: TimeOption
    @OptionGroup var report: ReportOption

    func run() throws {
        let (officer, files) = try acting.oneWithFiles()
        let (parcel, now, terminal) = (out.map { FilePath($0) }, try clock.time(), Terminal(files))
        var (plans, escrows): ([SignPlan], [FilePath]) = ([], [])
        for path in paths {
            if let plan = try terminal.attend({ try Self.plan(at: path, for: officer, to: parcel, attended: $0) }) {
                plans.append(plan)
            } else {
                escrows.append(FilePath(path))
            }
        }
        let act = Sign(escrows, by: officer, naming: confirm, isConfirmed: Question.isYes, parcel: parcel, now: now)
        let found = try terminal.attend { try act.found(attended: $0) }
        for plan in plans {
            try Self.sign(plan, terminal)
        }
        guard !found.documents.isEmpty else {
            if plans.isEmpty, found.signed.isEmpty {
                Output.line("nothing is waiting for \(officer.name)'s signature")
            }
            return
        }
        try terminal.attend { try found.signed(attended: $0) }.nextSteps.forEach(Output.next)
    }
}
