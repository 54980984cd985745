// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The command line speaks, and decides nothing; what it speaks with has no name below it.
@Suite("The command line only speaks")
struct CommandLineRuleTests {
    private static func lines(_ isWanted: (String) -> Bool) throws -> [(file: String, line: String)] {
        let names = try #require(FileManager.default.enumerator(atPath: ImportTests.sources.path()))
            .compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") && isWanted($0) }
        return try names.sorted().flatMap { name in
            try String(contentsOf: ImportTests.sources.appending(path: name), encoding: .utf8)
                .split(separator: "\n").map { (name, String($0)) }
        }
    }

    private static func isCommandLine(_ file: String) -> Bool { file.hasPrefix("ca-escrow/") }

    private static func found(_ words: [String], _ isWanted: (String) -> Bool) throws -> [String] {
        try lines(isWanted).filter { line in words.contains { line.line.contains($0) } }.map {
            "\($0.file): \($0.line)"
        }
    }

    @Test("messages, hints and exit statuses have no name below it")
    func words() throws {
        #expect(try Self.found(["ExitStatus", "Diagnostic", "Output."]) { !Self.isCommandLine($0) } == [])
    }

    @Test("secrets have no name in it, but where they are typed")
    func secrets() throws {
        let isSpeech = { Self.isCommandLine($0) && !$0.hasPrefix("ca-escrow/Terminal/") }
        #expect(try Self.found(["SecretBytes"], isSpeech) == [])
        #expect(try Self.found([" Scalar", "ArchivePassword", "import Ristretto255"], Self.isCommandLine) == [])
    }

    @Test("it throws no error of the library's making")
    func errors() throws {
        let thrown = try Self.lines(Self.isCommandLine).filter { line in
            line.line.contains(/throw (?!Validation)[A-Z]\w*Error\b|\bfact: \./)
        }
        #expect(thrown.map { "\($0.file): \($0.line)" } == [])
    }

    @Test("it has at most 5,500 lines")
    func size() throws {
        #expect(try Self.lines(Self.isCommandLine).count <= 5500)
    }
}
