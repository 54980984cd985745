// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
package import Encoding
import Escrow
import SecretSharing

extension AuditReport {
    /// The report for machines.
    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "escrow": .string(escrow.printable),
            "exitStatus": .integer(UInt64(verdict.exitStatus)),
            "checks": .array(outcomes.map(Self.json)),
            "doesNotProve": .array(limits.map { .string($0) }),
            "verdict": .string(verdict.rawValue),
        ]
        members.merge(epoch?.members ?? [:]) { member, _ in member }
        members["drafts"] = JSONValue(list: drafts.map { .string($0.printable) })
        members["evidence"] = evidence?.json
        return .object(members)
    }

    private static func json(_ check: AuditCheck, _ outcome: AuditOutcome) -> JSONValue {
        let detail =
            switch outcome {
            case .pass: [check.meaning]
            case .notChecked(let reason), .notApplicable(let reason): [reason]
            case .fail(let found): found
            }
        return .object([
            "check": .string(check.rawValue), "detail": .array(detail.map { .string($0.printable) }),
            "outcome": .string(outcome.word),
        ])
    }
}

extension ReportedEpoch {
    fileprivate var members: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "certificate": .object([
                "sha256": .string(certificate.description), "subject": .string(authority.printable),
            ]),
            "epoch": .integer(UInt64(number)),
            "manifest": .string(manifest.description),
            "policy": .object([
                "fewestToBlock": .integer(UInt64(policy.fewestToBlock)),
                "fewestToRestore": .integer(UInt64(policy.fewestToRestore)),
                "text": .string(policy.text),
            ]),
            "rehearsal": .boolean(isRehearsal),
            "set": .string(set.description),
        ]
        if !generations.isSingle {
            members["generations"] = JSONValue(list: generations.generations.map(\.json))
        }
        members["generationsMissing"] = generations.gap.map { .string($0.description) }
        members["signed"] = JSONValue(names: signed)
        members["state"] = state.map { StateEntry.shape.write($0) }
        members["expired"] = JSONValue(names: expired)
        members["strangers"] = JSONValue(list: strangers.map { .string($0.printable) })
        members["trusted"] = JSONValue(names: trusted)
        return members
    }
}

extension GenerationLines.Generation {
    fileprivate var json: JSONValue {
        let certificates = certificates.map { certificate in
            var members: [String: JSONValue] = [
                "notAfter": .string(certificate.end.description), "notBefore": .string(certificate.start.description),
                "serial": .string(certificate.serial), "sha256": .string(certificate.sha256Hex),
            ]
            members["caVersion"] = certificate.caVersion.map { .string($0.description) }
            return JSONValue.object(members)
        }
        return .object(["certificates": .array(certificates), "publicKey": .string(spkiSHA256)])
    }
}

extension ReportedEvidence {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = ["custodians": .array(custodians.map(\.json))]
        if let challenge {
            members["challenge"] = .object([
                "auditor": .string(challenge.auditor.description), "created": .string(challenge.created.description),
                "expires": .string(challenge.expires.description), "id": .string(challenge.identifier),
            ])
        }
        members["requests"] = JSONValue(list: requests.map(\.json))
        members["restores"] = JSONValue(list: restores.map(\.json))
        members["drilled"] = .boolean(!drills.isEmpty)
        members["drills"] = JSONValue(list: drills.map(\.json))
        return .object(members)
    }
}

extension ReportedEvidence.Custodian {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = [
            "card": .boolean(hasCard), "name": .string(name.description), "path": .string(path.description),
        ]
        members["challenge"] = (answer?.asked).map { .string($0.description) }
        members["drill"] = drilled.map { .string($0.description) }
        members["proof"] = (answer?.proven).map { .string($0.description) }
        members["receipt"] = receipt.map { .string($0.description) }
        if let suspension {
            members["suspension"] = .object([
                "because": .string(suspension.because.rawValue), "created": .string(suspension.created.description),
                "officer": .string(suspension.officer.description),
            ])
        }
        return .object(members)
    }
}

extension ReportedEvidence.AskedRestore {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = [
            "approved": .boolean(isApproved),
            "created": .string(created.description),
            "destination": .string(destination.printable),
            "expires": .string(expires.description),
            "id": .string(identifier),
            "machine": .string(machine.printable),
            "officer": .string(officer.description),
            "open": .boolean(isOpen),
            "purpose": .string(purpose.printable),
        ]
        members["signed"] = JSONValue(names: signed)
        members["released"] = JSONValue(names: released)
        members["refused"] = JSONValue(
            list: refused.map { refused in
                var members: [String: JSONValue] = [
                    "name": .string(refused.name.description), "overridden": .boolean(refused.isOverridden),
                ]
                members["reason"] = refused.reason.map { .string($0.printable) }
                members["finding"] = refused.finding.map { .string($0.printable) }
                return .object(members)
            }
        )
        members["restored"] = restored.map { .string($0.description) }
        members["drilled"] = drilled.map { .string($0.description) }
        return .object(members)
    }
}

extension ReportedEvidence.Restored {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = [
            "created": .string(created.description), "destination": .string(destination.printable),
        ]
        members["custodians"] = JSONValue(names: custodians)
        members["request"] = request.map { .string($0) }
        members["overrides"] = JSONValue(overrides: overrides)
        return .object(members)
    }
}

extension ReportedEvidence.Drilled {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = [
            "caSignature": .boolean(isSigned), "created": .string(created.description),
            "time": .string(time.description),
        ]
        members["auditor"] = challenge.map { .string($0.auditor.description) }
        members["challenge"] = challenge.map { .string($0.identifier) }
        members["custodians"] = JSONValue(names: custodians)
        members["purpose"] = purpose.map { .string($0.printable) }
        members["request"] = request.map { .string($0) }
        members["overrides"] = JSONValue(overrides: overrides)
        return .object(members)
    }
}

extension JSONValue {
    /// A list, or nothing for an empty one, which no document holds.
    fileprivate init?(list: [JSONValue]) {
        guard !list.isEmpty else {
            return nil
        }
        self = .array(list)
    }

    fileprivate init?(overrides: [RestoreRecord.Override]) {
        self.init(
            list: overrides.map {
                .object(["code": .string($0.code.rawValue), "reason": .string($0.reason.printable)])
            }
        )
    }

    fileprivate init?(names: [Name]) {
        self.init(list: names.map { .string($0.description) })
    }
}
