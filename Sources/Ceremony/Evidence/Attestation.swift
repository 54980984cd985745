// SPDX-License-Identifier: Apache-2.0

import Audit
package import Encoding

/// What somebody said at the end of a ceremony: that it went as the sheet says, or not.
package struct Attestation: Sendable {
    package static let format = DocumentFormat("attestation")

    package let name: Name
    package let fullName: String
    package let roles: [Role]
    /// Not to agree is an answer.
    package let agrees: Bool
    /// What they added.
    package let exceptions: String?
    package let initials: String
    package let time: Timestamp
    let isRehearsal: Bool
    /// The SHA-256 of the transcript's line that holds it.
    package let line: SHA256Digest

    /// Everybody's, in the order of the plan.
    static func all(in transcript: Transcript, of plan: Plan) -> [Attestation] {
        let roll = RollCall(of: plan, transcript.standing)
        return roll.everybody.compactMap { person in
            let all = transcript.lines.filter { $0.actor == person.name }.compactMap { line in
                if case .attested(let said) = line.act { (line, said) } else { nil }
            }
            return all.last.map { line, said in
                Attestation(
                    name: person.name,
                    fullName: person.fullName,
                    roles: roll.roles(of: person.name),
                    agrees: said.agrees,
                    exceptions: said.exceptions,
                    initials: said.initials,
                    time: line.time,
                    isRehearsal: plan.isRehearsal,
                    line: line.digest
                )
            }
        }
    }

    /// The canonical bytes of `attestations/NAME.json`.
    package func encoded() -> [UInt8] {
        let document = JSONValue.members([
            "agrees": .boolean(agrees),
            "exceptions": exceptions.map(JSONValue.string),
            "format": .string(Self.format.format),
            "fullName": .string(fullName),
            "initials": .string(initials),
            "line": .text(line),
            "name": .text(name),
            "rehearsal": isRehearsal ? .boolean(true) : nil,
            "roles": .list(roles.map { .string($0.rawValue) }),
            "time": .text(time),
        ])
        return document.encoded()
    }
}
