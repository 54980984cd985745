// SPDX-License-Identifier: Apache-2.0

import Escrow
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

    @Test("advice is broken where its command goes on, and not at all with a quotation in it")
    func advice() throws {
        let text = "ca-escrow: next: olga or omar must sign: ca-escrow sign acme.escrow -i olga.identity and-more"
        #expect(
            CommandLines.advice(text, width: 78, rest: "    ") == [
                "ca-escrow: next: olga or omar must sign: ca-escrow sign acme.escrow -i \\",
                "    olga.identity and-more",
            ]
        )
        let prose = "ca-escrow: next: put acme-01234567.p12 in two places that no custodian enters, and say where"
        #expect(
            CommandLines.advice(prose, width: 78, rest: "    ") == [
                "ca-escrow: next: put acme-01234567.p12 in two places that no custodian", "    enters, and say where",
            ]
        )
        for name in Self.names.dropFirst() {
            let quoted =
                "ca-escrow: next: ca-escrow sign \(ShellWord.path(name)) -i \(Self.names[0]) and so on and on and on"
            #expect(CommandLines.advice(quoted, width: 78, rest: "    ") == [quoted])
        }
    }
}
