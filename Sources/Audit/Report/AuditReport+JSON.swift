// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Encoding
import Escrow
import SecretSharing

extension AuditReport {
    /// The report for machines.
    package var json: JSONValue {
        let members: [String: JSONValue?] = [
            "checks": .array(outcomes.map(Self.json)), "doesNotProve": .texts(limits),
            "drafts": .list(drafts.map(JSONValue.printable)), "escrow": .printable(escrow), "evidence": evidence?.json,
            "exitStatus": .number(verdict.exitStatus), "verdict": .text(verdict.rawValue),
        ]
        return .members(members.merging(epoch?.members ?? [:]) { member, _ in member })
    }

    private static func json(_ check: AuditCheck, _ outcome: AuditOutcome) -> JSONValue {
        let detail =
            switch outcome {
            case .pass: [check.meaning]
            case .notChecked(let reason), .notApplicable(let reason): [reason]
            case .fail(let found): found
            }
        return .object([
            "check": .text(check.rawValue), "detail": .array(detail.map(JSONValue.printable)),
            "outcome": .text(outcome.word),
        ])
    }
}

extension ReportedEpoch {
    fileprivate var members: [String: JSONValue?] {
        [
            "certificate": .object(["sha256": .text(certificate), "subject": .printable(authority)]),
            "epoch": .number(number),
            "expired": .list(expired.map(JSONValue.text)),
            "generations": generations.isSingle ? nil : .list(generations.generations.map(\.json)),
            "generationsMissing": generations.gap.map(JSONValue.text),
            "manifest": .text(manifest),
            "policy": .object([
                "fewestToBlock": .number(policy.fewestToBlock), "fewestToRestore": .number(policy.fewestToRestore),
                "text": .text(policy.text),
            ]),
            "rehearsal": .boolean(isRehearsal),
            "set": .text(set),
            "signed": .list(signed.map(JSONValue.text)),
            "state": state.map { StateEntry.shape.write($0) },
            "strangers": .list(strangers.map(JSONValue.printable)),
            "trusted": .list(trusted.map(JSONValue.text)),
        ]
    }
}

extension GenerationLines.Generation {
    fileprivate var json: JSONValue {
        let certificates = certificates.map { certificate in
            JSONValue.members([
                "caVersion": certificate.caVersion.map(JSONValue.text), "notAfter": .text(certificate.end),
                "notBefore": .text(certificate.start), "serial": .text(certificate.serial),
                "sha256": .text(certificate.sha256Hex),
            ])
        }
        return .object(["certificates": .array(certificates), "publicKey": .text(spkiSHA256)])
    }
}

extension ReportedEvidence {
    fileprivate var json: JSONValue {
        .members([
            "challenge": challenge.map(\.json), "custodians": .array(custodians.map(\.json)),
            "drilled": .boolean(!drills.isEmpty), "drills": .list(drills.map(\.json)),
            "requests": .list(requests.map(\.json)), "restores": .list(restores.map(\.json)),
        ])
    }
}

extension Filed<Challenge> {
    fileprivate var json: JSONValue {
        .object([
            "auditor": .text(document.auditor.name), "created": .text(document.created),
            "expires": .text(document.expires), "id": .text(identifier),
        ])
    }
}

extension ReportedEvidence.Custodian {
    fileprivate var json: JSONValue {
        .members([
            "card": .boolean(hasCard), "challenge": (answer?.asked).map(JSONValue.text),
            "drill": drilled.map(JSONValue.text), "name": .text(name), "path": .text(path),
            "proof": (answer?.proven).map(JSONValue.text), "receipt": receipt.map(JSONValue.text),
            "suspension": suspension.map(\.json),
        ])
    }
}

extension Suspension {
    fileprivate var json: JSONValue {
        .object(["because": .text(because.rawValue), "created": .text(created), "officer": .text(officer)])
    }
}

extension ReportedEvidence.AskedRestore {
    fileprivate var json: JSONValue {
        .members([
            "approved": .boolean(isApproved),
            "created": .text(request.created),
            "destination": .printable(request.destination),
            "drilled": drilled.map(JSONValue.text),
            "expires": .text(request.expires),
            "id": .text(identifier),
            "machine": .printable(request.machine),
            "officer": .text(request.officer),
            "open": .boolean(isOpen),
            "purpose": .printable(request.purpose),
            "refused": .list(refused.map(\.json)),
            "released": .list(released.map(JSONValue.text)),
            "restored": restored.map(JSONValue.text),
            "signed": .list(signed.map(JSONValue.text)),
        ])
    }
}

extension ReportedEvidence.Refused {
    fileprivate var json: JSONValue {
        .members([
            "finding": finding.map(JSONValue.printable), "name": .text(name), "overridden": .boolean(isOverridden),
            "reason": reason.map(JSONValue.printable),
        ])
    }
}

extension RestoreRecord {
    fileprivate var json: JSONValue {
        .members([
            "created": .text(created), "custodians": .list(custodians.map(JSONValue.text)),
            "destination": .printable(destination), "overrides": .list(overrides.map(\.json)),
            "request": (request?.identifier).map(JSONValue.text),
        ])
    }
}

extension RestoreRecord.Override {
    fileprivate var json: JSONValue { .object(["code": .text(code.rawValue), "reason": .printable(reason)]) }
}

extension CountedDrill {
    fileprivate var json: JSONValue {
        let receipt = receipt.document
        return .members([
            "auditor": (challenge?.document.auditor.name).map(JSONValue.text), "caSignature": .boolean(isSigned),
            "challenge": (challenge?.identifier).map(JSONValue.text), "created": .text(receipt.created),
            "custodians": .list(receipt.custodians.map(JSONValue.text)),
            "overrides": .list(receipt.overrides.map(\.json)), "purpose": receipt.purpose.map(JSONValue.printable),
            "request": (receipt.request?.identifier).map(JSONValue.text), "time": .text(time),
        ])
    }
}
