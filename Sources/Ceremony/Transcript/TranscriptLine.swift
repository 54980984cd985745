// SPDX-License-Identifier: Apache-2.0

import Audit
package import Encoding
import Files

/// One act of a ceremony: a line of its transcript, chained to the line before by its digest.
///
/// *docs/format-ceremony.md, section 4.25.*
package struct TranscriptLine: Hashable, Sendable {
    package static let format = DocumentFormat("transcript-line")

    /// A file that an act read or made.
    package struct File: Hashable, Sendable {
        package enum Direction: String, CaseIterable, Sendable {
            case input = "in"
            case output = "out"
        }

        package let direction: Direction
        /// Its name without a path, or a path inside the bundle or the escrow.
        package let name: String
        package let sha256: SHA256Digest

        package init(_ direction: Direction, _ name: String, _ sha256: SHA256Digest) {
            self.direction = direction
            self.name = name
            self.sha256 = sha256
        }
    }

    /// From 1.
    package let sequence: Int
    package let time: Timestamp
    /// The step's identifier.
    package let step: String
    package let actor: Name
    package private(set) var act: Act
    /// In the order in which they were read or made.
    package let files: [File]
    /// The SHA-256 of the line before, without its line end; in line 1 that of the plan.
    package let previous: SHA256Digest
    /// The line without its line end, with remarks for people, which are not kept otherwise.
    package let bytes: [UInt8]

    /// What the next line names as its `previous`.
    package var digest: SHA256Digest { SHA256Digest(of: bytes) }

    /// What it says for people under a name, which no rule reads: see ``Remark``.
    func remark(_ name: String) -> String? {
        let notes = (try? JSONValue(line: bytes))?.members["notes"]?.items ?? []
        return notes.compactMap { try? Self.note($0, at: "notes") }.first { $0.name.isEqual(bytesOf: name) }?.text
    }

    /// The line as a correction leaves it: what was written stays as it is.
    func corrected(to text: String) -> Self {
        var line = self
        line.act = act.corrected(to: text)
        return line
    }

    /// Writes one line, and reads it: a record that no reader takes is none.
    ///
    /// - Throws: ``DocumentError``
    package init(
        sequence: Int,
        time: Timestamp,
        step: String,
        actor: Name,
        act: Act,
        files: [File] = [],
        remarks: [Remark] = [],
        previous: SHA256Digest
    ) throws(DocumentError) {
        let notes = act.notes.map { (name: $0.key.rawValue, text: $0.text) } + remarks.map(\.note)
        // Before they are encoded, which traps on what no string of a document holds.
        for (index, file) in files.enumerated() {
            try TextRule.check(file.name, field: "files[\(index)].name")
        }
        for (index, note) in notes.enumerated() {
            try TextRule.check(note.text, field: "notes[\(index)].text")
        }
        let line = JSONValue.members([
            "act": .string(act.word.rawValue),
            "actor": .string(actor.description),
            "files": .list(files.map(\.json)),
            "format": .string(Self.format.format),
            "notes": .list(notes.map { .object(["name": .string($0.name), "text": .string($0.text)]) }),
            "previous": .string(previous.description),
            "sequence": .integer(UInt64(sequence)),
            "step": .string(step),
            "time": .string(time.description),
        ])
        try self.init(bytes: line.encodedOnOneLine())
    }

    /// Reads one line.
    ///
    /// - Parameter bytes: Without the line end.
    /// - Throws: ``DocumentError``
    package init(bytes: [UInt8]) throws(DocumentError) {
        var fields = try Fields(try JSONValue(line: bytes))
        try fields.format(expecting: Self.format)
        sequence = try fields.take("sequence", .integer(in: 1...Int(JSONValue.maximumInteger)))
        time = try fields.take("time", .timestamp)
        step = try fields.take("step", .string)
        actor = try fields.take("actor", .name)
        let word = Act.Word(rawValue: try fields.take("act", .word(among: Act.Word.allCases.map(\.rawValue)))) ?? .noted
        files = try fields.optionalList("files") { (value, path) throws(DocumentError) in try File(value, at: path) }
        act = Act(word, try fields.optionalList("notes", item: Self.note))
        previous = try fields.take("previous", .digest)
        try fields.finish()
        self.bytes = bytes
    }

    private static func note(_ value: JSONValue, at path: String) throws(DocumentError) -> (name: String, text: String)
    {
        var fields = try Fields(value, at: path)
        let note = (name: try fields.take("name", .string), text: try fields.take("text", .text))
        try fields.finish()
        guard note.name.utf8.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }), !note.name.isEmpty
        else {
            throw .wrongValue(field: "\(path).name", expected: "lower-case letters")
        }
        return note
    }
}

extension TranscriptLine.File {
    /// As a line and the ceremony's report have it.
    var json: JSONValue {
        .object([
            "direction": .string(direction.rawValue), "name": .string(name), "sha256": .string(sha256.description),
        ])
    }

    fileprivate init(_ value: JSONValue, at path: String) throws(DocumentError) {
        var fields = try Fields(value, at: path)
        let word = try fields.take("direction", .word(among: Direction.allCases.map(\.rawValue)))
        direction = Direction(rawValue: word) ?? .input
        name = try fields.take("name", .text)
        sha256 = try fields.take("sha256", .digest)
        try fields.finish()
    }
}
