// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Escrow
import Testing

@testable import Ceremony

@Suite("A transcript that was touched")
struct TouchedTranscriptTests {
    private let held: HeldCeremony
    private let lines: [[UInt8]]

    init() throws {
        // A short one: lines are tried against all others.
        let sample = SamplePlan(kind: "drill", policy: "2 of all", custodians: ["alice", "bob"])
        held = try HeldCeremony(sample, exceptions: ["clock"])
        lines = held.transcript.lines.map(\.bytes)
    }

    private func read(_ lines: [[UInt8]]) throws(TranscriptError) -> Transcript {
        try Transcript(reading: lines.flatMap { $0 + [0x0a] }, of: held.digest)
    }

    @Test("as it was written it is read, byte for byte")
    func untouched() throws {
        let transcript = try read(lines)
        #expect(transcript.encoded() == held.transcript.encoded())
        #expect(transcript.head == held.transcript.head && transcript.isEnded)
        try transcript.check(against: held.script, mustBeClosed: true)
    }

    @Test("any line removed is named by the line that now stands there")
    func removed() throws {
        for index in lines.indices.dropLast() {
            var touched = lines
            touched.remove(at: index)
            #expect(throws: TranscriptError.sequence(line: index + 1, found: index + 2)) { try read(touched) }
        }
        // The end alone can be cut off unseen by the chain: then it is not closed.
        let cut = try read(lines.dropLast())
        #expect(!cut.isEnded)
        #expect(throws: TranscriptError.notClosed) { try cut.check(against: held.script, mustBeClosed: true) }
    }

    @Test("any line that stands there twice is named")
    func doubled() throws {
        for index in lines.indices {
            var touched = lines
            touched.insert(lines[index], at: index)
            let error =
                index == lines.count - 1
                ? TranscriptError.afterEnd(line: index + 2) : .sequence(line: index + 2, found: index + 1)
            #expect(throws: error) { try read(touched) }
        }
    }

    @Test("any two lines that changed places are named")
    func swapped() throws {
        for index in lines.indices.dropLast() {
            var touched = lines
            touched.swapAt(index, index + 1)
            #expect(throws: TranscriptError.sequence(line: index + 1, found: index + 2)) { try read(touched) }
        }
    }

    @Test("every line altered is named, or the next one, whose chain it breaks")
    func altered() throws {
        for index in lines.indices.dropLast() {
            var touched = lines
            let text = String(decoding: lines[index], as: UTF8.self)
            touched[index] = Array(text.replacing("\"actor\":\"", with: "\"actor\":\"x", maxReplacements: 1).utf8)
            #expect(throws: TranscriptError.chain(line: index + 2)) { try read(touched) }
        }
    }

    @Test("every bit of one line altered is named")
    func everyByte() throws {
        let index = 5
        let beginning = Array(lines.prefix(index + 2))
        for position in lines[index].indices {
            for bit in (0..<8).map({ 1 << $0 }) as [UInt8] {
                var touched = beginning
                touched[index][position] ^= bit
                let error = try #require(throws: TranscriptError.self) { try read(touched) }
                let words = error.description
                #expect(
                    words.hasPrefix("line \(index + 1): ") || words.hasPrefix("line \(index + 2): "),
                    "\(position): \(words)"
                )
            }
        }
    }

    @Test("lines numbered and chained anew in another order do not follow the script")
    func rewritten() throws {
        var forged = Transcript(of: held.digest)
        for line in held.transcript.lines where line.step != "manifest-digest" {
            try forged.add(line)
        }
        let error = #expect(throws: TranscriptError.self) { try forged.check(against: held.script, mustBeClosed: true) }
        #expect(error?.description.hasSuffix("step 'audit', where the script has 'manifest-digest'") == true)
    }

    @Test("of another plan it is not")
    func anotherPlan() {
        let bytes = held.transcript.encoded()
        #expect(throws: TranscriptError.chain(line: 1)) { try Transcript(reading: bytes, of: SamplePlan.digest) }
    }

    @Test("a truncated last line, a line end of Windows, nothing at all, and too much")
    func shapes() {
        let bytes = held.transcript.encoded()
        let count = lines.count
        func error(_ bytes: [UInt8]) -> String? {
            do {
                _ = try Transcript(reading: bytes, of: held.digest)
                return nil
            } catch {
                return error.description
            }
        }
        #expect(error(Array(bytes.dropLast())) == "line \(count): not finished")
        #expect(error(Array(bytes.dropLast(9))) == "line \(count): not finished")
        #expect(error(bytes + [0x7b]) == "line \(count + 1): not finished")
        #expect(error([]) == "nothing in it")
        #expect(error([0x0a] + bytes)?.hasPrefix("line 1: needed here is ") == true)
        let windows = bytes.flatMap { $0 == 0x0a ? [0x0d, 0x0a] : [$0] }
        #expect(error(windows) == "line 1: not in canonical form: spacing, order or ending differ")
        #expect(error([0xef, 0xbb, 0xbf] + bytes)?.hasPrefix("line 1: ") == true)
        let long = [UInt8](repeating: 0x20, count: Transcript.byteLimit + 1)
        #expect(error(long) == "\(long.count) bytes: at most \(Transcript.byteLimit)")
    }

    @Test("a clock that went back is named, and what is written after it counts as no earlier")
    func clock() throws {
        let first = held.transcript.lines[0]
        let earlier = try TranscriptLine(
            sequence: 2,
            time: first.time.adding(seconds: -1),
            step: "sign-in",
            actor: "oscar",
            act: .began,
            previous: first.digest
        )
        #expect(throws: TranscriptError.earlier(line: 2)) { try read([first.bytes, earlier.bytes]) }
        var transcript = Transcript(of: held.digest)
        try transcript.add(.opened, step: "sign-in", by: "oscar", at: first.time)
        try transcript.add(.began, step: "sign-in", by: "oscar", at: first.time.adding(seconds: -3600))
        #expect(transcript.lines[1].time == first.time)
        #expect(try Transcript(reading: transcript.encoded(), of: held.digest).lines.count == 2)
    }

    @Test("members that no line has, and notes that are none, are refused")
    func members() {
        let text = String(decoding: lines[4], as: UTF8.self)
        for (old, new) in [
            ("\"act\":\"initialled\"", "\"act\":\"danced\""), ("\"sequence\":5", "\"sequence\":0"),
            ("\"step\":\"sign-in\"", "\"step\":\"sign-in\",\"zoo\":\"x\""),
            ("\"name\":\"initials\"", "\"name\":\"Initials1\""),
        ] {
            let touched = text.replacing(old, with: new)
            #expect(touched != text)
            let error = #expect(throws: TranscriptError.self) { try read([Array(touched.utf8)]) }
            if case .line(1, _) = error { continue }
            Issue.record("\(new): \(String(describing: error))")
        }
    }
}
