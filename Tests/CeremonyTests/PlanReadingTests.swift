// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
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
        #expect(try SamplePlan(member: #""rehearsal": true"#).plan().isRehearsal)
        #expect(try SamplePlan(kind: "drill", member: #""inventory": "old.json""#).plan().inventory == "old.json")
    }

    @Test("what is no plan is refused in exactly these words", arguments: refusals)
    func refused(old: String, new: String, words: String) {
        let error = #expect(throws: PlanError.self) { try SamplePlan().plan(old, new) }
        #expect(Self.withoutLine(error) == words)
    }

    @Test("only a backup of a store's key has an occasion")
    func occasion() throws {
        let (old, new) = (#""path": "acme.escrow""#, #""path": "acme.escrow", "occasion": "custodian-change""#)
        #expect(try SamplePlan().plan(old, new).escrow.occasion == .custodianChange)
        #expect(try SamplePlan().plan().escrow.occasion == nil)
        for kind in ["restore", "drill"] {
            #expect(throws: PlanError.faults([PlanFault(.occasion, line: 14)])) {
                try SamplePlan(kind: kind).plan(old, new)
            }
        }
    }

    /// What is wrong, whatever the line: ``PlanFaultTests`` has the lines.
    private static func withoutLine(_ error: PlanError?) -> String {
        (error?.description ?? "nothing").replacing(#/^line [0-9]+: /#, with: "")
    }

    private static let place = #""place": "Lyon, room 2""#
    private static let path = #""path": "acme.escrow""#

    private static let refusals: [(String, String, String)] = [
        (#""kind": "backup""#, #""kind": "wedding""#, "kind: wrong value: needed is backup or restore or drill"),
        (#""format": "ca-escrow/v1/plan""#, #""format": "x""#, "format 'x': needed is 'ca-escrow/v1/plan'"),
        (place + ",", "", "place: missing"),
        (place, #""place": 7"#, "place: wrong type: needed is a string"),
        (
            #""date": "2027-03-01T09:00:00Z""#, #""date": "2027-03-01""#,
            "date: wrong value: needed is a time like 2026-03-01T12:00:00Z"
        ),
        (#""standby": "2027-03-08"#, #""standby": "2027-03-01"#, "standby: not later than date"),
        (path, path + #", "speed": "9""#, "escrow.speed: unknown member"),
        (#""name": "mick""#, #""name": "mick", "age": 7"#, "administrator 1, mick: age: unknown member"),
        (#""name": "mick""#, #""name": "wanda""#, "people: 'wanda' stands there twice"),
        (#""label": "USB-kurt""#, #""label": "USB-vera""#, "media: 'USB-vera' stands there twice"),
        (#""label": "USB-vera""#, #""label": """#, "medium 1: label: wrong value: needed is 1 to 60 characters"),
        (
            #""label": "USB-vera""#, "\"label\": \"\(String(repeating: "x", count: 61))\"",
            "medium 1: label: wrong value: needed is 1 to 60 characters"
        ),
        (
            path, path + #", "occasion": "renewal""#,
            "escrow.occasion: wrong value: needed is scheduled or custodian-change or after-restore"
        ),
        (#"["administrator"]"#, #"["officer"]"#, "people: no ceremony administrator"),
        (#"["witness"]"#, #"["auditor"]"#, "people: no witness"),
        (#"["auditor"]"#, #"["operator"]"#, "people: one operator is needed: oscar, anna"),
        (
            #"["auditor"]"#, "[]",
            "person 4, anna: roles: wrong value: needed is at least one role, here or in alternateFor"
        ),
        (
            #"["auditor"]"#, #"["keeper", "keeper"]"#,
            "keeper 1, anna: roles: wrong value: needed is each role once"
        ),
        (#""store": "openssl-ca:ca","#, "", "escrow.store: missing: a backup needs one"),
        (#""kind": "backup""#, #""kind": "drill""#, "escrow.store: a drill has none"),
        (place, #""inventory": "old.json", "# + place, "inventory: a backup has no earlier one"),
        (
            #""holder": "vera""#, #""holder": "nobody""#,
            "medium 1, USB-vera: holder: wrong value: needed is one of the people"
        ),
        (
            #""policy": "3 of all""#, #""policy": "3 off all""#,
            "escrow.policy: policy: column 3: 'off', where 'of' is expected"
        ),
        (place, "\"x\u{0}y\": 1", "line 7, column 3: needed here is no control character in a string"),
        (
            place, #""place": "a\u0000b""#,
            "place: wrong value: needed is 1 to 500 characters, none invisible and no control character"
        ),
    ]

    @Test(
        "a member that is none is refused with the one that was perhaps meant",
        arguments: [
            (#""place""#, "\"Palce\"", "Palce: unknown member: did you mean place?"),
            (#""date""#, "\"dat\"", "dat: unknown member: did you mean date?"),
            (#""title""#, #""titel": "x", "title""#, "titel: unknown member: did you mean title?"),
            (#""policy""#, #""policies": "x", "policy""#, "escrow.policies: unknown member"),
            (#""store""#, #""purpos": "x", "store""#, "escrow.purpos: unknown member: did you mean purpose?"),
            (
                #""certificate""#, #""SHA-256": "x", "certificate""#,
                "line 10, column 1: needed here is a key of letters and digits"
            ),
            (#""certificate""#, #""sha": "x", "certificate""#, "ca.sha: unknown member: did you mean sha256?"),
            (
                #""fullName""#, #""fullname": "x", "fullName""#,
                "administrator 1, mick: fullname: unknown member: did you mean fullName?"
            ),
            (
                #""label""#, #""lable": "x", "label""#,
                "medium 1, USB-vera: lable: unknown member: did you mean label?"
            ),
            (#""path""#, #""x": "x", "path""#, "escrow.x: unknown member"),
        ]
    )
    func meant(old: String, new: String, words: String) {
        let error = #expect(throws: PlanError.self) { try SamplePlan().plan(old, new) }
        #expect(Self.withoutLine(error) == words)
    }

    @Test("the plan and each of its objects may have a note, which is a text")
    func notes() throws {
        for start in ["{\n\"format\"", "\"ca\": {", "\"escrow\": {", "\"tool\": {", "\"people\": [{", "\"media\": [{"] {
            let written = { (note: String) in start.replacing("{", with: "{\"note\": \(note),") }
            #expect(try SamplePlan().plan(start, written(#""to think about""#)).people.count == 13)
            let error = #expect(throws: PlanError.self) { try SamplePlan().plan(start, written("7")) }
            #expect(error?.description.hasSuffix("note: wrong type: needed is a string") == true)
        }
    }

    @Test("a digest may be written with its bytes parted, and in capitals")
    func digests() throws {
        let digits = "\(SamplePlan.digest)"
        let groups = stride(from: 0, to: 64, by: 16).map { digits.dropFirst($0).prefix(16) }.joined(separator: " ")
        for written in [SamplePlan.digest.grouped, SamplePlan.digest.grouped.uppercased(), groups] {
            #expect(try SamplePlan().plan(digits, written).authority.sha256 == SamplePlan.digest)
            #expect(
                try SamplePlan().plan("\(digits)\",\n\"site\"", "\(written)\",\n\"site\"").people[0].sha256
                    == SamplePlan.digest
            )
        }
        for written in [
            "\(digits.dropLast()):0", ":\(digits)", "\(digits):", "\(digits.dropLast(2))", "b:a\(digits.dropFirst(2))",
            "ba::\(digits.dropFirst(2))",
        ] {
            let error = #expect(throws: PlanError.self) { try SamplePlan().plan(digits, written) }
            #expect(
                Self.withoutLine(error)
                    == "ca.sha256: wrong value: needed is 64 hexadecimal digits, with or without colons between bytes"
            )
        }
    }

    @Test("one person who satisfies a policy alone is refused")
    func alone() {
        let error = #expect(throws: PlanError.self) {
            try PlanReview(of: try SamplePlan(policy: "1 of (alice, bob)", custodians: ["alice", "bob"]).plan())
        }
        #expect(Self.withoutLine(error).hasPrefix("escrow.policy: policy: "))
    }

    @Test(
        "who approves is told apart from who restores",
        arguments: [
            ("3 of (olga, omar)", "3 of 2: the threshold runs from 1 to the number of officers"),
            ("2 of (olga, olga)", "'olga' appears twice"),
            ("2 of all", "written flat, as in '2 of (olga, omar, otto)'"),
            ("2 of (olga, 1 of (omar, otto))", "written flat, as in '2 of (olga, omar, otto)'"),
        ]
    )
    func officers(text: String, words: String) {
        let error = #expect(throws: PlanError.self) { try SamplePlan().plan("2 of (olga, omar)", text) }
        #expect(Self.withoutLine(error) == "escrow.officers: \(words)")
    }

    @Test("one officer may approve alone", arguments: ["olga", "1 of (olga)"])
    func oneOfficer(text: String) throws {
        let review = try PlanReview(of: try SamplePlan().plan("2 of (olga, omar)", text))
        #expect(review.officers.map(\.description) == ["olga"] && review.officerThreshold == 1)
        #expect(review.lines(SamplePlan.digest).contains("  approved by   1 of (olga)"))
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
            #expect(Self.withoutLine(error).hasPrefix("title: wrong value: "))
        }
    }

    @Test("what is no JSON is refused with line and column, in a bounded number of printable words")
    func syntax() throws {
        let long = String(repeating: "\u{1b}é", count: 5000)
        for text in ["", "{", "[a]", "{\"\(long)\": 1}", "\(long)", "{\"a\": 1, \"a\": 2}", "{\"a\": 1,}", "# a\n{}"] {
            let error = try #require(throws: PlanError.self) { try Plan(json: Array(text.utf8)) }
            #expect(error.description.unicodeScalars.count < 200)
            #expect(error.description.unicodeScalars.allSatisfy { (0x20...0x7e).contains($0.value) })
        }
        #expect(throws: PlanError.syntax(JSONSyntaxError(.duplicate(key: "a"), line: 2, column: 1))) {
            try Plan(json: Array("{\"a\": 1,\n\"a\": 2}".utf8))
        }
        #expect(throws: PlanError.syntax(JSONSyntaxError(.notUTF8, line: 1, column: 3))) {
            try Plan(json: [0x7b, 0x22, 0xff, 0x22, 0x7d])
        }
        for text in [String(repeating: "[", count: 60_000), String(repeating: "{\"a\":", count: 40_000)] {
            let error = #expect(throws: PlanError.self) { try Plan(json: Array(text.utf8)) }
            #expect(error?.description.hasSuffix("nested more than 12 deep") == true)
        }
    }

    @Test("the order of members and the white space between them are the writer's")
    func layout() throws {
        let text = SamplePlan().json
        let flat = text.replacing("\n", with: "")
        let wide = text.replacing("\": ", with: "\"\t:\r\n ")
        #expect(try Plan(json: Array(flat.utf8)).people.count == 13)
        #expect(try Plan(json: Array(wide.utf8)).people.count == 13)
        let moved = flat.dropLast().replacing("\"kind\": \"backup\",", with: "") + ", \"kind\": \"backup\"}"
        #expect(try Plan(json: Array(moved.utf8)).kind == .backup)
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
                default: bytes.insert(contentsOf: [[0x22], [0x5b], [0x0a], [0x7b, 0x7d]][random.below(4)], at: index)
                }
            }
            readable += (try? Plan(json: bytes)) == nil ? 0 : 1
        }
        #expect(readable > 0 && readable < 1000)
    }

    @Test("people alone, or those of a whole plan, are read")
    func people() throws {
        let person = SamplePlan.person("alice", "custodian", site: "Lyon", line: "x")
        #expect(try Plan.people(json: SamplePlan.bytes(ofPeople: [person])).map(\.name.description) == ["alice"])
        #expect(try Plan.people(json: SamplePlan().bytes()).count == 13)
        #expect(throws: PlanError.faults([PlanFault(.twice(field: "people", "alice"), line: 10)])) {
            try Plan.people(json: SamplePlan.bytes(ofPeople: [person, person]))
        }
        #expect(throws: PlanError.faults([PlanFault(.document(.unknown(field: "place")), line: 1)])) {
            try Plan.people(json: Array("{\"place\": \"x\", \"people\": [\(person)]}".utf8))
        }
    }
}
