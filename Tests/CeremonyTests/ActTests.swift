// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Testing

@testable import Ceremony

@Suite("What a line of a transcript says")
struct ActTests {
    /// A line as it stands in the file: docs/format-ceremony.md, section 4.25.
    private func text(_ word: String, _ notes: [(String, String)]) -> String {
        let notes = notes.map { #"{"name":"\#($0)","text":"\#($1)"}"# }.joined(separator: ",")
        let list = notes.isEmpty ? "" : #""notes":[\#(notes)],"#
        return #"{"act":"\#(word)","actor":"oscar","format":"ca-escrow/v1/transcript-line",\#(list)"#
            + #""previous":"\#(SamplePlan.digest)","sequence":1,"step":"clock","time":"2027-03-01T09:00:00Z"}"#
    }

    private func written(_ act: Act, _ remarks: [Remark] = []) throws -> String {
        let line = try TranscriptLine(
            sequence: 1,
            time: try #require(Timestamp("2027-03-01T09:00:00Z")),
            step: "clock",
            actor: "oscar",
            act: act,
            remarks: remarks,
            previous: SamplePlan.digest
        )
        return String(decoding: line.bytes, as: UTF8.self)
    }

    private func read(_ word: String, _ notes: [(String, String)]) throws -> Act {
        try TranscriptLine(bytes: Array(text(word, notes).utf8)).act
    }

    /// Every kind of act, with its word and its notes.
    private static func all() throws -> [(act: Act, word: String, notes: [(String, String)])] {
        let machine = try #require(Timestamp("2027-03-01T09:00:00Z"))
        let clocks = try #require(Clocks(machine: machine, wall: "09:01"))
        let times = [("machine", "2027-03-01T09:00:00Z"), ("wall", "09:01")]
        let bag = [("medium", "USB-1"), ("bag", "B-1")]
        let raised = [("expected", "a"), ("happened", "b"), ("decided", "wait"), ("decision", "go on")]
        return [
            (.opened, "opened", []), (.resumed, "resumed", []), (.began, "began", []), (.done, "done", []),
            (.abandoned, "abandoned", []), (.closed, "closed", []), (.checked, "compared", []), (.kept, "noted", []),
            (.initialled("XY"), "initialled", [("initials", "XY")]), (.arrived("XY"), "arrived", [("initials", "XY")]),
            (.absent("bob"), "absent", [("name", "bob")]),
            (
                .replaced(.init(role: .operator, from: "oscar", to: "otto")), "replaced",
                [("role", "operator"), ("from", "oscar"), ("to", "otto")]
            ),
            (
                .replaced(.init(role: .witness, from: "wanda", to: "zoe", fullName: "Zoe Z.")), "replaced",
                [("role", "witness"), ("from", "wanda"), ("to", "zoe"), ("fullname", "Zoe Z.")]
            ),
            (
                .corrected(.init(line: 7, old: "B-1", new: "B-2")), "corrected",
                [("line", "7"), ("old", "B-1"), ("new", "B-2")]
            ),
            (.compared("a"), "compared", [("attempt", "a")]),
            (.compared("a", clocks), "compared", [("attempt", "a")] + times),
            (.made("a"), "noted", [("attempt", "a")]),
            (.differed("a", happened: "b"), "differed", [("attempt", "a"), ("happened", "b")]),
            (.differed("a", happened: "b", clocks), "differed", [("attempt", "a"), ("happened", "b")] + times),
            (.decided(.go), "noted", [("decision", "GO")]), (.decided(.noGo), "noted", [("decision", "NO-GO")]),
            (
                .bagged(.init(medium: "USB-1", number: "B-1", direction: .out, expected: "B-0")), "noted",
                bag + [("direction", "out"), ("expected", "B-0")]
            ),
            (.numbered(.init(medium: "USB-1", number: "S")), "noted", [("medium", "USB-1"), ("serial", "S")]),
            (.entered(.init(name: "lsblk", text: "none")), "noted", [("field", "lsblk"), ("text", "none")]),
            (.bagged(.init(medium: "USB-1", number: "B-1", direction: .into)), "noted", bag + [("direction", "in")]),
            (
                .attested(.init(agrees: true, exceptions: nil, initials: "XY")), "noted",
                [("attestation", "agree"), ("initials", "XY")]
            ),
            (
                .attested(.init(agrees: false, exceptions: "x", initials: "XY")), "noted",
                [("attestation", "disagree"), ("exceptions", "x"), ("initials", "XY")]
            ),
            (.exception(.decided(.goOn)), "exception", raised),
            (.exception(.decided(.goOn, isOfAttempt: true)), "exception", raised + [("attempt", "a")]),
        ]
    }

    @Test("every act is written in one way, and read in whatever order, with whatever is for people")
    func acts() throws {
        for (act, word, notes) in try Self.all() {
            #expect(try written(act) == text(word, notes))
            #expect(try read(word, notes.reversed() + [("command", "x"), ("command", "y")]) == act)
        }
    }

    @Test("a note twice, or one of another act besides, makes it no act")
    func unfit() throws {
        for (_, word, notes) in try Self.all() {
            let unfit = Act.unfit(try #require(Act.Word(rawValue: word)))
            #expect(try read(word, notes + [(word == "exception" ? "wall" : "decided", "x")]) == unfit)
            for note in notes {
                #expect(try read(word, notes + [note]) == unfit)
                #expect(try read(word, notes + [(note.0, "other")]) == unfit)
            }
        }
    }

    @Test(
        "notes that no act has",
        arguments: [
            ("initialled", []), ("absent", [("name", "Bob")]),
            ("corrected", [("line", "07"), ("old", "a"), ("new", "b")]),
            ("corrected", [("line", "-1"), ("old", "a"), ("new", "b")]),
            ("corrected", [("line", "0"), ("old", "a"), ("new", "b")]),
            ("replaced", [("role", "boss"), ("from", "a"), ("to", "b")]), ("differed", [("attempt", "a")]),
            ("noted", [("medium", "m"), ("bag", "b")]),
            ("exception", [("expected", "a"), ("happened", "b"), ("decision", "again")]),
            ("noted", [("decision", "go")]), ("noted", [("decision", "GO"), ("attempt", "a")]),
            ("noted", [("medium", "m"), ("bag", "b"), ("direction", "sideways")]),
            ("noted", [("attestation", "yes"), ("initials", "XY")]),
            ("compared", [("attempt", "a"), ("machine", "2027-03-01T09:00:00Z"), ("wall", "9:01")]),
            ("exception", [("expected", "a"), ("happened", "b"), ("decided", "c"), ("decision", "GO")]),
            (
                "exception",
                [("expected", "a"), ("happened", "b"), ("decided", "c"), ("decision", "again"), ("attempt", "other")]
            ),
        ] as [(String, [(String, String)])]
    )
    func others(word: String, notes: [(String, String)]) throws {
        #expect(try read(word, notes) == .unfit(try #require(Act.Word(rawValue: word))))
    }

    @Test("what is for people is written behind what the act says")
    func remarks() throws {
        let time = try #require(Timestamp("2027-03-01T09:00:00Z"))
        let remarks: [Remark] = [
            .title("T"), .kind(.drill), .after(line: 7), .version(of: "OpenSSL", "3"), .result("fine"),
            .enrolled(by: "olga", time), .command(["ca-escrow", "audit"]), .accepted("bob"), .rejected("bob: no"),
            .found, .retyped("row 1"),
        ]
        #expect(
            try written(.initialled("XY"), remarks)
                == text(
                    "initialled",
                    [
                        ("initials", "XY"), ("title", "T"), ("kind", "drill"), ("after", "line 7"), ("openssl", "3"),
                        ("result", "fine"), ("enrolled", "by olga, 2027-03-01T09:00:00Z"),
                        ("command", "ca-escrow audit"), ("accepted", "bob"), ("rejected", "bob: no"),
                        ("found", "done before the interruption"), ("retyped", "row 1"),
                    ]
                )
        )
    }

    @Test("what a document cannot hold is left out of what was expected, and nothing is not nothing")
    func expectations() {
        #expect(Expectation("a\nb\u{200b}c").description == "abc")
        #expect(Expectation(String(repeating: "x", count: 501)).description.utf8.count == 500)
        #expect(Expectation("\n").description == "-")
        // Two spellings of one letter are two.
        #expect(Expectation("\u{e9}") != Expectation("e\u{301}"))
    }

    @Test("around midnight two clocks are not a day apart")
    func clocks() throws {
        for (machine, wall, apart) in [
            ("2027-03-01T23:59:59Z", "00:01", 2), ("2027-03-01T00:01:00Z", "23:59", 2),
            ("2027-03-01T12:00:59Z", "12:05", 5), ("2027-03-01T00:00:00Z", "12:00", 720),
        ] {
            let time = try #require(Timestamp(machine))
            let clocks = try #require(Clocks(machine: time, wall: wall))
            #expect(clocks.minutesApart == apart)
        }
    }
}
