// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Custody
import Escrow
import SystemPackage

struct Acknowledge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "acknowledge",
        _superCommandName: CAEscrow.name,
        abstract: "Say in a signed receipt that you opened your share, and accept its custody.",
        discussion: """
            The share is opened and checked, and proven in the receipt without being shown. The first time, you type the \
            manifest's digest, from the ceremony's sheet or as an officer reads it to you.
            """
    )

    @Argument(help: ArgumentHelp("Escrows.", valueName: "escrow")) var escrows: [String] = []
    @OptionGroup var options: CustodianOptions

    func run() throws {
        let acts = try options.acts()
        let now = try options.clock.time()
        var outbox = try Outbox(options.out)
        let directories = try escrows.map { try EscrowDirectory(at: FilePath($0)) }
        let epochs = try directories.map { try acts.epoch(in: $0, given: options.manifest, now: now) }
        for (directory, epoch) in zip(directories, epochs) {
            try Self.acknowledge(epoch, in: directory, by: acts, now: now, into: &outbox)
        }
        try outbox.finish(about: "receipts of \(acts.name): ca-escrow collect ESCROW FILE")
    }

    /// Makes one receipt, unless there is one that counts.
    static func acknowledge(
        _ epoch: EpochDocument,
        in directory: EscrowDirectory,
        by acts: CustodianActs,
        now: Timestamp,
        into outbox: inout Outbox
    ) throws {
        let evidence = try Evidence(of: epoch, in: directory)
        if let receipt = evidence.receipt(of: acts.name), evidence.suspension(of: acts.name) == nil {
            try acts.remember(epoch, in: directory)
            Output.line("\(directory.shown): acknowledged already, on \(receipt.document.created.forPeople)")
            try outbox.sendAgain(receipt.identifier, of: directory)
            return
        }
        let receipt = try acts.withIdentity { identity in
            try epoch.acknowledge(by: identity, at: acts.custodian.path, in: directory, now: now)
        }
        try acts.remember(epoch, in: directory)
        Output.line("\(directory.shown): your share of \(epoch.manifest.certificate.subject) is sound: acknowledged")
        try outbox.send(receipt, of: directory, as: "receipt")
    }
}
