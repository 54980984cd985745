// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Escrow
import Files
import Glibc
import SystemPackage
import Testing

@testable import Ceremony

@Suite("What is written down can be read")
struct RecordingTests {
    private func line(
        _ act: Act,
        _ files: [TranscriptLine.File] = [],
        _ remarks: [Remark] = []
    ) throws(DocumentError) -> TranscriptLine {
        try TranscriptLine(
            sequence: 1,
            time: Timestamp(secondsSinceEpoch: 1_803_891_600),
            step: "audit",
            actor: "oscar",
            act: act,
            files: files,
            remarks: remarks,
            previous: SamplePlan.digest
        )
    }

    @Test("a line that no reader takes is found before it is written", arguments: ["", "a\nb", "a\u{200b}b"])
    func lines(text: String) throws {
        _ = try line(.began, [.init(.input, "été 1.json", SamplePlan.digest)], [.title("x")])
        let needed = "1 to 500 characters, none invisible and no control character"
        #expect(throws: DocumentError.wrongValue(field: "files[0].name", expected: needed)) {
            try line(.began, [.init(.input, text, SamplePlan.digest)])
        }
        #expect(throws: DocumentError.wrongValue(field: "notes[1].text", expected: needed)) {
            try line(.initialled("XY"), [], [.title(text)])
        }
        #expect(throws: DocumentError.wrongValue(field: "notes[0].name", expected: "lower-case letters")) {
            try line(.checked, [], [.version(of: "lib-1", "1")])
        }
    }

    @Test("an escrow's copy has no name that a bundle cannot have, and nothing is replaced")
    func escrow() throws {
        let folder = FilePath("/tmp/recording-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max))")
        defer {
            for name in ["escrow", "bundle/escrow", "bundle", ""] {
                let path = folder.pushing(FilePath(name))
                for file in (try? Files.names(in: path)) ?? [] {
                    _ = unsafe path.appending(file).withPlatformString { unsafe Glibc.remove($0) }
                }
                _ = unsafe path.withPlatformString { unsafe Glibc.remove($0) }
            }
        }
        let source = folder.appending("escrow")
        let bundle = Bundle(at: folder.appending("bundle"))
        for path in [folder, source, bundle.path] {
            try Files.makeDirectory(path, permissions: .publicDirectory)
        }
        for name in ["README.txt", "a\nb", "a\u{200b}b", "a b.json", "é.json"] {
            try Files.create(source.appending(name), Array(name.utf8), permissions: .publicFile)
        }
        let kept = try bundle.keepEscrow(at: source)
        #expect(kept == [.init(.output, "escrow/README.txt", SHA256Digest(of: Array("README.txt".utf8)))])
        #expect(try Files.names(in: bundle.escrow) == ["README.txt"])
        // The same bytes again are no fault; others are, by name.
        #expect(try bundle.keepEscrow(at: source) == kept)
        let path = bundle.escrow.appending("README.txt")
        #expect(throws: BundleError.differs(path: path.string)) { try bundle.keep([1], at: path) }
        #expect(throws: BundleError.differs(path: path.string)) {
            try bundle.keep(Array("README.txt and more".utf8), at: path)
        }
        let words = "\(path): the ceremony was opened with another one: the original was changed since"
        #expect("\(BundleError.differs(path: path.string))" == words)
    }

    @Test(
        "a console's columns are counted, not characters",
        arguments: [
            ("", 0), ("Acme", 4), ("été", 3), ("e\u{301}te\u{301}", 3), ("認証局", 6), ("ｱ", 1), ("Ａ", 2), ("한", 2),
            ("🔑", 2),
        ]
    )
    func columns(text: String, count: Int) {
        #expect(text.columnCount == count)
    }

    @Test("what fits into so many columns is cut between characters")
    func prefixes() {
        #expect("認証局の鍵".prefix(columns: 5) == "認証")
        #expect("認証局の鍵".prefix(columns: 10) == "認証局の鍵")
        #expect("ab認".prefix(columns: 3) == "ab")
    }

    @Test("a part of a digest is not the whole of it")
    func whole() throws {
        let digest = SamplePlan.digest
        let words = digest.wordRows.flatMap(\.words)
        for (text, isWhole) in [
            (words.joined(separator: " "), true), (digest.description, true),
            (words.prefix(12).joined(separator: " "), false),
            (ComparisonCode(of: digest).digits.joined(separator: " "), false),
        ] {
            let code = try TypedCode(text)
            #expect(code.matches(digest) && code.isWhole == isWhole, "\(text)")
        }
    }
}
