// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Escrow
import SecretSharing
import Testing

@testable import Ceremony

@Suite("Steps of a ceremony")
struct ScriptTests {
    private static let opening = [
        "machine", "sign-in", "open-bags", "clock", "self-check", "plan-digest", "plan-signatures",
    ]
    private static let closing = ["close-bags", "key", "exceptions", "attest", "close"]

    private func identifiers(_ sample: SamplePlan) throws -> [String] {
        try SamplePlan.script(try sample.plan()).steps.map(\.identifier)
    }

    @Test("a backup: dealing only after go, a trial by every custodian, then acceptance and bags")
    func backup() throws {
        let middle =
            ["cards", "certificate", "go", "backup", "manifest-digest", "sign-olga", "sign-omar", "audit"]
            + ["drill-1", "drill-2", "acknowledge-alice", "acknowledge-bob", "acknowledge-carol", "acknowledge-dave"]
            + ["acknowledge-erin", "write-media", "envelopes"]
        #expect(try identifiers(SamplePlan()) == Self.opening + middle + Self.closing)
    }

    @Test("a restore: the manifest and an audit before the key is whole")
    func restore() throws {
        let middle = ["certificate", "manifest-digest", "audit", "go", "restore"]
        #expect(try identifiers(SamplePlan(kind: "restore")) == Self.opening + middle + Self.closing)
    }

    @Test("a drill: quorums that cover everybody, and the key goes nowhere")
    func drill() throws {
        let middle = ["certificate", "manifest-digest", "audit", "go", "drill-1", "drill-2"]
        #expect(try identifiers(SamplePlan(kind: "drill")) == Self.opening + middle + Self.closing)
    }

    @Test("steps are numbered from 1, each word stands there once, and one step alone cannot be taken back")
    func steps() throws {
        for kind in Plan.Kind.allCases {
            let script = try SamplePlan.script(try SamplePlan(kind: kind.rawValue).plan())
            #expect(script.steps.map(\.number) == Array(1...script.steps.count))
            #expect(Set(script.steps.map(\.identifier)).count == script.steps.count)
            #expect(script.steps.filter(\.isIrreversible).map(\.identifier) == (kind == .drill ? [] : [kind.rawValue]))
            #expect(script.minutes == script.steps.map(\.minutes).reduce(0, +))
            #expect(script.steps.allSatisfy { !$0.actors.isEmpty && !$0.instructions.isEmpty })
        }
    }

    @Test("quorums satisfy the policy, are as small as can be, and cover every custodian")
    func quorums() throws {
        var random = Random(seed: 11)
        for _ in 0..<400 {
            var count = 0
            let root = try Self.gate(&random, depth: 0, &count)
            guard let policy = try? Policy(root) else {
                continue
            }
            let quorums = policy.coveringQuorums(of: Set(policy.leaves.map(\.custodian)))
            #expect(Set(quorums.flatMap(\.self)) == Set(policy.leaves.map(\.custodian)))
            for quorum in quorums {
                #expect(policy.isSatisfied(by: Set(quorum)))
                #expect(Set(quorum).count == quorum.count)
                for name in quorum {
                    #expect(!policy.isSatisfied(by: Set(quorum).subtracting([name])), "\(name) is not needed")
                }
            }
        }
    }

    private static func gate(_ random: inout Random, depth: Int, _ count: inout Int) throws -> Gate<Name> {
        var members: [Gate<Name>.Member] = []
        for _ in 0..<2 + random.below(4) {
            if depth < 2, random.below(4) == 0 {
                members.append(.gate(try gate(&random, depth: depth + 1, &count)))
            } else {
                count += 1
                members.append(.custodian(try Name("p\(count)")))
            }
        }
        return try Gate(threshold: 1 + random.below(members.count), members: members)
    }

    @Test("the two quorums of 3 of 5 are those that the sheet names")
    func named() throws {
        let steps = try SamplePlan.script(try SamplePlan().plan()).steps
        let drills = steps.compactMap { step -> String? in
            guard case .drill(let trial) = step.act else {
                return nil
            }
            return trial.custodians.map(\.description).joined(separator: " ")
        }
        #expect(drills == ["alice bob carol", "dave erin alice"])
    }
}
