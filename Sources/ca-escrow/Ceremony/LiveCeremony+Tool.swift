// SPDX-License-Identifier: Apache-2.0

import Ceremony
import Custody
import Escrow
import Files
import SystemPackage

// Steps at which the tool does something: each runs the command that does the same by itself.
extension LiveCeremony {
    /// Deals the shares once: an epoch appears whole or not at all, and one that the step has made already is the result.
    func backup() throws {
        try ensure("the shares are dealt", as: .noted) { [self] in
            let outcome = try run(BackupCommand.self, "backup", makes: "a new epoch", isMade: { epochMade() != nil }) {
                var arguments = [escrowArgument] + (plan.escrow.store.map { option("--from", $0) } ?? [])
                let isFirst = try Files.kind(of: escrowPath) == nil
                if let occasion = plan.escrow.occasion, !isFirst {
                    arguments += ["--occasion", occasion.rawValue] + signersOption
                }
                if isFirst || plan.escrow.occasion != nil {
                    arguments += ["--policy", files.review.policy.text, "--officers", files.approval.text]
                    arguments += plan.people.filter { !Set($0.roles).isDisjoint(with: [.custodian, .officer]) }
                        .compactMap(\.card).flatMap { option("--card", $0) }
                }
                return arguments + archiveOption + rehearsalOption
            }
            guard case .asExpected(let made, let notes) = outcome, let manifest = epochMade()?.manifest else {
                return outcome
            }
            // The PKCS#12 file lies outside of the escrow.
            let all = made + [.init(.output, manifest.pkcs12.name, manifest.pkcs12.sha256)]
            let differences = plan.differences(from: manifest, files.review.policy, files.approval)
            return differences.isEmpty
                ? .asExpected(files: all, notes: notes)
                : .otherwise(differences.joined(separator: "; "), files: all, notes: notes)
        }
        try initialBoth()
    }

    func sign(_ name: Name) throws {
        try ensure("\(name) signs the manifest", by: name, as: .noted) { [self] in
            guard files.people.card(of: name)?.signingKey == files.approval.officer(named: name)?.key else {
                CeremonyScreen.command([
                    "ssh-keygen", "-Y", "sign", "-n", DocumentFormat.manifest.namespace, "-f", "KEY",
                    "<", ShellWord.path(try epoch().manifestPath.string), ">", "manifest.json.\(name).sig",
                ]).forEach(CeremonyScreen.say)
                return try run(CollectCommand.self, "collect", leaves: .signature(name)) {
                    [escrowArgument, try ask("\(fullName(of: name)): the signature's file")]
                }
            }
            return try run(SignCommand.self, "sign", leaves: .signature(name)) {
                [escrowArgument] + option("-i", try identity(of: name))
            }
        }
    }

    func audit() throws {
        try ensure("an audit without findings") { [self] in
            try run(AuditCommand.self, "audit", isSound: { [.done, .notYet].contains($0) }) {
                let certificate = isThrowaway ? [] : option("--certificate", plan.authority.certificate)
                return [escrowArgument] + signersOption + certificate + archiveOption
            }
        }
        try initialBoth()
    }

    func drill(_ names: [Name]) throws {
        let people = names.map(\.description).joined(separator: ", ")
        let purpose =
            plan.escrow.purpose ?? TranscriptLine.Note("", cutting: "\(plan.title): \(step.title)").text
        try ensure("the key is rebuilt by \(people)", as: .noted) { [self] in
            let isMade = {
                self.hasAppeared(DrillReceipt.self) { receipt in
                    Set(receipt.custodians) == Set(names) && receipt.content.purpose == purpose
                }
            }
            return try run(DrillCommand.self, "drill", makes: "a receipt of \(people)", isMade: isMade) {
                var arguments = [escrowArgument] + option("--purpose", purpose)
                arguments += try trustOptions() + archiveOption + rehearsalOption
                for name in names {
                    arguments += option("-i", try identity(of: name))
                }
                return arguments
            }
        }
        try initialBoth()
    }

    func acknowledge(_ name: Name) throws {
        try ensure("\(name) accepts the share", by: name, as: .noted) { [self] in
            try run(AcknowledgeCommand.self, "acknowledge", leaves: .receipt(name)) {
                [escrowArgument] + option("-i", try identity(of: name))
            }
        }
    }

    /// Restores the key once: a record that the step has made already is the result.
    ///
    /// The record is the last thing that a restore writes. Without one the key may be in its place all the same: the
    /// command finds it there, leaves it as it is, and makes the record.
    func restore(isFresh: Bool) throws {
        let store = plan.escrow.store ?? ""
        try ensure("the key is restored", as: .noted) { [self] in
            let isMade = { self.hasAppeared(RestoreRecord.self) { $0.destination.isEqual(bytesOf: store) } }
            if !isFresh, !isMade() {
                CeremonyScreen.say("It was begun before the interruption, and no record of this restore is here.")
            }
            return try run(RestoreCommand.self, "restore", makes: "a record", isMade: isMade) {
                try [escrowArgument] + option("--to", store) + trustOptions() + archiveOption + rehearsalOption
            }
        }
        try initialBoth()
    }
}
