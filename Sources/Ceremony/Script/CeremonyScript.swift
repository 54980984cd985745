// SPDX-License-Identifier: Apache-2.0

package import Custody
package import SecretSharing

/// The whole of a ceremony, step by step: what a run sheet prints and what the live ceremony goes through.
///
/// Shares are dealt, and the key is rebuilt, after the administrator has said go, and never before program, plan and
/// certificate were looked at; an escrow is approved and tried out before anybody accepts a share.
package struct CeremonyScript: Sendable {
    package let steps: [Step]

    /// The script that a plan asks for.
    ///
    /// - Parameters:
    ///   - policy: The policy of the plan, with its people.
    ///   - officers: Those who must sign, in the order of the plan.
    package init(for plan: Plan, policy: Policy<Name>, officers: [Name]) {
        let opening: [Step.Act] = [
            .signIn(plan.people.map(\.name)), .openBags, .startMachine, .clock, .selfCheck, .compare(.plan),
            .planSignatures,
        ]
        let closing: [Step.Act] = [.closeBags, .putAway, .exceptions, .attest, .close]
        let quorums = policy.coveringQuorums()
        let trials: [Step.Act] = quorums.enumerated().map { quorum in
            .drill(Step.Trial(custodians: quorum.element, number: quorum.offset + 1, count: quorums.count))
        }
        let middle: [Step.Act] =
            switch plan.kind {
            case .backup:
                [.cards, .compare(.certificate), .decide, .backup, .compare(.manifest)] + officers.map { .sign($0) }
                    + [.audit] + trials + policy.leaves.map { .acknowledge($0.custodian) }
            case .restore: [.compare(.certificate), .decide, .compare(.manifest), .audit, .restore]
            case .drill: [.compare(.certificate), .decide, .compare(.manifest), .audit] + trials
            }
        steps = (opening + middle + closing).enumerated().map { act in
            Step(number: act.offset + 1, act.element, of: plan.kind)
        }
    }

    /// How long it should take, in minutes.
    package var minutes: Int { steps.map(\.minutes).reduce(0, +) }

    package func step(_ identifier: String) -> Step? { steps.first { $0.identifier == identifier } }

    /// What is due when everybody has gone, a line each.
    package static func afterwards(_ kind: Plan.Kind) -> [String] {
        switch kind {
        case .backup:
            [
                "Within the agreed days each custodian confirms where the medium is, and proves the share once.",
                "Officers send the manifest to everybody; an audit shows all receipts over one digest.",
                "The next drill and the next proofs are in the calendar.",
            ]
        case .restore:
            [
                "A new escrow is made, with a new key of its own where the CA's rules ask for one.",
                "Custodians destroy what they kept of their releases. Lessons are written down.",
            ]
        case .drill:
            [
                "Who did not take part is asked for a proof.",
                "The next drill takes other quorums, and is in the calendar.",
            ]
        }
    }
}

extension Policy<Name> {
    /// Smallest quorums that together cover every custodian, in the order of the policy: few, as a plain choice gives them.
    ///
    /// Each takes those first who have not been in one yet. Nobody in a quorum could be left out of it.
    package func coveringQuorums() -> [[Name]] {
        var waiting = Set(leaves.map(\.custodian))
        var quorums: [[Name]] = []
        while !waiting.isEmpty {
            let quorum = root.quorum(preferring: waiting)
            precondition(!waiting.isDisjoint(with: quorum), "the first member that is chosen has somebody who waits")
            waiting.subtract(quorum)
            quorums.append(quorum)
        }
        return quorums
    }
}

extension Gate<Name> {
    /// As many members as the threshold says, those with somebody who waits first; of each gate among them the same.
    fileprivate func quorum(preferring waiting: Set<Name>) -> [Name] {
        let preferred = members.filter { !$0.names.isDisjoint(with: waiting) }
        let others = members.filter { $0.names.isDisjoint(with: waiting) }
        return (preferred + others).prefix(threshold).flatMap { member in
            switch member {
            case .custodian(let name): [name]
            case .gate(let gate): gate.quorum(preferring: waiting)
            }
        }
    }
}

extension Gate<Name>.Member {
    fileprivate var names: Set<Name> {
        switch self {
        case .custodian(let name): [name]
        case .gate(let gate): gate.members.reduce(into: []) { $0.formUnion($1.names) }
        }
    }
}
