// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// docs/format.md: what it says in grammars holds for every vector, and what it counts is there.
@Suite("The specification")
struct SpecificationTests {
    private static let specification = Checkout.root.appending(path: "docs/format.md")
    private static let vectors = Checkout.root.appending(path: "Fixtures/vectors").path()

    private func run(_ command: String) throws -> String {
        try withTemporaryFolder { try Shell(folder: $0).run(command, isNormalised: false, limit: 600) }
    }

    @Test("every document of the vectors is one by the CDDL, and no altered copy is")
    func documents() throws {
        let found = try run(
            "find \(Self.vectors) '(' -path '*escrow/*.json' -o -name '*.identity' -o -name '*.card' -o -name '*.release' "
                + "-o -name '*.parcel' -o -path '*/cases/A-8.json' ')' ! -name 'expected*' -exec grammar.py documents {} +"
        )
        #expect(found == "171 documents are of the grammar, of 18 kinds; 2262 altered copies are not\n")
    }

    @Test("every name in the escrows of the vectors is one by the ABNF, and others are not")
    func names() throws {
        let names = try run("grammar.py names \(Self.vectors)/*/*.escrow")
        #expect(names.hasSuffix(" names are of the grammar\n") && !names.contains("' is no "), "\(names)")
        let people = "grammar.py texts person-name a alice a.b-c_d@e+f Alice a..b .a a- 7a 'a b' \"\" é"
        #expect(
            try run(people) == """
                a: yes
                alice: yes
                a.b-c_d@e+f: yes
                Alice: no
                a..b: no
                .a: no
                a-: no
                7a: no
                a b: no
                : no
                é: no

                """
        )
        let policies =
            "grammar.py texts policy '2 of (a, b)' '2 of (a, 1 of (b, c))' '2 of (a)' '2 of (a,b)' '0 of (a, b)' 'a' "
            + "'1000 of (a, b)' '1001 of (a, b)'"
        #expect(
            try run(policies) == """
                2 of (a, b): yes
                2 of (a, 1 of (b, c)): yes
                2 of (a): no
                2 of (a,b): no
                0 of (a, b): no
                a: no
                1000 of (a, b): yes
                1001 of (a, b): no

                """
        )
        let places =
            "grammar.py texts place README.txt ../README.txt 0001-00000000/manifest.json 0001-0000000G/manifest.json "
            + "0001-00000000/private.key $(printf ' 0001-00000000/records/20260101T000000Z-%s-%032d.json.casig' drill 0 void 0)"
        #expect(
            try run(places) == """
                README.txt: yes
                ../README.txt: no
                0001-00000000/manifest.json: yes
                0001-0000000G/manifest.json: no
                0001-00000000/private.key: no
                0001-00000000/records/20260101T000000Z-drill-00000000000000000000000000000000.json.casig: yes
                0001-00000000/records/20260101T000000Z-void-00000000000000000000000000000000.json.casig: no

                """
        )
        let ofPlans =
            "grammar.py texts policy '2 OF (a, b)'; grammar.py texts plan-policy '2 of all' ' 1 of( a ,b)' 'a' '2ofall'"
        #expect(
            try run(ofPlans) == """
                2 OF (a, b): no
                2 of all: yes
                 1 of( a ,b): yes
                a: no
                2ofall: no

                """
        )
        let ofCeremonies =
            "grammar.py texts step sign-in sign-olga drill-2 drill-0 Machine; grammar.py texts attempt "
            + "\"the program is the plan's, 0123abcd…\" 'USB-1 in bag Ä' 'the bag is torn'; "
            + "grammar.py texts bundle-file plan.json.olga.sig escrow/README.txt escrow/ca.p12 cards/bob.identity"
        #expect(
            try run(ofCeremonies) == """
                sign-in: yes
                sign-olga: yes
                drill-2: yes
                drill-0: no
                Machine: no
                the program is the plan's, 0123abcd…: yes
                USB-1 in bag Ä: yes
                the bag is torn: no
                plan.json.olga.sig: yes
                escrow/README.txt: yes
                escrow/ca.p12: no
                cards/bob.identity: no

                """
        )
        let code = try run("grammar.py texts code \"$(cat \(Self.vectors)/envelope/carol-share.txt)\" | tail -c 5")
        #expect(code == " yes\n")
    }

    @Test("the curves of CA keys are those of 224 bits or more that OpenSSL knows by name")
    func curves() throws {
        #expect(try run("curves.py") == "39 curves\n")
    }

    @Test("readers with tables of any version of Unicode agree on every text and every README.txt")
    func codePoints() throws {
        #expect(
            try run("code-points.py")
                == "compared: 1112064 code points, 203190 of them hidden, in 30 README.txt\n"
        )
    }

    @Test("requirements are numbered from 1 in each class, each once, and in one sentence")
    func requirements() throws {
        let text = try String(contentsOf: Self.specification, encoding: .utf8)
        var found: [String: [Int]] = [:]
        for line in text.split(separator: "\n") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard let id = cells.first, let match = id.wholeMatch(of: /([DRCAW])-([0-9]+)/), let number = Int(match.2)
            else {
                continue
            }
            found[String(match.1), default: []].append(number)
            #expect(cells.count >= 3 && !cells[1].contains(". "), "\(id)")
        }
        #expect(found.mapValues(\.count) == ["D": 45, "R": 29, "C": 17, "A": 61, "W": 14])
        for (letter, numbers) in found {
            #expect(numbers == Array(1...numbers.count), "\(letter)")
        }
    }
}
