// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Custody
import Escrow
import SystemPackage

struct Prove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        _superCommandName: CAEscrow.name,
        abstract: "Answer an auditor's challenge: prove that you know your share, without showing it."
    )

    @Argument(help: ArgumentHelp("Escrows.", valueName: "escrow")) var escrows: [String] = []
    @Option(
        help: ArgumentHelp("One challenge, by some digits of its ID (default: all that are open).", valueName: "id")
    )
    var challenge: String?
    @OptionGroup var options: CustodianOptions

    func run() throws {
        let acts = try options.acts()
        let now = try options.clock.time()
        var outbox = try Outbox(options.out)
        var isAnything = false
        for escrow in escrows {
            let directory = try EscrowDirectory(at: FilePath(escrow))
            let epoch = try acts.epoch(in: directory, given: options.manifest, now: now)
            let count = try Self.prove(epoch, challenge, in: directory, by: acts, now: now, into: &outbox)
            isAnything = isAnything || count > 0
        }
        guard isAnything else {
            Output.line("no challenge is open")
            throw ExitCode(ExitStatus.notYet.rawValue)
        }
        try outbox.finish(about: "proofs of \(acts.name): ca-escrow collect ESCROW FILE")
    }

    /// Answers challenges of one escrow that are not answered yet.
    ///
    /// - Returns: How many there are, answered before or now.
    static func prove(
        _ epoch: EpochDocument,
        _ wanted: String?,
        in directory: EscrowDirectory,
        by acts: CustodianActs,
        now: Timestamp,
        into outbox: inout Outbox
    ) throws -> Int {
        let challenges = try epoch.challenges(wanted, at: now)
        let given = try Evidence(of: epoch, in: directory).proofs.proofs
            .filter { $0.proof.document.custodian == acts.name }
        for challenge in challenges {
            let (id, document) = (challenge.identifier.prefix(8), challenge.document)
            if let answer = given.first(where: { $0.challenge.digest == challenge.digest }) {
                Output.line("\(directory.shown): challenge \(id) is answered already")
                try outbox.sendAgain(answer.proof.identifier, of: directory)
                continue
            }
            guard now <= document.expires else {
                throw Diagnostic(
                    "challenge \(id): expired \(document.expires.forPeople) (this machine: \(now.forPeople))",
                    hint: "the auditor makes a new one",
                    .refused
                )
            }
            Output.error(
                "ca-escrow: \(directory.shown): \(document.auditor.name) (\(document.auditor.key.fingerprint)) asks on "
                    + document.created.forPeople
            )
            guard !document.created.isLater(than: now) else {
                throw EscrowError.clockIsWrong(newest: document.created, path: challenge.path.string, now: now)
            }
            // The auditor's clock may be ahead by a little, and a proof is never older than its challenge.
            let time = max(now, document.created)
            let proof = try acts.withIdentity { identity in
                try epoch.prove(challenge, by: identity, at: acts.custodian.path, in: directory, now: time)
            }
            try acts.remember(epoch, in: directory)
            Output.line("\(directory.shown): proven: you know your share of \(epoch.manifest.certificate.subject)")
            try outbox.send(proof, of: directory, as: "proof")
        }
        return challenges.count
    }
}
