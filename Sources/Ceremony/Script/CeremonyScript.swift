// SPDX-License-Identifier: Apache-2.0

package import Custody
package import SecretSharing

/// The whole of a ceremony, step by step: what a run sheet prints and what the live ceremony goes through.
package struct CeremonyScript: Sendable {
    package let steps: [Step]

    private init(_ script: Script<Closed>) {
        steps = script.steps
    }

    /// The script that a plan asks for.
    ///
    /// - Parameters:
    ///   - policy: The policy of the plan, with its people.
    ///   - officers: Those who must sign, in the order of the plan.
    package init(for plan: Plan, policy: Policy<Name>, officers: [Name]) {
        let opened = Script.empty
            .signIn(plan.people.map(\.name))
            .openBags(Self.opening(of: plan))
            .inspect()
        let quorums = policy.coveringQuorums()
        let achieved: Script<Achieved> =
            switch plan.kind {
            case .backup:
                opened.plan(withCards: true)
                    .decide("from here on the shares exist, and a second run makes a second set.")
                    .backup()
                    .approve(officers)
                    .tryOut(quorums)
                    .acknowledge(policy.leaves.map(\.custodian))
            case .restore:
                opened.plan(withCards: false)
                    .decide("from here on the key is whole on this machine, and the escrow is used.")
                    .restore()
            case .drill:
                opened.plan(withCards: false)
                    .decide("from here on the key is rebuilt in this machine's memory.")
                    .drill(quorums)
            }
        self.init(achieved.closeBags(Self.closing(of: plan)).attest(Self.key(of: plan)).close())
    }

    /// How long it should take, in minutes.
    package var minutes: Int { steps.map(\.minutes).reduce(0, +) }

    package func step(_ identifier: String) -> Step? { steps.first { $0.identifier == identifier } }

    private static func opening(of plan: Plan) -> [String] {
        switch plan.kind {
        case .backup: ["Media come out of sealed packs. Bag and serial numbers are read aloud and written down."]
        case .restore, .drill:
            ["Bag numbers and seals are held against the inventory before a bag is opened."]
        }
    }

    private static func key(of plan: Plan) -> [String] {
        switch plan.kind {
        case .backup: ["The CA's key is back where the plan wants it; no copy stays on this machine."]
        case .restore:
            [
                "The key is at its destination, and nowhere else.",
                "The escrow is used: a new one is planned, and old PKCS#12 files are destroyed with a record.",
            ]
        case .drill: ["The rebuilt key is nowhere: it was wiped when each receipt was signed."]
        }
    }

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

    private static func closing(of plan: Plan) -> [String] {
        switch plan.kind {
        case .backup:
            ["Each medium is written, ejected, read again and compared.", "Bag number, content, holder, two initials."]
        case .restore, .drill: ["What came out of a bag goes into a new one. Its number, holder, two initials."]
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
