// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Files
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// What an audit tells of the evidence, as text and as JSON.
@Suite struct AuditReportTests {
    @Test("the text tells who has acknowledged and proven, who is suspended, who asked, and that the key was restored")
    func text() throws {
        let story = try Story()
        let lines = try story.report().lines(isVerbose: true)
        let start = try #require(lines.firstIndex { $0.hasPrefix("  receipts") })
        let end = try #require(lines.firstIndex(of: ""))
        #expect(
            lines[start..<end].map { $0 } == [
                "  receipts   4 of 6 custodians; missing: erin, frank",
                "  challenge  \(story.challenge.identifier.prefix(8)) of otto, 2027-11-01, 30 days ago",
                "  proven     alice 30 days; bob 365 days; never: carol, dave, erin, frank",
                "  suspended  carol: lost, 2027-11-03, 28 days ago",
                "  request    \(story.request.identifier.prefix(8)) of olga, 2027-11-20, 11 days ago: "
                    + "approved, restored on 2027-11-21",
                "             'INC-4711', to 'INC-4711'",
                "             released by alice, bob",
                "             refused by dave: 'INC-4711', overridden",
                "  used       2027-11-21, 10 days ago: restored by alice, bob, dave, to 'INC-4711'",
                "             override veto: 'INC-4711'",
                "  drill      2027-11-01, 30 days ago: by alice, bob, dave: 'INC-4711'",
                "             signed by the CA's key, answers challenge \(story.challenge.identifier.prefix(8)) of otto",
            ]
        )
    }

    @Test("the JSON holds the same, as members")
    func json() throws {
        let story = try Story(words: "wörds")
        let evidence = try #require(try story.report().json["evidence"])
        let custodians = try #require(evidence["custodians"]).items
        #expect(custodians.map { $0["name"]?.text } == ["alice", "bob", "carol", "dave", "erin", "frank"])
        #expect(
            custodians[1]
                == .object([
                    "card": .boolean(true), "challenge": .string("2026-12-01T08:00:00Z"),
                    "drill": .string("2027-11-01T12:00:00Z"), "name": .string("bob"),
                    "path": .string("1.2"), "proof": .string("2026-12-02T08:00:00Z"),
                    "receipt": .string("2026-11-24T10:00:00Z"),
                ])
        )
        #expect(
            custodians[2]["suspension"]
                == .object([
                    "because": .string("lost"), "created": .string("2027-11-03T08:00:00Z"), "officer": .string("olga"),
                ])
        )
        #expect(
            evidence["challenge"]
                == .object([
                    "auditor": .string("otto"), "created": .string("2027-11-01T12:00:00Z"),
                    "expires": .string("2027-12-31T12:00:00Z"), "id": .string(story.challenge.identifier),
                ])
        )
        let words = JSONValue.string("w\\u{f6}rds")
        #expect(
            evidence["requests"]
                == .array([
                    .object([
                        "approved": .boolean(true), "created": .string("2027-11-20T08:00:00Z"), "destination": words,
                        "expires": .string("2027-11-23T08:00:00Z"), "id": .string(story.request.identifier),
                        "machine": .string("ca2"), "officer": .string("olga"), "open": .boolean(false),
                        "purpose": words,
                        "refused": .array([
                            .object(["name": .string("dave"), "overridden": .boolean(true), "reason": words])
                        ]),
                        "released": .array([.string("alice"), .string("bob")]),
                        "restored": .string("2027-11-21T08:00:00Z"),
                        "signed": .array([.string("olga"), .string("omar")]),
                    ])
                ])
        )
        #expect(
            evidence["restores"]
                == .array([
                    .object([
                        "created": .string("2027-11-21T08:00:00Z"),
                        "custodians": .array([.string("alice"), .string("bob"), .string("dave")]),
                        "destination": words,
                        "overrides": .array([.object(["code": .string("veto"), "reason": words])]),
                        "request": .string(story.request.identifier),
                    ])
                ])
        )
    }

    @Test("a drill that answers nothing has its own word for its date, and one that never was is called so")
    func drills() throws {
        let world = try World()
        func lines() throws -> ArraySlice<String> {
            let lines = try world.audit().report.lines(isVerbose: true)
            let start = try #require(lines.firstIndex { $0.hasPrefix("  drill") })
            let end = try #require(lines.firstIndex(of: ""))
            return lines[start..<end]
        }
        #expect(try lines() == ["  drill      never done for this epoch"])
        #expect(try world.audit().report.json["evidence"]?["drilled"] == .boolean(false))
        try world.drill(isSigned: false)
        #expect(
            try lines() == [
                "  drill      2026-12-01, today: by alice, bob",
                "             the CA's key has not signed, no challenge that counts: the date is not proven",
            ]
        )
        let evidence = try #require(try world.audit().report.json["evidence"])
        #expect(evidence["drilled"] == .boolean(true))
        #expect(
            evidence["drills"]
                == .array([
                    .object([
                        "caSignature": .boolean(false), "created": .string("2026-12-01T12:00:00Z"),
                        "custodians": .array([.string("alice"), .string("bob")]),
                        "time": .string("2026-12-01T12:00:00Z"),
                    ])
                ])
        )
        #expect(evidence["custodians"]?.items.map { $0["drill"] != nil } == [true, true, false])
    }

    @Test("the JSON of several is written in pieces, and is the canonical form of the whole")
    func document() throws {
        let report = try World().audit().report
        for count in 0...3 {
            var written: [UInt8] = []
            let unread = count == 1 ? [] : [UnreadEscrow(escrow: "é", reason: "gone")]
            let reports = Array(repeating: report, count: count)
            AuditDocument(reports, unread: unread, exitStatus: 66).write { written += $0 }
            var members: [String: JSONValue] = [
                "exitStatus": .integer(66), "format": .string("ca-escrow/v1/audit"),
            ]
            if count > 0 {
                members["audits"] = .array(reports.map(\.json))
                members["time"] = .string(World.now.description)
            }
            if !unread.isEmpty {
                members["unread"] = .array([.object(["escrow": .string("\\u{e9}"), "reason": .string("gone")])])
            }
            #expect(written == JSONValue.object(members).encoded())
        }
    }

    @Test("a secret that is dealt twice is found in another escrow, and named there")
    func recurrence() throws {
        let (first, second) = (try World(), try World())
        let firstSet = try first.document().manifest.set
        let json = try JSONValue(canonical: second.document().bytes)
            .setting("policy", to: JSONValue(canonical: first.document().bytes)["policy"])
        let set = try second.document().manifest.set
        try second.removeEpoch()
        try second.place(
            json,
            epoch: 1,
            signedBy: [second.cast["olga"], second.cast["omar"]],
            cards: ["alice", "bob", "carol"].map { second.cast[$0].card }
        )
        var reports = [try first.audit().report, try second.audit().report]
        for (index, finding) in reports.map(\.published).recurrences(in: reports.map(\.escrow)) {
            reports[index].note(.commitments, finding)
        }
        let finding = "set \(set): a commitment of set \(firstSet) in \(first.escrow) stands here again"
        #expect(reports[0].findings.filter { $0.check == .commitments }.isEmpty)
        #expect(reports[1].findings.filter { $0.check == .commitments }.map(\.detail) == [finding, finding])
        #expect(reports[1].verdict == .failed)
    }

    @Test("a directory stands for the escrows in it, one level down and by name")
    func search() throws {
        let world = try World()
        let folder = world.folder
        for name in ["x/b.escrow", "x/a", "x/deep/c.escrow", "x/.d.123.partial"] {
            try folder.write("\(name)/keep", "")
            try folder.remove(folder(name))
            try folder.copy(world.escrow, to: folder(name))
        }
        try folder.write("x/notes/readme", "")
        try folder.write("x/emptied.escrow/README.txt", "")
        try folder.write("x/file.escrow", "")
        let found = try EscrowDirectory.search(folder("x")).map { $0.lastComponent?.string }
        #expect(found == ["a", "b.escrow", "emptied.escrow"])
        #expect(try EscrowDirectory.search(world.escrow) == [world.escrow])
        #expect(try EscrowDirectory.search(folder("x/notes")).isEmpty)
        #expect(throws: EscrowError.file(.system(path: folder("y").string, .noSuchFileOrDirectory))) {
            try EscrowDirectory.search(folder("y"))
        }
    }
}
