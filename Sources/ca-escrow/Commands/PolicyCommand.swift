// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Audit
import Ceremony
import Encoding
import Escrow
import SecretSharing
import SystemPackage

struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Try out a policy before you use it.",
        subcommands: [CheckPolicy.self]
    )
}

struct CheckPolicy: ReportingCommand {
    static let configuration = CommandConfiguration(
        of: "policy check",
        operands: "<policy> [<options>]",
        abstract: "Say how few people and places are enough to restore under a policy, and to prevent it.",
        discussion: "Exit status: 0 if there is nothing to say, 1 if there are warnings.",
        examples: ["ca-escrow policy check '2 of (1 of (lea, leo), 2 of (sam, sue, sid))'"]
    )

    @Argument(help: .of("policy", "Who restores: '2 of (alice, bob, carol)'.")) var policy: String
    @Option(help: .of("file", "People with their sites: JSON with 'people', or a ceremony's plan.")) var people: String?
    @Option(help: .of("file", "Cards, for 'all': files, or directories of them.")) var card: [String] = []
    @Option(help: .of("policy", "Who approves: these people's cards get no share.")) var officers: String?
    @OptionGroup var report: ReportOption

    static let reportName = "policy-check"

    func run() throws {
        let text = try PolicyText(policy)
        let people = try people.map { try Self.people(at: $0) } ?? []
        let given = try PeopleGiven(at: card.map { FilePath($0) })
        let officers = try officers.map { try given.approval(PolicyText(officers: $0)).officers.map(\.name) } ?? []
        let review = try PolicyReview(of: text, cards: given, officers: officers, among: people)
        let known = Set(people.map(\.name))
        let strangers = review.policy.leaves.map(\.custodian).filter { !known.contains($0) }
        if let file = self.people, !strangers.isEmpty {
            throw Diagnostic(
                "\(file): nobody is called \(strangers.listed)",
                .usage
            )
        }
        (review.lines + review.findings.map(\.words)).forEach(Output.line)
        let places = review.concentrations.map { place in
            let numbers = ["toBlock": JSONValue.text(place.toBlock), "toRestore": .text(place.toRestore)]
            return JSONValue.members(numbers.merging(["kind": .text(place.kind.rawValue)]) { $1 })
        }
        Report.note([
            "fewestToBlock": .number(review.policy.fewestToBlock),
            "fewestToRestore": .number(review.policy.fewestToRestore), "findings": .array(review.findings.map(\.json)),
            "places": .array(places), "policy": .text(review.policy.text), "withoutShare": .texts(review.withoutShare),
        ])
        try ExitStatus.end(review.findings.isEmpty ? 0 : 1)
    }

    private static func people(at path: String) throws -> [Plan.Participant] {
        let plan = RecognisedFile.document(DocumentFormat.plan.kind)
        let bytes = try plan.read(FilePath(path), limit: Plan.byteLimit, followingLinks: true) { $0 }
        return try PlanOption.naming(path) { try Plan.people(json: bytes) }
    }
}
