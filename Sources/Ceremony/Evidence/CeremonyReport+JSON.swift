// SPDX-License-Identifier: Apache-2.0

import Audit
import CertificateAuthority
import Encoding
import Escrow
import SecretSharing

extension CeremonyReport {
    /// The canonical bytes of `report.json`.
    package var json: [UInt8] {
        var members: [String: JSONValue] = [
            "attested": evidence.count.json,
            "authority": .string(authority.printable),
            "budget": .integer(UInt64(script.minutes)),
            "certificate": .object([
                "notAfter": .string(certificateEnd.description), "sha256": .string(plan.authority.sha256.description),
                "subject": .string(certificate.subject.printable),
            ]),
            "differences": .integer(UInt64(differences)),
            "end": .string(end),
            "exceptionCount": .integer(UInt64(transcript.exceptions.count)),
            "format": .string(Self.format.format),
            "head": .string(transcript.head.description),
            "headWords": .string(ComparisonCode(of: transcript.head).allWords.joined(separator: " ")),
            "interruptions": .integer(UInt64(interruptions)),
            "kind": .string(plan.kind.rawValue),
            "limits": .array(Self.limits.map { .string($0) }),
            "keepUntil": .string(retention.description),
            "lines": .integer(UInt64(transcript.lines.count)),
            "minutes": .integer(UInt64(minutes)),
            "place": .string(plan.place),
            "plan": .string(planDigest.description),
            "rehearsal": .boolean(plan.isRehearsal),
            "steps": .array(held.map(Self.json)),
            "title": .string(plan.title),
            "tool": .string(plan.tool.description),
        ]
        if !transcript.exceptions.isEmpty {
            members["exceptions"] = .array(transcript.exceptions.map { Self.json($0.raised, in: $0.line) })
        }
        members.merge(people) { $1 }
        if !findings.isEmpty {
            members["findings"] = .array(findings.map(\.json))
        }
        if let custody {
            members["policy"] = Self.json(custody)
        }
        if !evidence.inventory.changed.isEmpty {
            members["changedBags"] = .array(evidence.inventory.changed.map { .string($0.medium.label) })
        }
        let attestations = evidence.attestations
        if !attestations.isEmpty {
            members["attestations"] = .array(
                attestations.map { attestation in
                    var members: [String: JSONValue] = [
                        "agrees": .boolean(attestation.agrees), "name": .string(attestation.name.description),
                    ]
                    members["exceptions"] = attestation.exceptions.map { .string($0) }
                    return .object(members)
                }
            )
        }
        return JSONValue.object(members).encoded()
    }

    /// Who was absent or replaced, what was corrected, and whom no trial had.
    private var people: [String: JSONValue] {
        let lists: [(String, [JSONValue])] = [
            ("absent", absent.map { .string($0.name.description) }),
            ("notCovered", script.notCovered.map { .string($0.description) }),
            (
                "replaced",
                roll.replacements.map { replacement in
                    .object([
                        "from": .string(replacement.from.description), "role": .string(replacement.role.rawValue),
                        "to": .string(replacement.to.description),
                    ])
                }
            ),
            (
                "corrections",
                transcript.corrections.map { line, made in
                    .object([
                        "by": .string(line.actor.description), "line": .integer(UInt64(made.line)),
                        "new": .string(made.new), "old": .string(made.old),
                    ])
                }
            ),
        ]
        return Dictionary(uniqueKeysWithValues: lists.filter { !$0.1.isEmpty }.map { ($0.0, .array($0.1)) })
    }

    private static func json(_ custody: PolicyReview) -> JSONValue {
        var members: [String: JSONValue] = [
            "peopleToBlock": .integer(UInt64(custody.policy.fewestToBlock)),
            "peopleToRestore": .integer(UInt64(custody.policy.fewestToRestore)),
            "text": .string(custody.policy.text),
        ]
        for concentration in custody.concentrations {
            members["\(concentration.kind.rawValue)sToBlock"] = .string("\(concentration.toBlock)")
            members["\(concentration.kind.rawValue)sToRestore"] = .string("\(concentration.toRestore)")
        }
        return .object(members)
    }

    private static func json(_ held: HeldStep) -> JSONValue {
        var members: [String: JSONValue] = [
            "budget": .integer(UInt64(held.step.minutes)),
            "step": .string(held.step.identifier),
            "title": .string(held.step.title),
        ]
        members["began"] = held.began.map { .string($0.description) }
        members["done"] = held.done.map { .string($0.description) }
        if !held.files.isEmpty {
            members["files"] = .array(held.files.map(\.json))
        }
        return .object(members)
    }

    private static func json(_ raised: Act.Exception, in line: TranscriptLine) -> JSONValue {
        .object([
            "by": .string(line.actor.description),
            "decided": .string(raised.decided),
            "decision": .string(raised.decision.rawValue),
            "expected": .string("\(raised.expected)"),
            "happened": .string(raised.happened),
            "step": .string(line.step),
            "time": .string(line.time.description),
        ])
    }
}
