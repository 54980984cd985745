// SPDX-License-Identifier: Apache-2.0

@testable import Ceremony
@testable import Custody
@testable import Escrow

extension Reader {
    /// What a ceremony is to be, in TOML.
    public static let plan = Reader("Plan") { bytes in
        guard let plan = try accepted({ try Plan(toml: bytes) }) else {
            _ = try accepted { try Plan.people(toml: bytes) }
            return
        }
        let written = writtenPlan(plan)
        guard let again = try accepted({ try Plan(toml: Array(written.utf8)) }) else {
            throw Violation(description: "a plan that was written is not read: \(written.debugDescription)")
        }
        try require(writtenPlan(again).utf8.elementsEqual(written.utf8), "a plan is written in two ways")
        _ = try accepted {
            let review = try PlanReview(of: plan)
            _ = CeremonyScript(for: plan, policy: review.policy, officers: review.signing)
        }
    }

    /// A line; a file; and the file with its chain mended: else no mutation would come further than its first line.
    public static let transcript = Reader("Transcript") { bytes in
        let texts = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
        var lines: [TranscriptLine] = []
        for text in texts.prefix(64) {
            if let line = try accepted({ try TranscriptLine(bytes: text) }) {
                try require(line.encoded() == text, "a line is encoded to other bytes")
                lines.append(line)
            }
        }
        let plan = lines.first?.previous ?? SHA256Digest(of: [])
        try requireSameTranscript(bytes, of: plan)
        var mended: [UInt8] = []
        var previous = plan
        for (index, line) in lines.enumerated() {
            let next = TranscriptLine(
                sequence: index + 1,
                time: line.time,
                step: line.step,
                actor: line.actor,
                act: line.act,
                files: line.files,
                notes: line.notes,
                previous: previous
            )
            mended += next.encoded() + [UInt8(ascii: "\n")]
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

/// A plan as TOML that every reader understands.
private func writtenPlan(_ plan: Plan) -> String {
    var text = ""
    func line(_ key: String, _ value: String?) {
        if let value {
            text += "\(key) = \(tomlText(value))\n"
        }
    }
    line("format", Plan.format.format)
    line("kind", plan.kind.rawValue)
    line("title", plan.title)
    text += "rehearsal = \(plan.isRehearsal)\n"
    line("date", plan.date.description)
    line("standby", plan.standby.description)
    line("place", plan.place)
    line("inventory", plan.inventory)
    text += "[ca]\n"
    line("certificate", plan.authority.certificate)
    line("sha256", plan.authority.sha256.description)
    text += "[escrow]\n"
    line("path", plan.escrow.path)
    line("store", plan.escrow.store)
    line("policy", tomlPolicy(plan.escrow.policy))
    line("officers", tomlPolicy(plan.escrow.officers))
    line("pkcs12", plan.escrow.pkcs12)
    line("purpose", plan.escrow.purpose)
    text += "[tool]\n"
    line("sha256", plan.tool.description)
    for person in plan.people {
        text += "[[people]]\n"
        line("name", person.name.description)
        line("fullName", person.fullName)
        text += "roles = [\(person.roles.map { tomlText($0.rawValue) }.joined(separator: ", "))]\n"
        line("card", person.card)
        line("identity", person.identity)
        line("site", person.site)
        line("organisation", person.organisation)
        line("line", person.line)
    }
    for medium in plan.media {
        text += "[[media]]\n"
        line("label", medium.label)
        line("content", medium.content.rawValue)
        line("holder", medium.holder.description)
        line("site", medium.site)
        line("serial", medium.serial)
    }
    return text
}

private func tomlText(_ text: String) -> String {
    "\"\(text.unicodeScalars.map { "\"\\".unicodeScalars.contains($0) ? "\\\($0)" : String($0) }.joined())\""
}

private func tomlPolicy(_ policy: PolicyText) -> String {
    switch policy {
    case .custodian(let name): name.description
    case .all(let threshold): "\(threshold) of all"
    case .gate(let threshold, let members): "\(threshold) of (\(members.map(tomlPolicy).joined(separator: ", ")))"
    }
}
