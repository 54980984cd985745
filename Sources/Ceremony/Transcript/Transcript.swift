// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// Why a transcript is not whole: the first line that is not what it must be.
package indirect enum TranscriptError: Error, Equatable {
    /// The file's last line has no end.
    case unfinished(line: Int)
    case empty
    case line(Int, DocumentError)
    case sequence(line: Int, found: Int)
    /// The line before is not the one that this line was written after: removed, moved or altered.
    case chain(line: Int)
    case earlier(line: Int)
    /// The script has no such step, or another one comes first.
    case step(line: Int, found: String, expected: String)
    /// Something follows the closing line.
    case afterEnd(line: Int)
    /// The last line does not close it.
    case notClosed
    case tooLong(byteCount: Int, limit: Int)
}

extension TranscriptError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unfinished(let line): "line \(line): not finished"
        case .empty: "nothing in it"
        case .line(let line, let error): "line \(line): \(error.inLine)"
        case .sequence(let line, let found): "line \(line): numbered \(found): a line was removed or moved before it"
        case .chain(1): "line 1: not written after this plan: one of them was altered, or is another ceremony's"
        case .chain(let line): "line \(line): not written after the line before it: one of them was altered or moved"
        case .earlier(let line): "line \(line): earlier than the line before it"
        case .step(let line, let found, let expected):
            "line \(line): step \(found.quoted), where the script has '\(expected)'"
        case .afterEnd(let line): "line \(line): behind the end of the ceremony"
        case .notClosed: "the ceremony was not closed"
        case .tooLong(let count, let limit): "\(count) bytes: at most \(limit)"
        }
    }
}

extension DocumentError {
    /// What is wrong with a document that is one line: which line of its own is not said.
    fileprivate var inLine: String {
        switch self {
        case .syntax(_, let expected): "needed here is \(expected)"
        case .tooDeep: "nested more than \(JSONValue.maximumDepth) deep"
        case .duplicate(let key, _): "key \(key.quoted) stands there twice"
        case .notCanonical: "not in canonical form: spacing, order or ending differ"
        default: description
        }
    }
}

/// The acts of a ceremony, in order, each chained to the one before.
package struct Transcript: Sendable {
    /// The SHA-256 of the plan's file, which the first line follows.
    package let plan: SHA256Digest
    package private(set) var lines: [TranscriptLine] = []

    /// How many bytes of a transcript are read.
    package static let byteLimit = 4 << 20

    /// What signatures over a transcript's file are for.
    package static let format = DocumentFormat("transcript")

    /// Nothing has happened yet.
    package init(of plan: SHA256Digest) {
        self.plan = plan
    }

    /// Reads a transcript, and checks its chain from the plan to the last line.
    ///
    /// - Throws: ``TranscriptError`` with the first line that is wrong.
    package init(reading bytes: [UInt8], of plan: SHA256Digest) throws(TranscriptError) {
        guard bytes.count <= Self.byteLimit else {
            throw .tooLong(byteCount: bytes.count, limit: Self.byteLimit)
        }
        self.plan = plan
        var texts = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let tail = texts.popLast()
        guard !texts.isEmpty else {
            throw .empty
        }
        for (index, text) in texts.enumerated() {
            try append(text, at: index + 1)
        }
        guard tail?.isEmpty == true else {
            throw .unfinished(line: texts.count + 1)
        }
    }

    private mutating func append(_ text: ArraySlice<UInt8>, at number: Int) throws(TranscriptError) {
        let line: TranscriptLine
        do {
            line = try TranscriptLine(bytes: Array(text))
        } catch {
            throw .line(number, error)
        }
        guard !isEnded else {
            throw .afterEnd(line: number)
        }
        guard line.sequence == number else {
            throw .sequence(line: number, found: line.sequence)
        }
        guard line.previous == head else {
            throw .chain(line: number)
        }
        guard lines.last.map({ $0.time <= line.time }) ?? true else {
            throw .earlier(line: number)
        }
        lines.append(line)
    }

    /// The digest of the last line, or of the plan before the first: what is read aloud at the end.
    package var head: SHA256Digest { lines.last?.digest ?? plan }

    /// Whether nothing can follow.
    package var isEnded: Bool { lines.last.map { [.closed, .abandoned].contains($0.act) } ?? false }

    /// Adds an act at the end.
    ///
    /// - Parameter time: Not before the last line's; a clock that was set back since counts as that.
    /// - Throws: ``DocumentError`` when no reader would take the line; nothing is added then.
    package mutating func add(
        _ act: Act,
        step: String,
        by actor: Name,
        at time: Timestamp,
        files: [TranscriptLine.File] = [],
        remarks: [Remark] = []
    ) throws(DocumentError) {
        precondition(!isEnded, "nothing follows the end of a ceremony")
        let line = try TranscriptLine(
            sequence: lines.count + 1,
            time: max(time, lines.last?.time ?? time),
            step: step,
            actor: actor,
            act: act,
            files: files,
            remarks: remarks,
            previous: head
        )
        lines.append(line)
    }

    /// The file's bytes.
    package func encoded() -> [UInt8] { lines.flatMap { $0.bytes + [UInt8(ascii: "\n")] } }

    /// The lines as corrections leave them: what was typed otherwise at first is what was meant.
    package var standing: [TranscriptLine] {
        var standing = lines
        for line in lines {
            if case .corrected(let correction) = line.act, (1..<line.sequence).contains(correction.line) {
                standing[correction.line - 1] = standing[correction.line - 1].corrected(to: correction.new)
            }
        }
        return standing
    }

    /// What it was before one of its lines.
    func cut(before sequence: Int) -> Self {
        var cut = self
        cut.lines.removeLast(max(0, lines.count - sequence + 1))
        return cut
    }

    /// What was corrected, in order.
    package var corrections: [(line: TranscriptLine, made: Act.Correction)] {
        lines.compactMap { line in if case .corrected(let correction) = line.act { (line, correction) } else { nil } }
    }

    /// What went otherwise than expected, in order, from number 1, with the line that says so.
    package var exceptions: [(number: Int, line: TranscriptLine, raised: Act.Exception)] {
        let found = lines.compactMap { line in
            if case .exception(let raised) = line.act { (line: line, raised: raised) } else { nil }
        }
        return found.enumerated().map { ($0 + 1, $1.line, $1.raised) }
    }

    /// When the ceremony was opened.
    var opened: Timestamp? { lines.first?.time }

    /// Whether a step is done.
    package func isDone(_ step: String) -> Bool { lines.contains { $0.step == step && $0.act == .done } }

    /// Whether a step was begun.
    package func hasBegun(_ step: String) -> Bool { lines.contains { $0.step == step && $0.act == .began } }
}
