// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import Escrow
package import SecretSharing

/// What a policy comes to with the people who are to hold its shares: who restores, who can prevent it, what is unwise.
package struct PolicyReview: Sendable {
    package let policy: Policy<Name>
    /// Those of places that somebody has, in the order of ``Concentration/Kind``.
    package let concentrations: [Concentration]
    package let findings: [PlanFinding]
    /// Those whose cards were given, and who get no share.
    package private(set) var withoutShare: [Name] = []

    /// Of a policy as somebody writes it: `all` are those with a card, and those whom `people` calls custodians, but for
    /// who only has another part.
    ///
    /// - Throws: ``EscrowError/policy(_:)``
    package init(
        of text: PolicyText,
        cards: PeopleGiven,
        officers: [Name],
        among people: [Plan.Participant]
    ) throws(EscrowError) {
        let custodians = Set(people.filter { $0.roles.contains(.custodian) }.map(\.name))
        let others = Set(officers + people.map(\.name)).subtracting(custodians)
        do throws(PolicyTextError) {
            let all = custodians.union(cards.cardNames).subtracting(others).sorted()
            self.init(of: try text.policy(all: all), among: people)
        } catch {
            throw .policy(error)
        }
        withoutShare = Set(cards.cardNames).subtracting(policy.leaves.map(\.custodian)).sorted()
    }

    /// - Parameter people: Everybody who is known; nobody when only the policy is.
    /// - Parameter media: Where shares lie.
    package init(of policy: Policy<Name>, among people: [Plan.Participant], media: [Plan.Medium] = []) {
        self.policy = policy
        let kinds = people.isEmpty ? [] : Concentration.Kind.allCases
        concentrations = kinds.compactMap { Concentration($0, of: policy, among: people, media: media) }
        findings =
            Self.margins(policy) + concentrations.flatMap { Self.quorums($0, policy) } + Self.twins(policy, people)
    }

    /// What it comes to, in words; the findings stand for themselves.
    package var lines: [String] {
        [
            "policy: \(policy.text)",
            "restored by: at least \(policy.fewestToRestore) people; \(policy.fewestToBlock) can prevent it",
        ]
            + concentrations.map { place in
                let names = place.toRestore == .exactly(1) ? place.kind.title : place.kind.plural
                return "restored from: at least \(place.toRestore) \(names); \(place.toBlock) can prevent it"
            }
            + (withoutShare.isEmpty ? [] : ["no share: \(withoutShare.listed)"])
    }

    /// One place or line of management alone neither restores nor prevents a restore.
    private static func quorums(_ concentration: Concentration, _ policy: Policy<Name>) -> [PlanFinding] {
        let everybody = Set(policy.leaves.map(\.custodian))
        var findings: [PlanFinding] = []
        for (place, people) in concentration.places where people.count > 1 {
            let title = "\(concentration.kind.title) \(place.inQuotes)"
            let names = people.sorted().listed
            if policy.isSatisfied(by: people) {
                findings.warn("quorum-at-one-\(concentration.kind.rawValue)", "\(title): a quorum by itself: \(names)")
            } else if !policy.isSatisfied(by: everybody.subtracting(people)) {
                findings.warn(
                    "block-at-one-\(concentration.kind.rawValue)",
                    "\(title): no restore without it: \(names)"
                )
            }
        }
        return findings
    }

    /// A policy that the loss of one person breaks, or that everybody is needed for.
    private static func margins(_ policy: Policy<Name>) -> [PlanFinding] {
        policy.fewestToBlock > 1
            ? []
            : [
                .warning("no-margin", "the loss of one person prevents every restore: \(policy.text)")
            ]
    }

    /// One person under two names would count twice.
    private static func twins(_ policy: Policy<Name>, _ people: [Plan.Participant]) -> [PlanFinding] {
        let custodians = policy.leaves.map(\.custodian)
        var names: [String: Name] = [:]
        var findings: [PlanFinding] = []
        for person in people where custodians.contains(person.name) {
            if let other = names.updateValue(person.name, forKey: person.fullName) {
                let full = person.fullName.inQuotes
                findings.warn("same-person", "\(other) and \(person.name): both called \(full)")
            }
        }
        return findings
    }
}
