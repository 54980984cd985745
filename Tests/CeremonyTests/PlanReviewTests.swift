// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Escrow
import SecretSharing
import Testing

@testable import Ceremony

@Suite("What is unwise in a plan")
struct PlanReviewTests {
    private func findings(_ sample: SamplePlan, _ old: String = "", _ new: String = "") throws -> [String] {
        try PlanReview(of: try sample.plan(old, new)).findings.map { "\($0.severity.rawValue): \($0.code): \($0.text)" }
    }

    @Test("nothing, in a good one")
    func clean() throws {
        #expect(try findings(SamplePlan()) == [])
    }

    @Test("each of these, and nothing else", arguments: cases)
    func found(old: String, new: String, expected: [String]) throws {
        #expect(try findings(SamplePlan(), old, new) == expected)
    }

    private static let cases: [(String, String, [String])] = [
        (
            #"["auditor"]"#, #"["auditor", "keeper"]"#,
            ["warning: conflicting-roles: anna: both auditor and keeper"]
        ),
        (
            #"["custodian"]"#, #"["custodian", "witness"]"#,
            ["warning: conflicting-roles: alice: both custodian and witness"]
        ),
        (#"["auditor"]"#, #"["keeper"]"#, ["warning: no-auditor: nobody from outside observes"]),
        (
            #""line": "outside""#, #""line": "operations""#,
            ["warning: auditor-from-inside: anna: auditor, in mick's line of management 'operations'"]
        ),
        (#""holder": "kurt""#, #""holder": "vera""#, ["warning: one-keeper: only one person holds the PKCS#12 file"]),
        (
            #""holder": "kurt""#, #""holder": "alice""#,
            [
                "warning: no-keeper: alice: holds the PKCS#12 file, but is not a keeper",
                "warning: keeper-is-custodian: alice: holds the PKCS#12 file and a share",
            ]
        ),
        (
            "\"card\": \"cards/wanda.card\",\n\"sha256\": \"\(SamplePlan.digest)\",\n", "",
            ["error: no-card: wanda: witness without a card or key"]
        ),
        (
            #""fullName": "bob Martin""#, #""fullName": "alice Martin""#,
            ["warning: same-person: alice and bob: both called 'alice Martin'"]
        ),
        (
            "\"kurt\",\n\"site\": \"Nice\"", "\"kurt\",\n\"site\": \"Paris\"",
            ["warning: one-site: the PKCS#12 file lies at 1 of the 2 sites that are needed"]
        ),
        (
            #""policy": "3 of all""#, #""policy": "3 of (alice, bob, carol, dave)""#,
            ["error: not-in-policy: erin: custodian for no policy"]
        ),
        (
            #""policy": "3 of all""#, #""policy": "3 of (alice, bob, carol, dave, erin, vera)""#,
            [
                "error: not-among-people: vera: a policy names them, no custodian is called so",
                "warning: no-medium: vera: no medium for the share",
                "warning: few-media: 12 media: 14 are usual: two for each share, two for the PKCS#12 file",
            ]
        ),
        (
            #""policy": "3 of all""#, #""policy": "5 of all""#,
            ["warning: no-margin: the loss of one person prevents every restore: 5 of (alice, bob, carol, dave, erin)"]
        ),
    ]

    @Test("everything that a plan says is shown before somebody agrees, its notes too")
    func shown() throws {
        var sample = SamplePlan(kind: "drill", member: #""note": "note 1", "rehearsal": true, "inventory": "old.json""#)
        sample.people = [
            SamplePlan.person("joerg", "witness", site: "Zürich", line: "Prüfung").replacing(
                #""line""#,
                with: #""alternateFor": ["operator"], "identity": "j.identity", "organisation": "Größe AG", "#
                    + #""note": "note 2", "line""#
            )
        ]
        sample.media = [
            #"{"label": "USB-x", "content": "manifest", "holder": "wanda", "site": "Öde", "serial": "S 1", "note": "n3"}"#
        ]
        var json = sample.json
        for (place, member) in [
            ("\"ca\": {", #""note": "note 4","#),
            ("\"escrow\": {", #""note": "note 5", "purpose": "yearly", "pkcs12": "a.p12","#),
            ("\"tool\": {", #""note": "note 6","#),
        ] {
            json = json.replacing(place, with: "\(place) \(member)")
        }
        let digest = SHA256Digest(of: Array(json.utf8))
        let lines = try PlanReview(of: try Plan(json: Array(json.utf8))).lines(digest)
        let text = lines.joined(separator: "\n").replacing(":", with: "")
        // Policies stand there with the names that they come to, times as people read them.
        let others = ["ca-escrow/v1/plan", "3 of all", "2027-03-01T09:00:00Z", "2027-03-08T09:00:00Z"]
        let texts = try JSONValue(anyLayout: Array(json.utf8)).texts.filter { !others.contains($0) }
        #expect(texts.filter { !text.contains($0) } == [])
        #expect(texts.count > 100)
        let person = try #require(lines.firstIndex { $0.hasPrefix("  joerg ") })
        #expect(
            Array(lines[person...(person + 2)]) == [
                "  joerg         joerg Martin: witness, alternate operator; Zürich; organisation Größe AG; "
                    + "line of management Prüfung; card cards/joerg.card; identity j.identity",
                "  SHA-256   \(SamplePlan.digest)", "  note          note 2",
            ]
        )
        #expect(lines.contains("  USB-x         manifest, wanda; Öde; serial number S 1"))
    }

    @Test("a quorum at one site, of one organisation, in one line of management")
    func concentration() throws {
        var sample = SamplePlan(custodians: [])
        for name in ["alice", "bob", "carol", "dave", "erin"] {
            let isNear = name < "d"
            let site = isNear ? "Paris" : "\(name)ville"
            let person = SamplePlan.person(name, "custodian", site: site, line: isNear ? "IT" : name)
            let organisation = "\"organisation\": \"\(isNear ? "Größe AG" : name)\""
            sample.people.append(person.replacing("\"site\"", with: "\(organisation), \"site\""))
            for number in 1...2 {
                sample.media.append(SamplePlan.medium("USB-\(name)-\(number)", "share", name, site: "\(name)ville"))
            }
        }
        let found = try PlanReview(of: try sample.plan()).findings
        let codes = ["quorum-at-one-site", "quorum-at-one-organisation", "quorum-at-one-line", "archive-with-quorum"]
        try #require(found.map(\.code) == codes)
        #expect(found[0].text == "site 'Paris': a quorum by itself: alice, bob, carol")
        #expect(found[1].text == "organisation 'Größe AG': a quorum by itself: alice, bob, carol")
        #expect(found[3].text == "site 'Paris': the PKCS#12 file and a quorum")
    }

    @Test(
        "every pair of roles that one person should not have",
        arguments: [
            (Role.administrator, Role.operator), (.administrator, .custodian), (.operator, .witness),
            (.operator, .custodian), (.witness, .custodian), (.custodian, .keeper), (.auditor, .officer),
            (.auditor, .operator), (.auditor, .administrator),
        ]
    )
    func pairs(one: Role, other: Role) {
        #expect(one.excludes.contains(other) || other.excludes.contains(one))
    }

    @Test("the fewest places are found as by trying every set of them")
    func fewest() throws {
        var random = Random(seed: 3)
        for _ in 0..<150 {
            let names: [Name] = try (0..<3 + random.below(5)).map { try Name("p\($0)") }
            let threshold = 2 + random.below(names.count - 1)
            let policy = try Policy(try Gate(threshold: threshold, members: names.map { .custodian($0) }))
            let text = names.map { name in
                SamplePlan.person("\(name)", "custodian", site: "s\(random.below(3))", line: "x")
            }
            let people = try Plan.people(json: SamplePlan.bytes(ofPeople: text))
            let concentration = try #require(Concentration(.site, of: policy, among: people))
            let sites = Set(people.map(\.site)).sorted()
            var restore = Int.max
            var block = Int.max
            for mask in 0..<(1 << sites.count) {
                let chosen = sites.indices.filter { mask & (1 << $0) != 0 }.map { sites[$0] }
                let inside = Set(people.filter { chosen.contains($0.site) }.map(\.name))
                restore = policy.isSatisfied(by: inside) ? min(restore, chosen.count) : restore
                block = policy.isSatisfied(by: Set(names).subtracting(inside)) ? block : min(block, chosen.count)
            }
            #expect(concentration.toRestore == .exactly(restore))
            #expect(concentration.toBlock == .exactly(block))
        }
    }

    @Test("a share lies where its medium does, and a site is one however it is written")
    func shareSites() throws {
        var sample = SamplePlan()
        let codes = { (sample: SamplePlan) in try PlanReview(of: try sample.plan()).findings.map(\.code) }
        #expect(try !codes(sample).contains("quorum-at-one-site"))
        for (name, site) in [("alice", "Rome"), ("bob", "rome"), ("carol", " ROME ")] {
            sample.media.append(SamplePlan.medium("extra \(name)", "share", name, site: site))
        }
        let review = try PlanReview(of: try sample.plan())
        #expect(
            review.findings.contains(
                .warning("quorum-at-one-site", "site 'Rome': a quorum by itself: alice, bob, carol")
            )
        )
        #expect(review.custody.concentrations.first?.toRestore == .exactly(1))
        // What is no share does not count.
        sample.media = sample.media.map { $0.replacing("\"share\"", with: "\"manifest\"") }
        #expect(try !codes(sample).contains("quorum-at-one-site"))
        // Two spellings of one site are one site for the PKCS#12 file as well.
        let twin = try sample.plan("\"kurt\",\n\"site\": \"Nice\"", "\"kurt\",\n\"site\": \"paris \"")
        #expect(try PlanReview(of: twin).findings.map(\.code).contains("one-site"))
    }

    @Test("a policy too wide to try every set of places has a bound")
    func bound() throws {
        let names: [Name] = try (0..<60).map { try Name("p\($0)") }
        let policy = try Policy(try Gate(threshold: 30, members: names.map { .custodian($0) }))
        let text = names.map { SamplePlan.person("\($0)", "custodian", site: "site \($0)", line: "x") }
        let people = try Plan.people(json: SamplePlan.bytes(ofPeople: text))
        let concentration = try #require(Concentration(.site, of: policy, among: people))
        guard case .moreThan(let count) = concentration.toRestore else {
            Issue.record("30 of 60 sites cannot be tried one by one")
            return
        }
        #expect(count >= 1 && count < 30)
        #expect(concentration.toRestore.description == "\(count + 1) or more")
    }
}

extension JSONValue {
    /// Every text in it.
    fileprivate var texts: [String] {
        switch self {
        case .object(let members): members.values.flatMap(\.texts)
        case .array(let items): items.flatMap(\.texts)
        case .string(let text): [text]
        case .integer, .boolean: []
        }
    }
}
