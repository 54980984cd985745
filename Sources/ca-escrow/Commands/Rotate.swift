// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import Files
import SystemPackage

struct Rotate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Change who approves, without touching the shares.",
        subcommands: [Open.self]
    )

    /// A new epoch with other officers, of the same secret.
    struct Open: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "open",
            abstract: "Make an epoch with other officers: the same shares, in the same boxes.",
            discussion: "It counts when the old officers and the new ones have signed it, each to their threshold."
        )

        @Argument(help: ArgumentHelp("The escrow.", valueName: "escrow")) var escrow = ""
        @Option(help: ArgumentHelp("Who approves from now on: '2 of (olga, oscar, otto)'.", valueName: "policy"))
        var officers: String?
        @Option(
            help: ArgumentHelp(
                "A card or .pub file of a new officer, or a directory; may be repeated.",
                valueName: "file"
            )
        )
        var card: [String] = []
        @OptionGroup var acting: IdentityOptions
        @OptionGroup var signers: SignersOptions
        @Flag(help: "Answer yes to questions.") var yes = false
        @OptionGroup var clock: TimeOption

        func run() throws {
            let officer = try acting.oneOrAsked()
            var files = try PassphraseFiles(acting.passphraseFile)
            try files.check(askable: officer.file.isWithoutPassphrase ? [] : [officer.name.description])
            let text = try officers ?? Question.needed("Who approves from now on", else: "--officers POLICY")
            let given = try PeopleGiven(at: card.map { FilePath($0) })
            let place = FilePath(escrow)
            try DirectoryLock.during(place) { try open(place, text, given, officer, files) }
        }

        private func open(
            _ place: FilePath,
            _ text: String,
            _ given: PeopleGiven,
            _ officer: IdentityOnDisk,
            _ files: PassphraseFiles
        ) throws {
            let approvals = try EscrowDirectory(at: place).approvals()
            let now = try Clock.check(try clock.time(), against: approvals.map(\.document))
            guard let newest = approvals.last, newest.isInForce, approvals.inForce != nil else {
                throw approvals[approvals.count - 1].notInForce
            }
            let epoch = newest.document
            guard !epoch.manifest.isRetired else {
                throw EscrowError.retired(path: escrow)
            }
            try checkTrust(in: newest, officer)
            var people = given
            people.fill(from: try PeopleGiven(of: epoch))
            let approval = try Backup.approval(text, people)
            guard approval != epoch.manifest.approval else {
                throw Diagnostic("--officers: the same officers as now: nothing to do", .usage)
            }
            Output.error(
                "ca-escrow: \(escrow): approved by \(approval.text), where it was \(epoch.manifest.approval.text)"
            )
            try Question.confirm("Make the new epoch?", isAnswered: yes)
            let identity = OpenedOfficer(try officer.open(files))
            let successor = try SuccessorEpoch(after: epoch, approval: approval, now: now)
            let made = try successor.publish(in: place) { bytes, format in
                let isNew = approval.officer(named: officer.name)?.key == officer.file.signingKey
                return format == .manifest || isNew ? identity.sign(bytes, format) : nil
            }
            Output.line("\(escrow): epoch \(successor.manifest.epoch): approved by \(approval.text)")
            Output.line("manifest SHA-256: \(successor.digest)")
            Output.line("epoch: \(made)")
            if let missing = try EscrowDirectory(at: place).approvals().last?.missing, let first = missing.first {
                let list = missing.map(\.description).joined(separator: ", ")
                Output.next(
                    "\(epoch.manifest.approval.threshold) of the old officers and \(approval.threshold) of the new ones "
                        + "must sign, still asked are \(list): ca-escrow sign \(escrow) -i \(first).identity"
                )
            }
            Output.next(
                "then the custodians acknowledge the new epoch: ca-escrow acknowledge \(escrow) -i NAME.identity"
            )
        }

        private func checkTrust(in newest: EpochApproval, _ officer: IdentityOnDisk) throws {
            guard
                newest.document.manifest.approval.officers.contains(
                    Officer(name: officer.name, key: officer.file.signingKey)
                )
            else {
                throw EscrowError.notAnOfficer(path: officer.path, officer.name)
            }
            if let anchor = try signers.anchor() {
                _ = try anchor.check(newest, at: escrow)
                return
            }
            guard ManifestTrust.own(officer.file.signingKey, in: newest) != nil else {
                throw Diagnostic(
                    "\(escrow): nobody whom you know vouches for its manifest",
                    hint: "--signers FILE, or -i IDENTITY of an officer who signed it",
                    .refused
                )
            }
        }
    }
}
