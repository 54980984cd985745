// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import SecretSharing
import SystemPackage
import TestSupport
import Testing

@testable import Escrow

/// Policies as people write them.
@Suite struct PolicyTextTests {
    @Test(
        "what is no policy is refused with its column",
        arguments: [
            ("", "a name or a threshold", "", 1), ("  ", "a name or a threshold", "", 3),
            ("3", "'of'", "", 2), ("3 alice", "'of'", "alice", 3), ("3 OF (a, b)", "'of'", "OF", 3),
            ("3of (a, b)", "a threshold such as 3", "3of", 1), ("03 of (a, b)", "a threshold such as 3", "03", 1),
            ("3x", "a threshold such as 3", "3x", 1), ("3.0 of (a, b)", "a threshold such as 3", "3.0", 1),
            ("99999999999999999999 of (a, b)", "a threshold such as 3", "99999999999999999999", 1),
            ("3 of", "'(' or 'all'", "", 5), ("3 of al", "'(' or 'all'", "al", 6), ("3 of )", "'(' or 'all'", ")", 6),
            ("3 of (", "a name or a threshold", "", 7), ("3 of ()", "a name or a threshold", ")", 7),
            ("3 of (,a)", "a name or a threshold", ",", 7), ("3 of ((a, b))", "a name or a threshold", "(", 7),
            ("3 of (a", "')'", "", 8), ("3 of (a,", "a name or a threshold", "", 9),
            ("3 of (a,)", "a name or a threshold", ")", 9), ("3 of (a b)", "')'", "b", 9),
            ("3 of (a, b) x", "the end", "x", 13), ("3 of (a, b))", "the end", ")", 12),
            ("3 of all x", "the end", "x", 10), ("3 of all (a, b)", "the end", "(", 10),
            ("2 of (2 of (a, b), 2 off (c, d))", "'of'", "off", 22),
            ("2 of\n(a,\tb", "')'", "", 11), (", ", "a name or a threshold", ",", 1),
            ("alice", "a threshold, as in '3 of (alice, bob, carol, dave, erin)'", "alice", 1),
        ]
    )
    func errors(text: String, expected: String, found: String, column: Int) {
        #expect(throws: PolicyTextError.expected(expected, found: found, column: column)) { try PolicyText(text) }
    }

