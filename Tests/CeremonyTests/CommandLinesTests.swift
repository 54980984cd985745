// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Files
import Foundation
import Testing

@testable import Ceremony

/// Commands on a console of 78 columns, pasted by somebody into a shell.
@Suite("Commands on a console") struct CommandLinesTests {
    /// Runs lines as they are pasted.
    private func pasted(_ lines: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", lines.joined(separator: "\n")]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let names = [
        "acme.escrow", "a directory with many blanks in its name, more than a line of the console has room for, really",
        "a'\u{301}; echo ran; '\u{301}", String(repeating: "'\u{301}; echo ran; ", count: 12),
        String(repeating: "x", count: 75) + "'; echo ran; '", String(repeating: "\\", count: 90), "\n; echo ran",
    ]

    @Test("a command stays one command when it is pasted, whatever is in its words", arguments: names)
    func command(name: String) throws {
        let words = ["echo", "-n", "--", "a word", name, "another", name, String(repeating: "y", count: 70), "end"]
        let lines = CommandLines.of(words.map(ShellWord.of), width: 78)
        let expected = words.dropFirst(2).joined(separator: " ")
        #expect(try pasted(lines).utf8.elementsEqual(expected.utf8))
        #expect(lines.count > 1)
    }

    @Test("a command that does not fit has lines of its own, and is broken between its words alone")
    func advice() throws {
        let text = "ca-escrow: next: olga or omar must sign: ca-escrow sign acme.escrow -i olga.identity and-more"
        #expect(
            CommandLines.advice(text, width: 78, rest: "    ") == [
                "ca-escrow: next: olga or omar must sign:",
                "    ca-escrow sign acme.escrow -i olga.identity and-more",
            ]
        )
        let long = "ca-escrow: next: escrow it anew: ca-escrow backup acme-root-ca.escrow --from openssl-ca:ca "
        #expect(
            CommandLines.advice(long + "-i olga.identity; then drill", width: 60, rest: "    ") == [
                "ca-escrow: next: escrow it anew:",
                "    ca-escrow backup acme-root-ca.escrow --from \\",
                "        openssl-ca:ca -i olga.identity; then drill",
            ]
        )
        let prose = "ca-escrow: next: put acme-01234567.p12 in two places that no custodian enters, and say where"
        #expect(
            CommandLines.advice(prose, width: 78, rest: "    ") == [
                "ca-escrow: next: put acme-01234567.p12 in two places that no custodian enters,",
                "    and say where",
            ]
        )
    }

    @Test("a quotation in advice is never broken, and advice with a mark inside of one is not broken at all")
    func quotations() {
        for name in Self.names {
            let quoted = "ca-escrow: next: ca-escrow sign \(ShellWord.path(name)) -i x.identity and so on and on and on"
            let lines = CommandLines.advice(quoted, width: 60, rest: "    ")
            let joined = lines.joined(separator: "\n").replacing(bytesOf: " \\\n        ", with: " ")
                .replacing(bytesOf: "\n    ", with: " ")
            #expect(joined.utf8.elementsEqual(quoted.utf8))
            let isHostile = ["\\'", "$'"].contains { quoted.contains(bytesOf: $0) }
            #expect((lines.count == 1) == isHostile, "\(lines)")
        }
    }
}

@Suite("Lines on a console") struct ConsoleTextTests {
    @Test(
        "what does not fit goes on below its column, and a fingerprint in two halves",
        arguments: [
            ("short", ["short"]),
            (
                "  policy     3 of (alice, bob, carol, dave, erin) and more",
                ["  policy     3 of (alice, bob, carol,", "             dave, erin) and more"]
            ),
            (
                "  deeper than the text before it, but in no column",
                ["  deeper than the text before it, but in", "      no column"]
            ),
            (
                "receipt: acme-root-ca.escrow/0001-4dd017ed/receipts/bob.json",
                [
                    "receipt:", "    acme-root-ca.escrow/0001-4dd017ed/", "    receipts/bob.json",
                ]
            ),
            (
                "ca-escrow: error: " + String(repeating: "x", count: 50),
                [
                    "ca-escrow: error:", "    " + String(repeating: "x", count: 36),
                    "    " + String(repeating: "x", count: 14),
                ]
            ),
        ]
    )
    func wraps(line: String, expected: [String]) {
        #expect(ConsoleText.wrapped(line: line, width: 40) == expected)
    }

    @Test("a fingerprint stands in two halves")
    func fingerprint() {
        let half = Array(repeating: "a1", count: 16).joined(separator: ":")
        #expect(
            ConsoleText.wrapped(line: "  SHA-256    \(half):\(half)", width: 78)
                == ["  SHA-256    \(half):", "             \(half)"]
        )
    }
}
