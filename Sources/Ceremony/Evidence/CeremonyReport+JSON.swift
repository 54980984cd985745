// SPDX-License-Identifier: Apache-2.0

import Audit
import CertificateAuthority
import Encoding
import Escrow
import SecretSharing

extension CeremonyReport {
    /// The canonical bytes of `report.json`.
    package var json: [UInt8] {
        let document = JSONValue.members([
            "absent": .list(absent.map { .text($0.name) }),
            "attestations": .list(evidence.attestations.map(Self.json)),
            "attested": evidence.count.json,
            "authority": .string(authority.printable),
            "budget": .number(script.minutes),
            "certificate": .object([
                "notAfter": .text(certificateEnd), "sha256": .text(plan.authority.sha256),
                "subject": .string(certificate.subject.printable),
            ]),
            "changedBags": .list(evidence.inventory.changed.map { .string($0.medium.label) }),
            "corrections": .list(transcript.corrections.map { Self.json($0.made, in: $0.line) }),
            "differences": .number(differences),
            "end": .string(end),
            "exceptionCount": .number(transcript.exceptions.count),
            "exceptions": .list(transcript.exceptions.map { Self.json($0.raised, in: $0.line) }),
            "findings": .list(findings.map(\.json)),
            "format": .string(Self.format.format),
            "head": .text(transcript.head),
            "headWords": .string(ComparisonCode(of: transcript.head).allWords.joined(separator: " ")),
            "interruptions": .number(interruptions),
            "kind": .string(plan.kind.rawValue),
            "limits": .texts(Self.limits),
            "keepUntil": .text(retention),
            "lines": .number(transcript.lines.count),
            "minutes": .number(minutes),
            "notCovered": .list(script.notCovered.map { .text($0) }),
            "place": .string(plan.place),
            "plan": .text(planDigest),
            "policy": custody.map(Self.json),
            "rehearsal": .boolean(plan.isRehearsal),
            "replaced": .list(roll.replacements.map(Self.json)),
            "steps": .array(held.map(Self.json)),
            "title": .string(plan.title),
            "tool": .text(plan.tool),
        ])
        return document.encoded()
    }

    private static func json(_ said: Attestation) -> JSONValue {
        .members([
            "agrees": .boolean(said.agrees), "exceptions": said.exceptions.map(JSONValue.string),
            "name": .text(said.name),
        ])
    }

    private static func json(_ made: Act.Correction, in line: TranscriptLine) -> JSONValue {
        .object([
            "by": .text(line.actor), "line": .number(made.line), "new": .string(made.new), "old": .string(made.old),
        ])
    }

    private static func json(_ replacement: Act.Replacement) -> JSONValue {
        .object([
            "from": .text(replacement.from), "role": .string(replacement.role.rawValue), "to": .text(replacement.to),
        ])
    }

    private static func json(_ custody: PolicyReview) -> JSONValue {
        var members: [String: JSONValue] = [
            "peopleToBlock": .number(custody.policy.fewestToBlock),
            "peopleToRestore": .number(custody.policy.fewestToRestore),
            "text": .string(custody.policy.text),
        ]
        for concentration in custody.concentrations {
            members["\(concentration.kind.rawValue)sToBlock"] = .string("\(concentration.toBlock)")
            members["\(concentration.kind.rawValue)sToRestore"] = .string("\(concentration.toRestore)")
        }
        return .object(members)
    }

    private static func json(_ held: HeldStep) -> JSONValue {
        .members([
            "began": held.began.map(JSONValue.text),
            "budget": .number(held.step.minutes),
            "done": held.done.map(JSONValue.text),
            "files": .list(held.files.map(\.json)),
            "step": .string(held.step.identifier),
            "title": .string(held.step.title),
        ])
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