    @Test("a name outside the grammar is named with the reason")
    func names() {
        #expect(throws: PolicyTextError.name("Alice", .character("A", in: "Alice"))) {
            try PolicyText("2 of (Alice, bob)")
        }
        #expect(throws: PolicyTextError.name("of", .reserved("of"))) { try PolicyText("2 of (of, bob)") }
        #expect(throws: PolicyTextError.name("bob.", .lastIsSeparator("bob."))) { try PolicyText("2 of (a, bob.)") }
        #expect(throws: PolicyTextError.name("-1", .firstIsNoLetter("-1"))) { try PolicyText("-1 of (a, b)") }
        // A digit of another script, and a blank of another width.
        #expect(throws: PolicyTextError.name("３", .character("３", in: "３"))) { try PolicyText("３ of (a, b)") }
        #expect(throws: PolicyTextError.name("a\u{a0}b", .character("\u{a0}", in: "a\u{a0}b"))) {
            try PolicyText("2 of (a\u{a0}b, c)")
        }
    }

    @Test("a text is not endless, and not endlessly deep")
    func limits() throws {
        #expect(throws: PolicyTextError.tooLong(byteCount: 65_537)) {
            try PolicyText(String(repeating: " ", count: 65_537))
        }
        func nested(_ depth: Int) -> String {
            depth == 0 ? "x" : "1 of (\(nested(depth - 1)), a\(depth))"
        }
        _ = try PolicyText(nested(4))
        #expect(throws: PolicyTextError.policy(.tooDeep(limit: 4))) { try PolicyText(nested(5)) }
        #expect(throws: PolicyTextError.policy(.tooDeep(limit: 4))) {
            try PolicyText(String(repeating: "1 of (", count: 10_000))
        }
    }

    @Test(
        "a text that is no policy of people is refused as the policy would be",
        arguments: [
            ("1 of (a, b)", .onePersonAlone("a")), ("3 of (a, b)", .thresholdOutOfRange(threshold: 3, memberCount: 2)),
            ("0 of (a, b)", .thresholdOutOfRange(threshold: 0, memberCount: 2)),
            ("1 of (a)", .memberCountOutOfRange(1)),
            ("2 of (a, a)", .custodianAppearsTwice("a")), ("2 of (2 of (a, b), a)", .custodianAppearsTwice("a")),
            ("1 of (2 of (a, b), 2 of (c, d))", .rootThresholdTooLow),
            ("1 of (2 of (a, b), 1 of (c, d))", .onePersonAlone("c")),
            ("4 of all", .thresholdOutOfRange(threshold: 4, memberCount: 3)),
            ("2 of (x, 2 of all, alice)", .custodianAppearsTwice("alice")),
        ] as [(String, PolicyError<Name>)]
    )
    func policies(text: String, error: PolicyError<Name>) throws {
        let text = try PolicyText(text)
        #expect(throws: PolicyTextError.policy(error)) { _ = try text.policy(all: ["alice", "bob", "carol"]) }
    }

    @Test("spaces are free, and the policy is printed in one way")
    func spaces() throws {
        for text in [
            "2 of (a, 2 of (b, c), d)", " 2  of(a,2 of(b,c),d) ", "\t2\nof\n(\na\n,\n2\nof\n(\nb\n,\nc\n)\n,\nd\n)\n",
        ] {
            #expect(try PolicyText(text).policy(all: []).text == "2 of (a, 2 of (b, c), d)")
        }
    }

    @Test("'all' stands for those given, at any place where a gate may stand")
    func all() throws {
        let people: [Name] = ["alice", "bob", "carol"]
        #expect(try PolicyText("2 of all").policy(all: people).text == "2 of (alice, bob, carol)")
        #expect(
            try PolicyText("2 of (olga, 2 of all)").policy(all: people).text == "2 of (olga, 2 of (alice, bob, carol))"
        )
        #expect(try PolicyText("2 of all") == .all(threshold: 2))
    }

    @Test("'all' are those with a card who are no officers")
    func allGiven() throws {
        let cast = try Cast.regular
        let people = try PeopleGiven(at: [cast.cards])
        let approval = try people.approval(PolicyText("2 of (olga, omar, otto)"))
        let custodians = Cast.custodians.map(\.description).joined(separator: ", ")
        #expect(try people.policy(PolicyText("3 of all"), officers: approval).text == "3 of (\(custodians))")
        let officers = try PeopleGiven(at: ["olga", "omar"].map { cast.cards.appending("\($0).card") })
        let two = try officers.approval(PolicyText("2 of (olga, omar)"))
        #expect(throws: EscrowError.person(.nobodyGiven)) {
            _ = try officers.policy(PolicyText("2 of all"), officers: two)
        }
    }

    @Test("officers are written flat, and have a key")
    func officers() throws {
        let people = try PeopleGiven(at: [Cast.regular.cards])
        for text in ["2 of (olga, 2 of (omar, otto))", "2 of all"] {
            #expect(throws: EscrowError.approval(.nested)) { _ = try people.approval(PolicyText(text)) }
        }
        #expect(throws: EscrowError.approval(.officerAppearsTwice("olga"))) {
            _ = try people.approval(PolicyText("1 of (olga, olga)"))
        }
        #expect(throws: EscrowError.approval(.thresholdOutOfRange(threshold: 3, officerCount: 2))) {
            _ = try people.approval(PolicyText("3 of (olga, omar)"))
        }
        let everybody = (Cast.custodians + Cast.officers).sorted()
        #expect(throws: EscrowError.person(.noOfficer("wanda", given: everybody))) {
            _ = try people.approval(PolicyText("1 of (wanda)"))
        }
        #expect(try people.approval(PolicyText("1 of (otto, olga)")).text == "1 of (olga, otto)")
    }

    @Test("a policy printed and read again is the same", arguments: 0..<40)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var count = 0
        let root = Self.gate(depth: 1, atLeast: 2, &count, &generator)
        let policy = try Policy(root)
        let text = try PolicyText(policy.text)
        #expect(try text.policy(all: []) == policy, "seed \(seed)")
        // With blanks strewn in wherever they may stand.
        let strewn = policy.text.map { character -> String in
            let blanks = [" ", "", "\n", "  ", "\t"].randomElement(using: &generator) ?? ""
            return "(),".contains(character) ? "\(blanks)\(character)\(blanks)" : "\(character)"
        }
        #expect(try PolicyText(strewn.joined()) == text, "seed \(seed)")
    }

    /// A gate of 2 to 6 members at random, of gates while there may be some.
    private static func gate(
        depth: Int,
        atLeast: Int,
        _ count: inout Int,
        _ generator: inout SeededGenerator
    ) -> Gate<Name> {
        let memberCount = Int.random(in: 2...6, using: &generator)
        var members: [Gate<Name>.Member] = []
        for _ in 0..<memberCount {
            if depth < 4, Int.random(in: 0..<4, using: &generator) == 0 {
                members.append(.gate(gate(depth: depth + 1, atLeast: 1, &count, &generator)))
            } else {
                count += 1
                members.append(.custodian(Name(stringLiteral: "p\(count).x-\(count % 7)")))
            }
        }
        do {
            return try Gate(threshold: Int.random(in: atLeast...memberCount, using: &generator), members: members)
        } catch {
            preconditionFailure("a gate within the limits: \(error)")
        }
    }
}
