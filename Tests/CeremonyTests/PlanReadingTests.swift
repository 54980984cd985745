// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow
import SecretSharing
import Testing

@testable import Ceremony

@Suite("Plans as files")
struct PlanReadingTests {
    @Test("a whole plan is read")
    func whole() throws {
        let plan = try SamplePlan().plan()
        #expect(plan.people.count == 13 && plan.media.count == 12)
        #expect(plan.people(with: .witness).map(\.name.description) == ["wanda"])
        #expect(!plan.isRehearsal && plan.inventory == nil)
        #expect(try SamplePlan(head: "rehearsal = true").plan().isRehearsal)
        #expect(try SamplePlan(kind: "drill", head: "inventory = \"old.json\"").plan().inventory == "old.json")
    }

    @Test("what is no plan is refused in exactly these words", arguments: refusals)
    func refused(old: String, new: String, words: String) {
        let error = #expect(throws: PlanError.self) { try SamplePlan().plan(old, new) }
        #expect(error?.description == words)
    }

    @Test("only a backup of a store's key has an occasion")
    func occasion() throws {
        let (old, new) = (#"path = "acme.escrow""#, "path = \"acme.escrow\"\noccasion = \"custodian-change\"")
        #expect(try SamplePlan().plan(old, new).escrow.occasion == .custodianChange)
        #expect(try SamplePlan().plan().escrow.occasion == nil)
        for kind in ["restore", "drill"] {
            #expect(throws: PlanError.occasion) { try SamplePlan(kind: kind).plan(old, new) }
        }
    }

    private static let place = #"place = "Lyon, room 2""#

    private static let refusals: [(String, String, String)] = [
        (#"kind = "backup""#, #"kind = "wedding""#, "kind: wrong value: needed is backup or restore or drill"),
        (#"format = "ca-escrow/v1/plan""#, #"format = "x""#, "format 'x': needed is 'ca-escrow/v1/plan'"),
        (place, "", "place: missing"),
        (place, "place = 7", "place: wrong type: needed is a string"),
        (
            #"date = "2027-03-01T09:00:00Z""#, "date = 2027-03-01T09:00:00Z",
            #"date: wrong type: needed is a time in quotes, such as "2026-12-01T09:00:00Z""#
        ),
        (#"standby = "2027-03-08"#, #"standby = "2027-03-01"#, "standby: not later than date"),
        (#"path = "acme.escrow""#, "path = \"acme.escrow\"\nspeed = \"9\"", "escrow.speed: unknown member"),
        (#"name = "mick""#, "name = \"mick\"\nage = 7", "people[0].age: unknown member"),
        (#"name = "mick""#, #"name = "wanda""#, "people: 'wanda' stands there twice"),
        (#"label = "USB-kurt""#, #"label = "USB-vera""#, "media: 'USB-vera' stands there twice"),
        (#"label = "USB-vera""#, #"label = """#, "media[0].label: wrong value: needed is 1 to 60 characters"),
        (
            #"label = "USB-vera""#, "label = \"\(String(repeating: "x", count: 61))\"",
            "media[0].label: wrong value: needed is 1 to 60 characters"
        ),
        (
            #"path = "acme.escrow""#, "path = \"acme.escrow\"\noccasion = \"renewal\"",
            "escrow.occasion: wrong value: needed is scheduled or custodian-change or after-restore"
        ),
        (#"["administrator"]"#, #"["officer"]"#, "people: no ceremony administrator"),
        (#"["witness"]"#, #"["auditor"]"#, "people: no witness"),
        (#"["auditor"]"#, #"["operator"]"#, "people: one operator is needed: oscar, anna"),
        (#"["auditor"]"#, "[]", "people[3].roles: wrong value: needed is at least one role, each once"),
        (
            #"["auditor"]"#, #"["keeper", "keeper"]"#,
            "people[3].roles: wrong value: needed is at least one role, each once"
        ),
        (#"store = "openssl-ca:ca""#, "", "escrow.store: missing: a backup needs one"),
        (#"kind = "backup""#, #"kind = "drill""#, "escrow.store: a drill has none"),
        (place, "inventory = \"old.json\"\n\(place)", "inventory: a backup has no earlier one"),
        (
            #"holder = "vera""#, #"holder = "nobody""#,
            "media 'USB-vera'.holder: wrong value: needed is one of the people"
        ),
        (
            #"policy = "3 of all""#, #"policy = "3 off all""#,
            "escrow.policy: policy: column 3: 'off', where 'of' is expected"
        ),
        (
            place, "\"\\u001b[2J\" = 1\n\(place)",
            "the plan: key '\\u{1b}[2J': letters and digits are needed, 64 at most"
        ),
        (
            #"path = "acme.escrow""#, "path = \"acme.escrow\"\n\"a-b\" = 1",
            "escrow: key 'a-b': letters and digits are needed, 64 at most"
        ),
        (place, "x\u{0}y = 1", "a zero character in it, or the escape for one"),
        ("Lyon, room 2", #"a\u0000b"#, "a zero character in it, or the escape for one"),
        ("Lyon, room 2", #"a\u0000"# + "\u{301}b", "a zero character in it, or the escape for one"),
        (
            place, "place = 1.5",
            "place: wrong type: needed is a text, a whole number, true, false, a list or a table"
        ),
        (place, "place = -1", "place: wrong value: needed is a number that is not negative"),
    ]

    @Test("one person who satisfies a policy alone is refused")
    func alone() {
        let error = #expect(throws: PlanError.self) {
            try PlanReview(of: try SamplePlan(policy: "1 of (alice, bob)", custodians: ["alice", "bob"]).plan())
        }
        #expect(error?.description.hasPrefix("escrow.policy: policy: ") == true)
    }

    @Test("a person in two groups of a policy is refused by name")
    func twoGroups() {
        let policy = "2 of (2 of (alice, bob), 2 of (carol, alice), dave)"
        let error = #expect(throws: PlanError.self) { try PlanReview(of: try SamplePlan(policy: policy).plan()) }
        #expect(error?.description.contains("alice") == true)
    }

    @Test("a text of more than 500 characters, or with a control character, is refused by its field")
    func texts() {
        for text in [String(repeating: "x", count: 501), #"a\u001bb"#, #"a\u202eb"#] {
            let error = #expect(throws: PlanError.self) { try SamplePlan(title: text).plan() }
            #expect(error?.description.hasPrefix("title: wrong value: ") == true)
        }
    }

    @Test("what is no TOML is refused with its line, in a bounded number of printable words")
    func syntax() throws {
        let long = String(repeating: "\u{1b}é", count: 5000)
        for text in ["a = ", "a = 1\na = 2", "[a]\n[a]", "\(long) = 1", "a = \"\(long)", "[\(long)", "a = {b = 1"] {
            let error = try #require(throws: PlanError.self) { try Plan(toml: Array(text.utf8)) }
            #expect(error.description.unicodeScalars.count < 1200)
            #expect(error.description.unicodeScalars.allSatisfy { (0x20...0x7e).contains($0.value) || $0 == "…" })
        }
        let error = try #require(throws: PlanError.self) { try Plan(toml: Array("a = 1\na = 2".utf8)) }
        #expect(error.description.hasPrefix("line 2, column 5: not TOML: "))
    }

    @Test(
        "what the parser takes for granted is refused where it stands",
        arguments: [
            ("[.a]", "line 1, column 2: not TOML: this cannot stand here"),
            ("[[\n", "line 1, column 3: not TOML: this cannot stand here"),
            ("[# a]\n", "line 1, column 2: not TOML: this cannot stand here"),
            ("a = 1980-05-27true32:00", "line 1, column 21: not TOML: this cannot stand here"),
            ("a = [1,\n 1980-05-27T:00]", "line 2, column 13: not TOML: this cannot stand here"),
            ("# é\nb = { a = \"é\", c = [} ]", "line 2, column 21: not TOML: this cannot stand here"),
            ("\u{a0}[.a]", "line 1, column 1: not TOML: a character that stands in texts and comments alone"),
            ("# x\r[.a]", "line 1, column 4: not TOML: a control character"),
            ("a = 1 \u{c}[.a]", "line 1, column 7: not TOML: a control character"),
        ]
    )
    func screened(text: String, words: String) {
        let error = #expect(throws: PlanError.self) { try Plan(toml: Array(text.utf8)) }
        #expect(error?.description == words)
    }

    @Test("bytes that are not UTF-8 are refused")
    func utf8() {
        #expect(throws: PlanError.document(.notUTF8)) { try Plan(toml: [0x61, 0xff, 0x3d]) }
        #expect(throws: PlanError.document(.notUTF8)) { try Plan(toml: [0x61, 0x3d, 0x22, 0xc0, 0x80, 0x22]) }
    }

    private static let many = 60_000

    @Test(
        "what nests deep is refused, and crashes nothing",
        arguments: [
            String(repeating: "a.", count: many) + "a = 1",
            "[" + String(repeating: "a.", count: many) + "a]",
            "a = " + String(repeating: "[", count: many),
            "a = " + String(repeating: "{a=", count: many),
            "a = " + String(repeating: "[", count: 100) + String(repeating: "]", count: 100),
            String(repeating: "a.", count: 40) + "a = 1",
            String(repeating: "\"\".", count: 20_000) + "a = 1",
            "a = \"\"\"x\"\"\"\"\" # .\nb = {" + String(repeating: "c.", count: many) + "c = 1}",
        ]
    )
    func deep(text: String) {
        #expect(throws: PlanError.self) { try Plan(toml: Array(text.utf8)) }
    }

    @Test("changed plans are read or refused, and crash nothing")
    func changed() throws {
        var random = Random(seed: 7)
        let plan = SamplePlan().bytes()
        var readable = 0
        for _ in 0..<1000 {
            var bytes = plan
            for _ in 0...random.below(3) {
                let index = random.below(bytes.count)
                switch random.below(3) {
                case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: index)
                default: bytes.insert(contentsOf: [[0x22], [0x5b], [0x0a], [0x2e, 0x2e]][random.below(4)], at: index)
                }
            }
            readable += (try? Plan(toml: bytes)) == nil ? 0 : 1
        }
        #expect(readable > 0 && readable < 1000)
    }

    @Test("dots in texts and comments nest nothing")
    func dots() {
        func count(_ text: String) -> Int { TOMLScreen.dots(in: Array(text.utf8)) }
        #expect(count("a.b = \"c.d\" # e.f\ng.h = 'i.j'\n") == 2)
        #expect(count("a = \"\\\".\" \nb.c = \"\"\n.") == 2)
        #expect(count("a = \"\"\"x.\ny.\"\"\"\"\"\nb.c = '''.'''\nd.e") == 2)
        #expect(count("\"\".\"\".''.a") == 3)
    }

    @Test("people alone, or those of a whole plan, are read")
    func people() throws {
        let person = SamplePlan.person("alice", "custodian", site: "Lyon", line: "x")
        #expect(try Plan.people(toml: Array(person.utf8)).map(\.name.description) == ["alice"])
        #expect(try Plan.people(toml: SamplePlan().bytes()).count == 13)
        #expect(throws: PlanError.twice(field: "people", "alice")) {
            try Plan.people(toml: Array((person + person).utf8))
        }
        #expect(throws: PlanError.document(.unknown(field: "place"))) {
            try Plan.people(toml: Array(("place = \"x\"\n" + person).utf8))
        }
    }
}
