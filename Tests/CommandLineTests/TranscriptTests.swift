// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestSupport
import Testing

/// Runs each file of `Transcripts/` in an empty folder and compares what the terminal would show; those of its folder
/// `whole`, which take longer, in a whole run alone.
///
/// With the variable `RECORD_TRANSCRIPTS` set, the files are written anew with what was shown: read the difference. When it
/// names some, such as `audit.txt,whole/ceremony-forged.txt`, only these are run. One that starts with `# As root.` is left
/// out otherwise.
@Suite("Transcripts")
struct TranscriptTests {
    static let names: [String] = files(in: "")
    static let longNames: [String] = files(in: "whole/")
    /// Which are recorded: their names, or one word for all.
    static let recorded: [String]? = ProcessInfo.processInfo.environment["RECORD_TRANSCRIPTS"].map {
        $0.split(separator: ",").map(String.init)
    }

    private static func files(in folder: String) -> [String] {
        let path = Checkout.transcripts.appending(path: folder).path()
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasSuffix(".txt") }.sorted().map { folder + $0 }
    }

    @Test("there are transcripts, among them those that are to be recorded")
    func found() {
        #expect(Self.names.count >= 80 && Self.longNames.count >= 2)
        let missing = (Self.recorded ?? []).filter {
            $0.hasSuffix(".txt") && !(Self.names + Self.longNames).contains($0)
        }
        #expect(missing == [])
    }

    @Test("what a transcript shows is what happens", arguments: names.filter { !$0.hasPrefix("ceremony") })
    func transcript(named name: String) throws {
        try check(name)
    }

    @Test("and in those of ceremonies", arguments: names.filter { $0.hasPrefix("ceremony") })
    func ceremony(named name: String) throws {
        try check(name)
    }

    @Test(
        "and in those that take longer",
        .enabled(if: TestRun.isWhole || recorded?.contains { $0.hasPrefix("whole/") } == true, "in `make whole`"),
        arguments: longNames
    )
    func long(named name: String) throws {
        try check(name)
    }

    private func check(_ name: String) throws {
        let recorded = Self.recorded
        if let recorded, recorded.contains(where: { $0.hasSuffix(".txt") }), !recorded.contains(name) {
            return
        }
        let file = Checkout.transcripts.appending(path: name)
        let transcript = Transcript(try String(contentsOf: file, encoding: .utf8))
        guard !transcript.needsRoot || getuid() == 0 else {
            return
        }
        let outputs = try run(transcript)
        if recorded != nil {
            try transcript.text(with: outputs).write(to: file, atomically: true, encoding: .utf8)
        } else {
            compare(outputs, with: transcript)
        }
    }
}

/// What each command of a transcript shows, in a folder of its own.
///
/// - Parameters:
///   - place: What a page calls the folder.
///   - columns: The width of a terminal to run them at.
func run(
    _ transcript: Transcript,
    isNormalised: Bool = true,
    calling place: String? = nil,
    columns: Int? = nil
) throws -> [String] {
    try withTemporaryFolder { folder in
        for (name, contents) in transcript.files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try contents.write(to: file, atomically: false, encoding: .utf8)
        }
        let shell = Shell(folder: folder, columns: columns)
        let path = folder.path(percentEncoded: false)
        let name = isNormalised ? "<folder>" : path.hasSuffix("/") ? String(path.dropLast()) : path
        return try transcript.steps.map { step in
            let shown = try shell.run(step.command, isNormalised: isNormalised)
            return place.map { shown.replacing(name, with: $0) } ?? shown
        }
    }
}

/// Records an issue for every command that shows something else.
func compare(_ outputs: [String], with transcript: Transcript) {
    for (step, output) in zip(transcript.steps, outputs) {
        let expected = normalised(step.output, in: nil)
        guard output != expected else {
            continue
        }
        Issue.record("$ \(step.command)\n--- expected\n\(expected)--- shown\n\(output)")
    }
}
