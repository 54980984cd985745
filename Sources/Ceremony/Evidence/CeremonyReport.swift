// SPDX-License-Identifier: Apache-2.0

package import Custody

/// What an auditor files of a ceremony: made of plan and transcript alone, the same bytes every time.
package struct CeremonyReport: Sendable {
    package static let format = DocumentFormat("ceremony-report")

    let plan: Plan
    let planDigest: SHA256Digest
    let script: CeremonyScript
    let transcript: Transcript
    let evidence: CeremonyEvidence

    package init(of plan: Plan, _ digest: SHA256Digest, _ script: CeremonyScript, _ transcript: Transcript) {
        self.plan = plan
        planDigest = digest
        self.script = script
        self.transcript = transcript
        evidence = CeremonyEvidence(of: plan, script, transcript)
    }

    /// What it cannot show, whatever it says.
    static let limits = [
        "that people are who they say, or independent of one another",
        "that the machine kept no copy of the key",
        "that nothing happened in the room that nobody wrote down",
        "the time, but for the clock of the machine, unless a time stamp stands beside the transcript",
    ]

    /// One step as it was held.
    struct Held {
        let step: Step
        let began: Timestamp?
        let done: Timestamp?
        /// Who gave their initials, with them, in order.
        let initials: [(name: Name, initials: String)]
        let files: [TranscriptLine.File]
        let exceptions: [Exception]

        /// Whole minutes that it took.
        var minutes: Int? {
            guard let began, let done else {
                return nil
            }
            return (done.secondsSinceEpoch - began.secondsSinceEpoch + 59) / 60
        }
    }

    struct Exception {
        let number: Int
        let step: String
        let time: Timestamp
        let expected: String
        let happened: String
        let decided: String
        let decision: String
        let by: Name
    }

    var exceptions: [Exception] {
        transcript.exceptions.enumerated().map { index, line in
            let notes = line.texts
            return Exception(
                number: index + 1,
                step: line.step,
                time: line.time,
                expected: notes["expected"] ?? "",
                happened: notes["happened"] ?? "",
                decided: notes["decided"] ?? "",
                decision: notes["decision"] ?? "",
                by: line.actor
            )
        }
    }

    var held: [Held] {
        let exceptions = exceptions
        return script.steps.map { step in
            let lines = transcript.lines.filter { $0.step == step.identifier && $0.act != .opened }
            return Held(
                step: step,
                began: lines.first { $0.act == .began }?.time,
                done: lines.last { $0.act == .done || $0.act == .closed }?.time,
                initials: lines.compactMap { line in line.texts["initials"].map { (line.actor, $0) } },
                files: lines.flatMap(\.files),
                exceptions: exceptions.filter { $0.step == step.identifier }
            )
        }
    }

    /// How it ended.
    var end: String {
        switch transcript.lines.last?.act {
        case .closed: "closed"
        case .abandoned: "abandoned"
        default: "not closed"
        }
    }

    /// How often it was interrupted.
    var interruptions: Int { transcript.lines.count { $0.act == .resumed } }

    /// Media that came out of a bag and went into another, or whose bag is not known.
    var changedBags: [Inventory.Item] {
        evidence.inventory.items.filter { $0.bagIn == nil || $0.bagOut == nil }
    }
}

extension TranscriptLine {
    /// What was noted, by name.
    var texts: [String: String] { Dictionary(notes.map { ($0.name, $0.text) }) { first, _ in first } }
}

extension CeremonyReport {
    /// The canonical bytes of `report.json`.
    package var json: [UInt8] {
        var members: [String: JSONValue] = [
            "end": .string(end),
            "exceptionCount": .integer(UInt64(exceptions.count)),
            "format": .string(Self.format.format),
            "head": .string(transcript.head.description),
            "headWords": .string(ComparisonCode(of: transcript.head).allWords.joined(separator: " ")),
            "interruptions": .integer(UInt64(interruptions)),
            "kind": .string(plan.kind.rawValue),
            "limits": .array(Self.limits.map { .string($0) }),
            "lines": .integer(UInt64(transcript.lines.count)),
            "plan": .string(planDigest.description),
            "rehearsal": .boolean(plan.isRehearsal),
            "steps": .array(held.map(Self.json)),
            "title": .string(plan.title),
            "tool": .string(plan.tool.description),
        ]
        if !exceptions.isEmpty {
            members["exceptions"] = .array(exceptions.map(Self.json))
        }
        let attestations = evidence.attestations
        if !attestations.isEmpty {
            members["attestations"] = .array(
                attestations.map { attestation in
                    .object(["agrees": .boolean(attestation.agrees), "name": .string(attestation.name.description)])
                }
            )
        }
        return JSONValue.object(members).encoded()
    }

    private static func json(_ held: Held) -> JSONValue {
        var members: [String: JSONValue] = [
            "budget": .integer(UInt64(held.step.minutes)),
            "step": .string(held.step.identifier),
            "title": .string(held.step.title),
        ]
        members["began"] = held.began.map { .string($0.description) }
        members["done"] = held.done.map { .string($0.description) }
        if !held.files.isEmpty {
            members["files"] = .array(
                held.files.map { file in
                    .object([
                        "direction": .string(file.direction.rawValue), "name": .string(file.name),
                        "sha256": .string(file.sha256.description),
                    ])
                }
            )
        }
        return .object(members)
    }

    private static func json(_ exception: Exception) -> JSONValue {
        .object([
            "by": .string(exception.by.description),
            "decided": .string(exception.decided),
            "decision": .string(exception.decision),
            "expected": .string(exception.expected),
            "happened": .string(exception.happened),
            "step": .string(exception.step),
            "time": .string(exception.time.description),
        ])
    }
}
