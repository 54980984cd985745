// SPDX-License-Identifier: Apache-2.0

import Audit
import Custody
import Encoding
import Escrow
import TestSupport
import Testing

@testable import Ceremony

/// Everybody is absent once at every step, and every role passes to somebody else there.
@Suite("People who are absent, late or replaced")
struct PeopleTests {
    private static let alternates: [Role: Name] = [.administrator: "max", .operator: "otto", .witness: "wim"]

    private func faults(_ held: HeldCeremony) -> [String] {
        ActCheck(of: held.transcript, held.plan, held.digest, against: held.script).faults
    }

    private func sample(_ kind: String) -> SamplePlan {
        var sample = SamplePlan.withAlternates
        sample.kind = kind
        return sample
    }

    /// What is said when somebody is not there, or has left: who takes over comes with it.
    private func leaving(_ person: Plan.Participant, for stranger: Name? = nil) -> [Act] {
        let role = person.roles.first { Role.leading.contains($0) }
        return [.absent(person.name)]
            + (role.map { role in
                let to = stranger ?? Self.alternates[role] ?? person.name
                return [
                    .replaced(.init(role: role, from: person.name, to: to, fullName: stranger.map { "\($0) Zorn" }))
                ]
            } ?? [])
    }

    @Test("everybody leaves at every step, and the ceremony is one", arguments: ["backup", "restore", "drill"])
    func matrix(kind: String) throws {
        let sample = sample(kind)
        let plan = try sample.plan()
        var count = 0
        // One for each role, and two custodians; where not everybody leaves at every step, everybody leaves at some.
        let names: [Name] = ["mick", "oscar", "wanda", "anna", "olga", "vera", "alice", "erin"]
        let leaving = plan.people.filter { names.contains($0.name) }
        let stride = TestRun.step(4)
        for (number, step) in try SamplePlan.script(plan).steps.enumerated() {
            for (position, person) in leaving.enumerated() where (number + position) % stride == 0 {
                let held = try HeldCeremony(sample, changes: [step.identifier: self.leaving(person)])
                #expect(held.transcript.isEnded)
                let early = try SamplePlan.script(plan).steps.prefix { $0.act != .backup && $0.act != .decide }
                let isShort =
                    kind == "backup" && person.roles == [.officer]
                    && (early.contains { $0.identifier == step.identifier } || step.act == .decide)
                let found = faults(held)
                #expect(found.count == (isShort ? 1 : 0), "\(person.name) at \(step.identifier): \(found)")
                #expect(isShort == found.contains { $0.hasSuffix("GO with 1 of the 2 officers who must sign") })
                #expect(CeremonyEvidence(of: plan, held.transcript).count.missing == 0)
                // Nobody who is absent says anything afterwards.
                let lines = held.transcript.lines
                let left = try #require(lines.firstIndex { $0.act == .absent(person.name) })
                #expect(!lines[(left + 1)...].contains { $0.actor == person.name })
                count += 1
            }
        }
        #expect(count > 120 / stride)
    }

    @Test("a role passes to somebody who is in no plan by an exception alone", arguments: Role.leading)
    func strangers(role: Role) throws {
        let sample = sample("drill")
        let plan = try sample.plan()
        for step in try SamplePlan.script(plan).steps where step.act != .close {
            let person = plan.people(with: role)[0]
            let held = try HeldCeremony(sample, changes: [step.identifier: leaving(person, for: "zoe")])
            #expect(faults(held) == [])
            let evidence = CeremonyEvidence(of: plan, held.transcript)
            let zoe = try #require(evidence.attestations.first { $0.name == "zoe" })
            #expect(zoe.roles == [role] && zoe.fullName == "zoe Zorn")
            #expect(!evidence.attestations.contains { $0.name == person.name })
            var without = Transcript(of: held.digest)
            for line in held.transcript.lines {
                if case .exception = line.act { continue }
                try without.add(line)
            }
            let found = ActCheck(of: without, plan, held.digest, against: held.script).faults
            #expect(found == ["zoe as \(role.title), whom the plan does not name for it, and no exception says why"])
        }
    }

