// SPDX-License-Identifier: Apache-2.0

package import Custody

/// One act of a ceremony: a line of its transcript, chained to the line before by its digest.
///
/// *docs/format.md, section "Ceremony transcript".*
package struct TranscriptLine: Hashable, Sendable {
    package static let format = DocumentFormat("transcript-line")

    /// What happened.
    package enum Act: String, CaseIterable, Sendable {
        /// The ceremony was opened; the first line.
        case opened
        /// It goes on after an interruption.
        case resumed
        /// A step was begun.
        case began
        /// Somebody gave their initials, or did what the step asks of them alone.
        case initialled
        /// Two digests were compared, and are one.
        case compared
        /// Two digests were compared, and are not.
        case differed
        /// Something was written down: a bag number, an answer.
        case noted
        /// What was expected did not happen: an exception, with its decision.
        case exception
        /// The step is done.
        case done
        /// The ceremony ends here, before its end.
        case abandoned
        /// The last line.
        case closed
    }

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
    package let act: Act
    /// In the order in which they were read or made.
    package let files: [File]
    /// What was said, in the ceremony's words; of an exception what was expected, what happened, what was decided.
    package let notes: [Note]
    /// The SHA-256 of the line before, without its line end; in line 1 that of the plan.
    package let previous: SHA256Digest

    /// A named text.
    package struct Note: Hashable, Sendable {
        /// Letters only, such as `expected`.
        package let name: String
        package let text: String

        package init(_ name: String, _ text: String) {
            self.name = name
            self.text = text
        }
    }

    package init(
        sequence: Int,
        time: Timestamp,
        step: String,
        actor: Name,
        act: Act,
        files: [File],
        notes: [Note],
        previous: SHA256Digest
    ) {
        self.sequence = sequence
        self.time = time
        self.step = step
        self.actor = actor
        self.act = act
        self.files = files
        self.notes = notes
        self.previous = previous
    }

    /// Reads one line.
    ///
    /// - Parameter bytes: Without the line end.
    /// - Throws: ``DocumentError``
    package init(bytes: [UInt8]) throws(DocumentError) {
        var fields = try Fields(try JSONValue(line: bytes))
        try fields.format(expecting: Self.format)
        sequence = try fields.integer("sequence", in: 1...Int(JSONValue.maximumInteger))
        time = try fields.timestamp("time")
        step = try fields.string("step")
        actor = try fields.name("actor")
        act = Act(rawValue: try fields.word("act", among: Act.allCases.map(\.rawValue))) ?? .noted
        files = try fields.optionalList("files") { (value, path) throws(DocumentError) in try File(value, at: path) }
        notes = try fields.optionalList("notes") { (value, path) throws(DocumentError) in try Note(value, at: path) }
        previous = try fields.digest("previous")
        try fields.finish()
    }

    /// The line without its line end.
    package func encoded() -> [UInt8] {
        var members: [String: JSONValue] = [
            "act": .string(act.rawValue),
            "actor": .string(actor.description),
            "format": .string(Self.format.format),
            "previous": .string(previous.description),
            "sequence": .integer(UInt64(sequence)),
            "step": .string(step),
            "time": .string(time.description),
        ]
        if !files.isEmpty {
            members["files"] = .array(
                files.map { file in
                    .object([
                        "direction": .string(file.direction.rawValue),
                        "name": .string(file.name),
                        "sha256": .string(file.sha256.description),
                    ])
                }
            )
        }
        if !notes.isEmpty {
            members["notes"] = .array(
                notes.map { .object(["name": .string($0.name), "text": .string($0.text)]) }
            )
        }
        return JSONValue.object(members).encodedOnOneLine()
    }

    /// What the next line names as its `previous`.
    package var digest: SHA256Digest { SHA256Digest(of: encoded()) }
}

extension TranscriptLine.File {
    fileprivate init(_ value: JSONValue, at path: String) throws(DocumentError) {
        var fields = try Fields(value, at: path)
        let word = try fields.word("direction", among: Direction.allCases.map(\.rawValue))
        direction = Direction(rawValue: word) ?? .input
        name = try fields.text("name")
        sha256 = try fields.digest("sha256")
        try fields.finish()
    }
}

extension TranscriptLine.Note {
    fileprivate init(_ value: JSONValue, at path: String) throws(DocumentError) {
        var fields = try Fields(value, at: path)
        name = try fields.string("name")
        text = try fields.text("text")
        try fields.finish()
        guard name.utf8.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }), !name.isEmpty else {
            throw .wrongValue(field: "\(path).name", expected: "lower-case letters")
        }
    }
}
