// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import Files
import SystemPackage

struct Rekey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rekey",
        _superCommandName: CAEscrow.name,
        abstract: "Seal your own share to a new card of yours; nobody else's share changes.",
        discussion: """
            Makes a new epoch of the same secret, signed with your old identity; the card is signed with the new one. It \
            counts when the officers have signed it; then acknowledge your share with the new identity.
            """
    )

    @Argument(help: ArgumentHelp("Escrows.", valueName: "escrow")) var escrows: [String] = []
    @Option(help: ArgumentHelp("Your new card.", valueName: "file")) var card: String?
    @OptionGroup var options: CustodianOptions
    @Flag(help: "Answer yes to questions.") var yes = false

    func run() throws {
        guard options.out == nil else {
            throw Diagnostic("--out: a new epoch is a directory: copy it", .usage)
        }
        let acts = try options.acts()
        let now = try options.clock.time()
        let path = try card ?? Question.needed("Your new card", else: "--card FILE")
        let people = try PeopleGiven(at: [FilePath(path)])
        guard let card = people.card(of: acts.name) else {
            throw Diagnostic("\(path): not a card of \(acts.name)", .data)
        }
        if let end = card.validUntil, end <= now {
            throw EscrowError.cardExpired(path: path, acts.name, end)
        }
        for escrow in escrows {
            let place = FilePath(escrow)
            try DirectoryLock.during(place) { try rekey(place, to: card, by: acts, now: now) }
        }
    }

    private func rekey(_ place: FilePath, to card: Card, by acts: CustodianActs, now: Timestamp) throws {
        let directory = try EscrowDirectory(at: place)
        let epoch = try acts.epoch(in: directory, given: options.manifest, now: now)
        guard try directory.approvals().last?.document.digest == epoch.digest else {
            throw Diagnostic("\(place): a newer epoch waits for its officers' signatures", .refused)
        }
        guard epoch.manifest.person(named: acts.name)?.sealingKey != card.sealingKey else {
            throw Diagnostic("\(place): your share is sealed to this card already", .refused)
        }
        Output.error("ca-escrow: \(place): card SHA-256 \(card.digest)")
        try Question.confirm("Seal your share to this card?", isAnswered: yes)
        let (successor, signature) = try acts.withIdentity { identity in
            let share = try epoch.openShare(of: identity, at: acts.custodian.path, in: directory)
            let successor = try SuccessorEpoch(after: epoch, rekeyingTo: card, share: share, now: now)
            return (successor, identity.sign(successor.bytes, namespace: DocumentFormat.manifest.namespace))
        }
        try acts.remember(epoch, in: directory)
        let made = try successor.publish(in: place) { _, format in
            format == .manifest ? (acts.name, signature) : nil
        }
        Output.line("\(place): epoch \(successor.manifest.epoch): the share of \(acts.name) is sealed to the new card")
        Output.line("manifest SHA-256: \(successor.digest)")
        Output.line("epoch: \(made)")
        let missing = try EscrowDirectory(at: place).approvals().last?.missing.map(\.description) ?? []
        if let first = missing.first {
            let list = missing.joined(separator: ", ")
            Output.next(
                "\(epoch.manifest.approval.threshold) of \(list) must sign: ca-escrow sign \(place) -i \(first).identity"
            )
        }
        Output.next("then everybody acknowledges the new epoch; you with the new identity")
    }
}
