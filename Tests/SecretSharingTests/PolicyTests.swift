// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SecretSharing

@Suite("Policies")
struct PolicyTests {
    typealias G = Gate<String>

    private func gate(_ threshold: Int, _ members: [G.Member]) throws -> G {
        try G(threshold: threshold, members: members)
    }

    @Test("paths are written and read back", arguments: ["", "3", "2.1", "1.2.3.4", "1000"])
    func paths(text: String) throws {
        #expect(try #require(Path(text)).description == text)
    }

    @Test("other texts are no paths", arguments: ["0", "1001", "01", "1.", ".1", "1..2", "a", "+1", "1.2.3.4.5", " 1"])
    func notPaths(text: String) {
        #expect(Path(text) == nil)
    }

    @Test("a gate has 2 to 1,000 members and a threshold from 1 to their number")
    func gates() throws {
        #expect(throws: PolicyError<String>.memberCountOutOfRange(1)) { try gate(1, [.custodian("a")]) }
        #expect(throws: PolicyError<String>.memberCountOutOfRange(1001)) {
            try gate(2, (1...1001).map { .custodian("c\($0)") })
        }
        for threshold in [0, 3] {
            #expect(throws: PolicyError<String>.thresholdOutOfRange(threshold: threshold, memberCount: 2)) {
                try gate(threshold, [.custodian("a"), .custodian("b")])
            }
        }
    }

    @Test("the order of members decides nothing; who is in which gate, and how many it takes, does")
    func meaning() throws {
        let (a, b, c): (G.Member, G.Member, G.Member) = (.custodian("a"), .custodian("b"), .custodian("c"))
        let (d, e) = (G.Member.custodian("d"), G.Member.custodian("e"))
        let policy = try Policy(gate(2, [a, .gate(gate(2, [b, c, d]))]))
        #expect(policy.means(try Policy(gate(2, [.gate(gate(2, [d, b, c])), a]))))
        for other in [
            try gate(2, [a, .gate(gate(3, [b, c, d]))]), try gate(2, [a, .gate(gate(2, [b, c]))]),
            try gate(2, [b, .gate(gate(2, [a, c, d]))]), try gate(2, [a, .gate(gate(2, [b, c, e]))]),
            try gate(2, [a, b, c, d]), try gate(2, [a, e, .gate(gate(2, [b, c, d]))]),
        ] {
            let other = try Policy(other)
            #expect(!policy.means(other) && !other.means(policy), "\(other)")
        }
    }

    @Test("a person who could restore alone is named")
    func onePersonAlone() throws {
        let inner = try gate(2, [.custodian("a"), .custodian("b")])
        #expect(throws: PolicyError<String>.onePersonAlone("bob")) {
            try Policy(gate(1, [.gate(inner), .custodian("bob")]))
        }
        #expect(throws: PolicyError<String>.rootThresholdTooLow) {
            try Policy(gate(1, [.gate(inner), .gate(gate(2, [.custodian("c"), .custodian("d")]))]))
        }
    }

    @Test("a custodian appears once in the whole policy")
    func appearsTwice() throws {
        let inner = try gate(1, [.custodian("lea"), .custodian("leo")])
        #expect(throws: PolicyError<String>.custodianAppearsTwice("leo")) {
            try Policy(gate(2, [.gate(inner), .custodian("leo")]))
        }
    }

    @Test("at most 4 gates lie one inside the other, and at most 1,000 custodians")
    func limits() throws {
        var deep = try gate(2, [.custodian("a1"), .custodian("a2")])
        for level in 2...4 {
            deep = try gate(2, [.gate(deep), .custodian("b\(level)")])
        }
        #expect(try Policy(deep).fewestToRestore == 5)
        #expect(throws: PolicyError<String>.tooDeep(limit: 4)) {
            try Policy(gate(2, [.gate(deep), .custodian("c")]))
        }
        let many = try gate(2, (1...999).map { .custodian("m\($0)") })
        #expect(throws: PolicyError<String>.tooManyCustodians(1001, limit: 1000)) {
            try Policy(gate(2, [.gate(many), .custodian("x"), .custodian("y")]))
        }
        #expect(try Policy(gate(2, [.gate(many), .custodian("x")])).leaves.count == 1000)
    }

    @Test("the fewest people to restore and to block are counted through the tree")
    func fewest() throws {
        let nested = try Policy.nested()
        #expect(nested.fewestToRestore == 5)
        #expect(nested.fewestToBlock == 2)
        let flat = try Policy.flat(3, of: 5)
        #expect(flat.fewestToRestore == 3)
        #expect(flat.fewestToBlock == 3)
    }

    @Test("who is still needed is counted and named")
    func needed() throws {
        let nested = try Policy.nested()
        var needed = nested.needed(besides: ["olga", "alice", "bob"])
        #expect(needed.count == 2)
        #expect(needed.candidates == ["omar", "otto", "carol", "dave", "erin"])
        needed = nested.needed(besides: ["olga", "omar", "alice", "bob"])
        #expect(needed.count == 1)
        #expect(needed.candidates == ["carol", "dave", "erin"])
        needed = nested.needed(besides: ["olga", "omar", "alice", "bob", "erin"])
        #expect(needed.count == 0)
        #expect(needed.candidates == [])
    }
}
