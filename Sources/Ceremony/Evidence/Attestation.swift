// SPDX-License-Identifier: Apache-2.0

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
            return all.last.map {
                Attestation($1, in: $0, person, roll.roles(of: person.name), isRehearsal: plan.isRehearsal)
            }
        }
    }

    private init(
        _ said: Act.Statement,
        in line: TranscriptLine,
        _ person: Plan.Participant,
        _ roles: [Role],
        isRehearsal: Bool
    ) {
        self.isRehearsal = isRehearsal
        name = person.name
        fullName = person.fullName
        self.roles = roles
        (agrees, exceptions, initials) = (said.agrees, said.exceptions, said.initials)
        time = line.time
        self.line = line.digest
    }

    /// The canonical bytes of `attestations/NAME.json`.
    package func encoded() -> [UInt8] {
        var members: [String: JSONValue] = [
            "agrees": .boolean(agrees),
            "format": .string(Self.format.format),
            "fullName": .string(fullName),
            "initials": .string(initials),
            "line": .string(line.description),
            "name": .string(name.description),
            "time": .string(time.description),
        ]
        members["exceptions"] = exceptions.map { .string($0) }
        members["rehearsal"] = isRehearsal ? .boolean(true) : nil
        if !roles.isEmpty {
            members["roles"] = .array(roles.map { .string($0.rawValue) })
        }
        return JSONValue.object(members).encoded()
    }
}
