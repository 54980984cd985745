// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import Files
import SystemPackage

struct EnrolCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enrol",
        abstract: "Have whoever has a card show that they can unseal, before they become custodians.",
        subcommands: [Challenge.self, Verify.self]
    )

    struct Challenge: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "challenge",
            abstract: "Seal a random number to each card, for its custodian to answer.",
            discussion: """
                One parcel holds the cards and your signed challenges. Custodians run 'answer' with it; what they send back \
                goes to 'enrol verify'. Let each of them read the words of their card to you.
                """
        )

        @Argument(help: ArgumentHelp("Cards, and directories of them.", valueName: "card")) var cards: [String] = []
        @OptionGroup var acting: IdentityOptions
        @Option(
            help: ArgumentHelp("How long they may answer (default: 14d, at most 90d).", valueName: "duration")
        )
        var expires = "14d"
        @Option(help: ArgumentHelp("The parcel for the custodians.", valueName: "file")) var out: String?
        @OptionGroup var clock: TimeOption

        func run() throws {
            let (officer, files) = try acting.oneWithFiles()
            let now = try clock.time()
            let limit = EnrolmentChallenge.longestSeconds
            let end = now.adding(
                seconds: try DurationOption.seconds(from: expires, option: "--expires", in: 1...limit)
            )
            let out = try out ?? Question.needed("The parcel for the custodians", else: "--out FILE")
            guard try Files.kind(of: FilePath(out)) == nil else {
                throw FileError.exists(path: out)
            }
            let people = try PeopleGiven(at: cards.map { FilePath($0) })
            let asked = try wanted(people, officer, now)
            let identity = try officer.open(files)
            let signer = Officer(name: identity.name, key: identity.signingKey)
            var sent: [Parcel.File] = []
            for card in asked {
                let challenge: EnrolmentChallenge
                do {
                    challenge = try EnrolmentChallenge(to: card, by: signer, at: now, until: end)
                } catch {
                    throw Diagnostic("\(people.path(of: card.name)): \(error)", .data)
                }
                sent += challenge.parcelFiles(to: card, signedBy: identity)
                let digest = SHA256Digest(of: challenge.encoded())
                Output.line(
                    "\(people.path(of: card.name)): challenge \(digest.short) to \(card.name), until \(end.forPeople)"
                )
                EnrolCommand.read(card: card.digest, challenge: digest).forEach(Output.line)
            }
            let names = asked.map(\.name.description).joined(separator: ", ")
            let text = "\(signer.name) asks \(names) to show that they can unseal: ca-escrow answer FILE"
            let about = TextRule.allows(text) ? text : "\(signer.name) asks custodians: ca-escrow answer FILE"
            try Files.create(FilePath(out), Parcel(about: about, files: sent).encoded(), permissions: .publicFile)
            Output.line("parcel: \(out)")
            Output.next("send \(ShellWord.path(out)) to \(names); they run: ca-escrow answer FILE")
            Output.next(
                "let each of them, on a number you know, read the card's words to you; read the challenge's to them"
            )
        }

        /// The cards of others that are valid still.
        private func wanted(_ people: PeopleGiven, _ officer: IdentityOnDisk, _ now: Timestamp) throws -> [Card] {
            let cards = people.cardNames.compactMap { people.card(of: $0) }
            for card in cards {
                if let end = card.validUntil, end <= now {
                    throw EscrowError.cardExpired(path: people.path(of: card.name), card.name, end)
                }
            }
            let (own, others) = (cards.filter { isOwn($0, officer) }, cards.filter { !isOwn($0, officer) })
            guard !others.isEmpty else {
                throw own.isEmpty
                    ? Diagnostic("\(self.cards.joined(separator: ", ")): no card", .data)
                    : EscrowError.enrolment(path: people.path(of: own[0].name), .askedThemselves(officer.name))
            }
            for card in own {
                Output.warning("\(people.path(of: card.name)): left out: your own: another officer asks you")
            }
            return others
        }

        private func isOwn(_ card: Card, _ officer: IdentityOnDisk) -> Bool {
            card.name == officer.name || card.signingKey == officer.file.signingKey
        }
    }
}

extension EnrolCommand {
    /// What both sides of a telephone read, and see alike: the custodian's card, and the officer's challenge.
    static func read(card: SHA256Digest, challenge: SHA256Digest) -> [String] {
        let (card, challenge) = (ComparisonCode(of: card), ComparisonCode(of: challenge))
        return [
            "    card's words:       \(card.words.joined(separator: " "))",
            "    card's digits:      \(card.digits.joined(separator: " "))",
            "    challenge's words:  \(challenge.words.joined(separator: " "))",
            "    challenge's digits: \(challenge.digits.joined(separator: " "))",
        ]
    }
}