    @Test("the policy decides whether enough people are there, and trials cover all of them")
    func quorums() throws {
        let names = ["alice", "bob", "carol", "dave", "erin"] as [Name]
        for bits in 0..<32 {
            let absent = names.enumerated().filter { bits >> $0.offset & 1 == 1 }.map(\.element)
            let present = names.filter { !absent.contains($0) }
            for kind in ["backup", "restore", "drill"] {
                let held = try HeldCeremony(sample(kind), changes: ["sign-in": absent.map { .absent($0) }])
                guard present.count >= 3 else {
                    #expect(
                        faults(held).contains {
                            $0.hasSuffix("GO with too few custodians for 3 of all")
                                || $0.contains("GO with too few custodians")
                        }
                    )
                    continue
                }
                #expect(faults(held) == [])
                guard kind != "restore" else {
                    continue
                }
                #expect(Set(held.script.tried) == Set(present))
                #expect(held.script.notCovered == absent)
                let accepting = held.script.steps.compactMap { step in
                    if case .acknowledge(let name) = step.act { name } else { nil }
                }
                #expect(accepting == (kind == "backup" ? present : []))
            }
        }
    }

    @Test("a nested policy: nobody is in a trial whose gate cannot be opened")
    func nested() throws {
        var sample = SamplePlan.withAlternates
        sample.policy = "2 of (2 of (alice, bob), carol, 1 of (dave, erin))"
        let held = try HeldCeremony(sample, changes: ["sign-in": [.absent("bob"), .absent("dave")]])
        #expect(faults(held) == [])
        #expect(held.script.tried == ["carol", "erin"])
        #expect(held.script.notCovered == ["alice", "bob", "dave"])
    }

    @Test("who comes later takes part from there; initials are those of the first time")
    func late() throws {
        let sample = sample("drill")
        let changes: [String: [Act]] = ["sign-in": [.absent("bob")], "go": [.arrived("BM")]]
        var held = try HeldCeremony(sample, changes: changes)
        // Everybody else's are XY at every step, and bob's too where the ceremony asks again.
        #expect(faults(held).allSatisfy { $0.hasSuffix("initials 'XY', where bob gave 'BM' before") })
        held = try HeldCeremony(sample, changes: ["sign-in": [.absent("bob")], "go": [.arrived("XY")]])
        #expect(faults(held) == [])
        #expect(held.script.notCovered == [])
        #expect(CeremonyEvidence(of: held.plan, held.transcript).attestations.count == held.plan.people.count)
    }

    @Test(
        "initials are 1 to 4 letters, and no command",
        arguments: [
            ("A", true), ("AM", true), ("Éçñø", true), ("ABCDE", false), ("", false), ("A1", false), ("no", false),
            ("NO", false), ("back", false), ("stop", false), ("x", false), ("A B", false),
        ]
    )
    func initials(text: String, isFit: Bool) {
        #expect(Initials.allows(text) == isFit)
    }

    @Test("a bag's number that was corrected is that of inventory and report")
    func corrections() throws {
        let held = try HeldCeremony()
        let index = try #require(held.transcript.lines.firstIndex { $0.step == "open-bags" && $0.act.word == .noted })
        let old = held.transcript.lines[index]
        let bag = try #require(old.act.entry)
        func transcript(_ correction: Act.Correction, by actor: Name = "mick") throws -> Transcript {
            var transcript = Transcript(of: held.digest)
            for line in held.transcript.lines {
                try transcript.add(line)
                if line.sequence == index + 1 {
                    try transcript.add(.corrected(correction), step: line.step, by: actor, at: line.time)
                }
            }
            return transcript
        }
        func faults(_ correction: Act.Correction, by actor: Name = "mick") throws -> [String] {
            ActCheck(of: try transcript(correction, by: actor), held.plan, held.digest, against: held.script).faults
        }
        let good = Act.Correction(line: index + 1, old: bag, new: "B-900")
        #expect(try faults(good) == [])
        let corrected = try transcript(good)
        #expect(Inventory(of: held.plan, corrected).items[0].bagOut == "B-900")
        #expect(corrected.corrections.map(\.made) == [good])
        let number = index + 2
        #expect(
            try faults(good, by: "wanda") == [
                "line \(number): 'corrected' by wanda, who is not the ceremony administrator"
            ]
        )
        for (correction, fault) in [
            (Act.Correction(line: index + 1, old: "other", new: "B-1"), "line \(index + 1): says '\(bag)'"),
            (.init(line: index + 1, old: bag, new: bag), "line \(index + 1): says '\(bag)'"),
            (.init(line: 1, old: bag, new: "B-1"), "line 1: nothing that can be corrected in this step"),
            (
                .init(line: index + 9, old: bag, new: "B-1"),
                "line \(index + 9): nothing that can be corrected in this step"
            ),
        ] {
            #expect(try faults(correction) == ["line \(number): \(fault)"])
        }
    }

    @Test("nobody replaces somebody who is there, or has a leading role already, or is absent themselves")
    func replacements() throws {
        let plan = try SamplePlan.withAlternates.plan()
        var roll = RollCall(of: plan)
        func fault(_ role: Role, _ from: Name, _ to: Name, _ fullName: String? = nil) -> String? {
            roll.fault(of: .init(role: role, from: from, to: to, fullName: fullName))
        }
        #expect(fault(.operator, "oscar", "otto") == "oscar: not an absent operator")
        #expect(fault(.custodian, "alice", "bob") == "custodian: not a role that passes to somebody else")
        let line = try TranscriptLine(
            sequence: 1,
            time: Timestamp(secondsSinceEpoch: 1_803_891_600),
            step: "sign-in",
            actor: "mick",
            act: .absent("oscar"),
            previous: SamplePlan.digest
        )
        roll.take(line)
        #expect(fault(.operator, "oscar", "otto") == nil)
        // What cannot be so changes nothing, whatever a transcript says.
        let forged = try TranscriptLine(
            sequence: 2,
            time: line.time,
            step: "sign-in",
            actor: "mick",
            act: .replaced(.init(role: .operator, from: "oscar", to: "mallory")),
            previous: line.digest
        )
        roll.take(forged)
        #expect(roll.holder(of: .operator) == "oscar")
        #expect(fault(.operator, "oscar", "wanda") == "wanda: witness already")
        #expect(fault(.operator, "oscar", "oscar") == "oscar: absent")
        let needed = "a full name is needed of somebody who is in no plan, and of nobody else"
        #expect(fault(.operator, "oscar", "zoe") == "zoe: \(needed)")
        #expect(fault(.operator, "oscar", "otto", "Otto Oort") == "otto: \(needed)")
    }
}
