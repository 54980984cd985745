// SPDX-License-Identifier: Apache-2.0

package import Encoding
import Escrow
import Files
package import SecretSharing

/// The whole of a ceremony, step by step: what a run sheet prints and what the live ceremony goes through.
///
/// Shares are dealt, and the key is rebuilt, after the administrator has said go, and never before program, plan,
/// certificate and the escrow that is there were looked at; an escrow is approved and tried out before anybody accepts a share.
package struct CeremonyScript: Sendable {
    package let steps: [Step]
    /// How many steps the sheet has.
    let count: Int
    private let review: PlanReview

    /// The script that a plan asks for, by those who are there.
    ///
    /// - Parameter transcript: Says who is there: officers as the first signs, custodians as the first trial or the first
    ///   acceptance begins. Without it everybody is.
    package init(of review: PlanReview, in transcript: Transcript? = nil) {
        self.review = review
        let plan = review.plan
        let policy = review.policy
        let lines = transcript?.standing ?? []
        func there(before prefix: String) -> Set<Name> {
            let start = lines.firstIndex { $0.step.hasPrefix(bytesOf: prefix) && $0.step != StepRow.signIn }
            return Set(RollCall(of: plan, lines.prefix(upTo: start ?? lines.endIndex)).present.map(\.name))
        }
        let signing = review.officers.filter(there(before: "sign-").contains).prefix(review.officerThreshold)
        let accepting = policy.leaves.map(\.custodian).filter(there(before: "acknowledge-").contains)
        let opening: [Step.Act] = [
            .startMachine, .signIn(plan.people.map(\.name)), .openBags, .clock, .selfCheck, .compare(.plan),
            .planSignatures,
        ]
        let closing: [Step.Act] = [.closeBags, .putAway, .exceptions, .attest, .close]
        let quorums = policy.coveringQuorums(of: there(before: "drill-"))
        let trials: [Step.Act] = quorums.enumerated().map { quorum in
            .drill(Step.Trial(custodians: quorum.element, number: quorum.offset + 1, count: quorums.count))
        }
        let middle: [Step.Act] =
            switch plan.kind {
            case .backup:
                [.cards, .compare(.certificate), .decide, .backup, .compare(.manifest)] + signing.map { .sign($0) }
                    + [.audit] + trials + accepting.map { .acknowledge($0) } + [.writeMedia, .envelopes]
            case .restore: [.compare(.certificate), .compare(.manifest), .audit, .decide, .restore]
            case .drill: [.compare(.certificate), .compare(.manifest), .audit, .decide] + trials
            }
        let acts = opening + middle + closing
        guard transcript != nil else {
            steps = acts.enumerated().map { Step(number: $0.offset + 1, $0.element, of: plan.kind) }
            count = acts.count
            return
        }
        let planned = CeremonyScript(of: review)
        steps = planned.numbering(acts, of: plan.kind)
        count = planned.count
    }

    /// Steps with the numbers that the sheet gives them, which was printed before anybody was absent.
    ///
    /// A step that is on no sheet, such as another officer's signature, has the number of the first one of its sort that it
    /// stands for, or else of the step before it.
    private func numbering(_ acts: [Step.Act], of kind: Plan.Kind) -> [Step] {
        func sort(_ identifier: String) -> String { identifier.rest(before: "-") ?? identifier }
        let held = acts.map { StepRow(of: $0, in: kind).identifier }
        var free = steps.filter { !held.contains(bytesOf: $0.identifier) }
        var last = 0
        return zip(acts, held).map { act, identifier in
            if let step = step(identifier) {
                last = step.number
            } else if let index = free.firstIndex(where: { sort($0.identifier).isEqual(bytesOf: sort(identifier)) }) {
                last = free.remove(at: index).number
            }
            return Step(number: last, act, of: kind)
        }
    }

    /// How long it should take, in minutes.
    package var minutes: Int { steps.map(\.minutes).reduce(0, +) }

    /// Those in a trial restore, in the order of the trials, each once.
    var tried: [Name] {
        var names: [Name] = []
        for step in steps {
            if case .drill(let trial) = step.act {
                names += trial.custodians.filter { !names.contains($0) }
            }
        }
        return names
    }

    /// Custodians whom no trial restore had, since they were absent or too few of their group were there.
    package var notCovered: [Name] {
        review.plan.kind == .restore ? [] : review.policy.leaves.map(\.custodian).filter { !tried.contains($0) }
    }

    /// Why those who are there are too few for what the ceremony is for, or nothing.
    func shortage(of roll: RollCall) -> String? {
        let there = Set(roll.present.map(\.name))
        if !review.policy.isSatisfied(by: there) {
            return "too few custodians for \(review.policy.text)"
        }
        let officers = review.officers.filter(there.contains).count
        return review.plan.kind == .backup && officers < review.officerThreshold
            ? "\(officers) of the \(review.officerThreshold) officers who must sign" : nil
    }

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

extension Transcript {
    /// Holds the acts against the script: steps are begun in its order, each after the one before is done.
    ///
    /// - Throws: ``TranscriptError/step(line:found:expected:)``, ``TranscriptError/notClosed``
    package func check(against script: CeremonyScript, mustBeClosed: Bool) throws(TranscriptError) {
        var position = 0
        for line in lines where ![.opened, .resumed, .exception, .abandoned].contains(line.act.word) {
            guard position < script.steps.count else {
                throw .step(line: line.sequence, found: line.step, expected: "nothing more")
            }
            let expected = script.steps[position].identifier
            guard line.step == expected else {
                throw .step(line: line.sequence, found: line.step, expected: expected)
            }
            if line.act == .done {
                position += 1
            }
        }
        guard !mustBeClosed || lines.last?.act == .closed || lines.last?.act == .abandoned else {
            throw .notClosed
        }
    }
}

extension Policy<Name> {
    /// Smallest quorums of those who are there that together cover all of them whom a quorum can have, in the order of the
    /// policy: few, as a plain choice gives them.
    ///
    /// Each takes those first who have not been in one yet. Nobody in a quorum could be left out of it.
    package func coveringQuorums(of present: Set<Name>) -> [[Name]] {
        var waiting = root.reach(of: present)
        var quorums: [[Name]] = []
        while !waiting.isEmpty {
            let quorum = root.quorum(of: present, preferring: waiting)
            precondition(!waiting.isDisjoint(with: quorum), "the first member that is chosen has somebody who waits")
            waiting.subtract(quorum)
            quorums.append(quorum)
        }
        return quorums
    }
}

extension Gate<Name> {
    /// Those of the people there whom a quorum of them can have: nobody of a gate that they do not open.
    fileprivate func reach(of present: Set<Name>) -> Set<Name> {
        let reached = members.map { $0.reach(of: present) }.filter { !$0.isEmpty }
        return reached.count < threshold ? [] : reached.reduce(into: []) { $0.formUnion($1) }
    }

    /// As many members as the threshold says, those with somebody who waits first; of each gate among them the same.
    fileprivate func quorum(of present: Set<Name>, preferring waiting: Set<Name>) -> [Name] {
        let usable = members.filter { !$0.reach(of: present).isEmpty }
        let preferred = usable.filter { !$0.reach(of: present).isDisjoint(with: waiting) }
        let others = usable.filter { $0.reach(of: present).isDisjoint(with: waiting) }
        return (preferred + others).prefix(threshold).flatMap { member in
            switch member {
            case .custodian(let name): [name]
            case .gate(let gate): gate.quorum(of: present, preferring: waiting)
            }
        }
    }
}

extension Gate<Name>.Member {
    fileprivate func reach(of present: Set<Name>) -> Set<Name> {
        switch self {
        case .custodian(let name): present.contains(name) ? [name] : []
        case .gate(let gate): gate.reach(of: present)
        }
    }
}
