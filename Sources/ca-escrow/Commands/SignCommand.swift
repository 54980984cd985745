// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Ceremony
import Escrow
import SystemPackage

struct SignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        _superCommandName: CAEscrow.name,
        abstract: "Approve a manifest, a request, an added certificate or a ceremony's plan.",
        discussion: """
            Names an escrow, or one document in it. In an escrow it signs all that waits for you: the newest manifest, \
            requests, and certificates that were added. A ceremony's plan is called plan.json, or ends in .plan.json. With an OpenSSH key use ssh-keygen, then 'ca-escrow collect'.
            """
    )

    @Argument(help: ArgumentHelp("Escrows, documents in them, or plans.", valueName: "path")) var paths: [String]
    @OptionGroup var acting: IdentityOptions
    @Flag(help: "Answer yes to questions; never for a key that is new or another.") var yes = false
    @Option(
        help: ArgumentHelp("What changes and is meant, as 'sign' names it; may be repeated.", valueName: "name")
    )
    var confirm: [String] = []
    @OptionGroup var clock: TimeOption

    func run() throws {
        let (officer, files) = try acting.oneWithFiles()
        let plans = try paths.filter { Bundle.isPlan(FilePath($0)) }.map { try Self.plan(at: $0, for: officer) }
        let escrows = paths.filter { !Bundle.isPlan(FilePath($0)) }.map { FilePath($0) }
        let act = Sign(escrows, by: officer, naming: confirm, isConfirmed: yes, now: try clock.time())
        let terminal = Terminal(files, yes: yes)
        let found = try terminal.attend { try act.found(attended: $0) }
        for plan in plans {
            try Self.sign(plan, terminal)
        }
        guard !found.documents.isEmpty else {
            if plans.isEmpty {
                Output.line("nothing waits for \(officer.name)'s signature")
            }
            return
        }
        for escrow in try terminal.attend({ try found.signed(attended: $0) }) {
            DrillCommand.announce(for: escrow.string)
        }
    }
}
