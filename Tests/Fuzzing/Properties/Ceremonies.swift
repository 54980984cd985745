// SPDX-License-Identifier: Apache-2.0

@testable import Ceremony
@testable import Custody
@testable import Encoding
@testable import Escrow

extension Reader {
    /// What a ceremony is to be, in JSON of any layout.
    public static let plan = Reader("Plan") { bytes in
        guard let plan = try accepted({ try Plan(json: bytes) }) else {
            _ = try accepted { try Plan.people(json: bytes) }
            return
        }
        let written = writtenPlan(plan)
        guard let again = try accepted({ try Plan(json: Array(written.utf8)) }) else {
            throw Violation(description: "a plan that was written is not read: \(written.debugDescription)")
        }
        try require(writtenPlan(again).utf8.elementsEqual(written.utf8), "a plan is written in two ways")
        _ = try accepted {
            let review = try PlanReview(of: plan)
            _ = CeremonyScript(of: review)
        }
    }

    /// A line; a file; and the file with its chain mended: else no mutation would come further than its first line.
    public static let transcript = Reader("Transcript") { bytes in
        let texts = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
        var lines: [TranscriptLine] = []
        for text in texts.prefix(64) {
            if let line = try accepted({ try TranscriptLine(bytes: text) }) {
                lines.append(line)
            }
        }
        let plan = lines.first?.previous ?? SHA256Digest(of: [])
        try requireSameTranscript(bytes, of: plan)
        var mended: [UInt8] = []
        var previous = plan
        for (index, line) in lines.enumerated() {
            let next = try TranscriptLine(
                sequence: index + 1,
                time: line.time,
                step: line.step,
                actor: line.actor,
                act: line.act,
                files: line.files,
                previous: previous
            )
            if case .unfit = line.act {
            } else {
                try require(next.act == line.act, "an act is written as another one")
            }
            mended += next.bytes + [UInt8(ascii: "\n")]
            previous = next.digest
        }
        try requireSameTranscript(mended, of: plan)
    }
}

private func requireSameTranscript(_ bytes: [UInt8], of plan: SHA256Digest) throws {
    if let transcript = try accepted({ try Transcript(reading: bytes, of: plan) }) {
        try require(transcript.encoded() == bytes, "a transcript is encoded to other bytes")
    }
}

/// A plan as JSON that every reader understands.
private func writtenPlan(_ plan: Plan) -> String {
    object([
        ("format", text(Plan.format.format)), ("kind", text(plan.kind.rawValue)), ("title", text(plan.title)),
        ("rehearsal", "\(plan.isRehearsal)"), ("date", text(plan.date.description)),
        ("standby", text(plan.standby.description)), ("place", text(plan.place)), ("inventory", text(plan.inventory)),
        (
            "ca",
            object([
                ("certificate", text(plan.authority.certificate)), ("sha256", text(plan.authority.sha256.description)),
            ])
        ),
        (
            "escrow",
            object([
                ("path", text(plan.escrow.path)), ("store", text(plan.escrow.store)),
                ("occasion", text(plan.escrow.occasion?.rawValue)), ("policy", text(written(plan.escrow.policy))),
                ("officers", text(written(plan.escrow.officers))), ("pkcs12", text(plan.escrow.pkcs12)),
                ("purpose", text(plan.escrow.purpose)),
            ])
        ),
        ("tool", object([("sha256", text(plan.tool.description))])),
        ("people", list(plan.people.map(writtenPerson))), ("media", list(plan.media.map(writtenMedium))),
    ])
}

private func writtenPerson(_ person: Plan.Participant) -> String {
    object([
        ("name", text(person.name.description)), ("fullName", text(person.fullName)),
        ("roles", list(person.roles.compactMap { text($0.rawValue) })), ("card", text(person.card)),
        ("sha256", text(person.sha256?.description)), ("identity", text(person.identity)), ("site", text(person.site)),
        ("organisation", text(person.organisation)), ("line", text(person.line)),
    ])
}

private func writtenMedium(_ medium: Plan.Medium) -> String {
    object([
        ("label", text(medium.label)), ("content", text(medium.content.rawValue)),
        ("holder", text(medium.holder.description)), ("site", text(medium.site)), ("serial", text(medium.serial)),
    ])
}

private func object(_ members: [(String, String?)]) -> String {
    "{\(members.compactMap { key, value in value.map { "\"\(key)\": \($0)" } }.joined(separator: ", "))}"
}

private func list(_ items: [String]) -> String { "[\(items.joined(separator: ", "))]" }

private func text(_ text: String?) -> String? {
    text.map { "\"\($0.unicodeScalars.map { "\"\\".unicodeScalars.contains($0) ? "\\\($0)" : "\($0)" }.joined())\"" }
}

private func written(_ policy: PolicyText) -> String {
    switch policy {
    case .custodian(let name): name.description
    case .all(let threshold): "\(threshold) of all"
    case .gate(let threshold, let members): "\(threshold) of (\(members.map(written).joined(separator: ", ")))"
    }
}
