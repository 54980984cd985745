// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Custody
@testable import Encoding

@Suite("Allowed signers")
struct AllowedSignersTests {
    /// What a line says before its key, when a signature is checked, and whether it counts.
    struct Row: Sendable {
        let head: String
        let time: String
        let isAdmitted: Bool

        init(_ head: String, at time: String = "2026-06-01T00:00:00Z", _ isAdmitted: Bool) {
            (self.head, self.time, self.isAdmitted) = (head, time, isAdmitted)
        }
    }

    static let rows = [
        Row("olga", true), Row("bob,olga", true), Row("bob", false), Row("\t olga \t", true), Row("olg", false),
        Row(#"olga namespaces="file""#, true), Row(#"olga namespaces="git,file""#, true),
        Row(#"olga namespaces="git""#, false), Row(#"olga namespaces="File""#, false),
        Row(#"olga valid-after="20260601Z""#, true), Row(#"olga valid-after="20260602Z""#, false),
        Row(#"olga valid-after="20260601Z""#, at: "2026-05-31T23:59:59Z", false),
        Row(#"olga valid-after="202606010000Z""#, true), Row(#"olga valid-after="20260601000001Z""#, false),
        Row(#"olga valid-before="20260601Z""#, true),
        Row(#"olga valid-before="20260601Z""#, at: "2026-06-01T00:00:01Z", false),
        Row(#"olga valid-before="20260531235959Z""#, false), Row(#"olga valid-before="99991231Z""#, true),
        Row(#"olga valid-after="20260101Z",valid-before="20270101Z",namespaces="file""#, true),
        Row(#"olga valid-after="20260101Z",valid-before="20260501Z",namespaces="file""#, false),
        Row("# a comment\n\n  # another\nolga", true),
    ]

    @Test("ssh-keygen and we agree about every line that we accept")
    func agreement() throws {
        let folder = try TemporaryFolder()
        try folder.makeKey("key")
        try folder.makeKey("other")
        let key = try SigningKey(openSSH: try folder.text("key.pub"))
        let other = try SigningKey(openSSH: try folder.text("other.pub"))
        let armored = try folder.sign([1, 2], namespace: "file", key: "key")
        let olga = try Name("olga")
        for row in Self.rows {
            let text = "\(row.head) \(key.openSSH) what a comment: é\n"
            let signers = try AllowedSigners(Array(text.utf8))
            let time = try #require(Timestamp(row.time))
            #expect(signers.admits(name: olga, key: key, namespace: "file", at: time) == row.isAdmitted, "\(row)")
            #expect(!signers.admits(name: olga, key: other, namespace: "file", at: time), "\(row)")
            let isAccepted = try folder.accepts(
                armored,
                over: [1, 2],
                signers: text,
                principal: "olga",
                namespace: "file",
                time: time
            )
            #expect(isAccepted == row.isAdmitted, "\(row)")
        }
    }

    @Test("a line that says more than we take is refused, with its number")
    func refused() throws {
        let key = try Identity.test().signingKey.openSSH
        let rows: [(String, AllowedSignersError)] = [
            ("* \(key)", .pattern(line: 3, found: "*")), ("olga,!bob \(key)", .pattern(line: 3, found: "olga,!bob")),
            ("ol?a \(key)", .pattern(line: 3, found: "ol?a")), ("olga,,bob \(key)", .principal(line: 3, .empty)),
            ("olga, \(key)", .principal(line: 3, .empty)),
            ("Olga \(key)", .principal(line: 3, .character("O", in: "Olga"))),
            (#""olga" \#(key)"#, .principal(line: 3, .character("\"", in: "\"olga\""))), ("olga", .noKey(line: 3)),
            (#"olga namespaces="file""#, .noKey(line: 3)),
            ("olga cert-authority \(key)", .certificateAuthority(line: 3)),
            (#"olga namespaces="file",cert-authority \#(key)"#, .certificateAuthority(line: 3)),
            ("olga no-touch-required \(key)", .unknownOption(line: 3, option: "no-touch-required")),
            (#"olga Namespaces="file" \#(key)"#, .unknownOption(line: 3, option: "Namespaces")),
            (#"olga namespaces="file", \#(key)"#, .unknownOption(line: 3, option: "")),
            ("olga namespaces \(key)", .malformedOption(line: 3, option: "namespaces")),
            ("olga namespaces=file \(key)", .malformedOption(line: 3, option: "namespaces")),
            (#"olga namespaces="file \#(key)"#, .malformedOption(line: 3, option: "namespaces")),
            (#"olga namespaces="file"x \#(key)"#, .malformedOption(line: 3, option: "namespaces")),
            ("olga valid-after=20260101Z \(key)", .malformedOption(line: 3, option: "valid-after")),
            (#"olga namespaces="a",namespaces="b" \#(key)"#, .repeatedOption(line: 3, option: "namespaces")),
            (
                #"olga valid-after="20260101Z",valid-after="20260101Z" \#(key)"#,
                .repeatedOption(line: 3, option: "valid-after")
            ),
            (#"olga namespaces="ca-escrow-*" \#(key)"#, .namespace(line: 3, found: "ca-escrow-*")),
            (#"olga namespaces="" \#(key)"#, .namespace(line: 3, found: "")),
            (#"olga namespaces="a,,b" \#(key)"#, .namespace(line: 3, found: "")),
            (#"olga namespaces="!a" \#(key)"#, .namespace(line: 3, found: "!a")),
            (#"olga valid-after="20260101" \#(key)"#, .time(line: 3, found: "20260101")),
            (#"olga valid-after="20260230Z" \#(key)"#, .time(line: 3, found: "20260230Z")),
            (#"olga valid-after="2026010112Z" \#(key)"#, .time(line: 3, found: "2026010112Z")),
            (#"olga valid-after="20260101z" \#(key)"#, .time(line: 3, found: "20260101z")),
            (#"olga valid-before="19700101Z" \#(key)"#, .time(line: 3, found: "19700101Z")),
            (#"olga valid-before="Z" \#(key)"#, .time(line: 3, found: "Z")),
            (#"olga valid-after="20260101Z",valid-before="20260101Z" \#(key)"#, .timesReversed(line: 3)),
            ("olga ssh-rsa AAAA", .key(line: 3, .unsupportedType("ssh-rsa"))),
            ("olga ssh-ed25519 !", .key(line: 3, .notBase64)),
            ("olga \(key)\r", .controlCharacter(line: 3)), ("olga \(key) \u{1b}[2J", .controlCharacter(line: 3)),
            ("# \u{0}", .controlCharacter(line: 3)),
        ]
        for (line, reason) in rows + Self.demands {
            let text = "# first\nbob \(key)\n\(line)\nbob \(key)\n"
            #expect(throws: reason, "\(line)") { try AllowedSigners(Array(text.utf8)) }
        }
        #expect(throws: AllowedSignersError.notUTF8) { try AllowedSigners([0xff]) }
    }

    /// What begins like the line that says how many must have signed, and is not exactly that.
    private static let demands: [(String, AllowedSignersError)] = [
        "# ca-escrow: require", "# ca-escrow: require ", "# ca-escrow: require 0", "# ca-escrow: require 02",
        "# ca-escrow: require 1001", "# ca-escrow: require 10000", "# ca-escrow: require -1", "# ca-escrow: require 2 ",
        "# ca-escrow: require 2 of 3", "# ca-escrow: require two", "# ca-escrow: require  2", "#ca-escrow: require 2",
        " # ca-escrow: require 2", "## ca-escrow: require 2", "#\tca-escrow: require 2", "# CA-Escrow: require 2",
        "# ca-escrow:require 2", "# ca-escrow: Require 2", "# ca-escrow: requires 2", "# ca-escrow:",
        "# ca-escrow: require 2\u{301}", "# ca-escrow: require \u{662}",
    ].map { ($0, .requirement(line: 3, found: $0)) }

    @Test("a file says at most once how many must have signed, and to ssh-keygen that is a comment")
    func required() throws {
        let key = try Identity.test().signingKey.openSSH
        func required(_ text: String) throws -> Int? { try AllowedSigners(Array(text.utf8)).required }
        #expect(try required("olga \(key)\n") == nil)
        for number in [1, 2, 10, 999, 1000] {
            let line = AllowedSigners.line(requiring: number)
            #expect(line == "# ca-escrow: require \(number)")
            #expect(try required("\(line)\nolga \(key)\n") == number)
            #expect(try required("olga \(key)\n\(line)") == number)
        }
        // People's own words.
        for comment in ["# ca-escrow", "# require 2", "# for ca-escrow: require 2", "# ca-escrows: all", "#"] {
            #expect(try required("\(comment)\n") == nil)
        }
        let twice = "# ca-escrow: require 2\nolga \(key)\n# ca-escrow: require 2\n"
        #expect(throws: AllowedSignersError.repeatedRequirement(line: 3)) { try required(twice) }
    }

    @Test("a line without namespaces warns, and lines are found by person and key")
    func warnings() throws {
        let (key, other) = (try Identity.test().signingKey, try Identity.test(seed: 2).signingKey)
        let olga = try Name("olga")
        let own = AllowedSigners.line(name: olga, key: key, namespaces: ["a", "b"])
        let signers = try AllowedSigners(Array("#\n\(own)\nbob,carol \(other.openSSH)".utf8))
        #expect(signers.warnings == ["line 3: no namespaces: the key of bob,carol counts for every kind of document"])
        #expect(signers.lines.map(\.lineNumber) == [2, 3])
        #expect(signers.line(for: olga, key: key)?.namespaces == ["a", "b"])
        #expect(signers.line(for: olga, key: other) == nil)
        #expect(try AllowedSigners([]).lines.isEmpty)
    }
}
