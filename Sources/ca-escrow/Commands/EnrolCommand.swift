// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Encoding
import Escrow
import SystemPackage

struct EnrolCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enrol",
        abstract: "Ask owners of cards to show that they can unseal, before they become custodians.",
        subcommands: [Challenge.self, Verify.self]
    )

    struct Challenge: ParsableCommand {
        static let configuration = CommandConfiguration(
            of: "enrol challenge",
            operands: "<card> ... -i <identity> [<options>]",
            abstract: "Seal a random number to each card, for its custodian to answer.",
            discussion: """
                One parcel holds the cards and your signed challenges. Custodians run 'answer' on it; what they send \
                back goes to 'enrol verify'. Have each of them read the words of their card to you.
                """,
            examples: ["ca-escrow enrol challenge cards -i olga.identity --out enrol.parcel"]
        )

        @Argument(help: .of("card", "Cards, and directories of them.")) var cards: [String]
        @OptionGroup var acting: IdentityOptions
        @Option(help: .of("duration", "How long custodians have to answer, at most 90d.")) var expires = "14d"
        @Option(help: .of("file", "The parcel for the custodians.")) var out: String?
        @OptionGroup var clock: TimeOption

        func run() throws {
            let (officer, files) = try acting.oneWithFiles()
            let now = try clock.time()
            let limit = EnrolmentChallenge.longestSeconds
            let end = now.adding(
                seconds: try DurationOption.seconds(from: expires, option: "--expires", in: 1...limit)
            )
            let out = try out ?? Question.needed("The parcel for the custodians", else: "--out FILE")
            let act = Enrol(cards.map { FilePath($0) }, by: officer, until: end, to: FilePath(out), now: now)
            let asked = try Terminal(files).attend { try act.run(attended: $0) }
            for one in asked {
                Output.line("\(one.path): challenge \(one.challenge.short) to \(one.card.name), until \(end.forPeople)")
                EnrolCommand.read(card: one.card.digest, challenge: one.challenge).forEach(Output.line)
            }
            Output.line("parcel: \(out)")
            Output.next(NextStep.send(FilePath(out), to: asked.map(\.card.name), toRun: "answer"))
            Output.next(
                "let each of them, on a number you know, read the card's words to you; read the challenge's to them"
            )
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
