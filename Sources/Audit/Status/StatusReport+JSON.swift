// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Encoding
import Escrow
import SecretSharing
import SystemPackage

// The report for machines. An array that would be empty is left out, as everywhere in documents.
extension StatusReport {
    /// The report.
    ///
    /// - Parameter exitStatus: What the command ends with; it also tells of escrows that could not be read.
    package func json(exitStatus: Int32) -> JSONValue {
        .members([
            "escrows": .list(escrows.map(\.json)),
            "exitStatus": .number(exitStatus),
            "format": .text("ca-escrow/v1/status"),
            "leastMargin": .number(input.leastMargin),
            "maximumAgeSeconds": .number(input.maximumAgeSeconds),
            "maximumDrillAgeSeconds": input.maximumDrillAgeSeconds.map(JSONValue.number),
            "neverEscrowed": .list(neverEscrowed.map(\.json)),
            "time": .text(input.time),
            "unread": .list(unread.map(\.json)),
        ])
    }
}

extension StatusReport.Unread {
    fileprivate var json: JSONValue {
        .object(["error": .printable(error.description), "escrow": .printable(escrow.string)])
    }
}

extension EscrowStatus {
    fileprivate var json: JSONValue {
        let members: [String: JSONValue?] = [
            "backupDue": .boolean(isBackupDue), "due": .list(dues.map(\.json)), "escrow": .printable(escrow.string),
            "exitStatus": .number(verdict.exitStatus), "failed": .list(failures.map(\.json)),
            "unread": .list(unread.map(JSONValue.printable)), "verdict": .text(verdict.rawValue),
        ]
        return .members(members.merging(standing?.members(isComplete: unread.isEmpty) ?? [:]) { $1 })
    }
}

extension EscrowStatus.Failure {
    fileprivate var json: JSONValue {
        .object(["check": .text(check.rawValue), "detail": .array(findings.map(JSONValue.printable))])
    }
}

extension Due {
    fileprivate var json: JSONValue {
        .object(["backup": .boolean(isBackup), "code": .text(code), "detail": .printable(description)])
    }
}

extension EscrowStanding {
    /// - Parameter isComplete: Whether all of the escrow could be read; else nothing is said of what people have added.
    fileprivate func members(isComplete: Bool) -> [String: JSONValue?] {
        let members: [String: JSONValue?] = [
            "anchored": .boolean(anchor?.isAnchored == true), "certificate": certificate.json(compared: isCompared),
            "epoch": .number(epoch.manifest.epoch), "inForce": .boolean(isInForce), "manifest": .text(epoch.digest),
            "quorumLost": .boolean(isQuorumLost), "rehearsal": .boolean(epoch.manifest.isRehearsal),
            "retired": .boolean(isRetired),
        ]
        guard isComplete else {
            return members
        }
        let added: [String: JSONValue?] = [
            "challengesNotCounted": .number(challengesNotCounted), "custodians": .list(custodians.map(\.json)),
            "drilled": .boolean(drill != nil), "gates": .list(gates.map(\.json)), "lastDrill": drill.map(\.json),
            "nextStale": next.map(\.json), "strangers": .list(strangers.map(JSONValue.text)),
        ]
        return members.merging(added) { $1 }
    }
}

extension Staleness {
    fileprivate var json: JSONValue { .object(["time": .text(time), "what": .text(subject)]) }
}

extension CustodianStanding {
    fileprivate var json: JSONValue {
        .members([
            "acknowledged": acknowledged.map(JSONValue.text), "evidence": evidence.map(\.json), "name": .text(name),
            "proven": .boolean(isProven), "suspended": (suspended?.rawValue).map(JSONValue.text),
            "validUntil": validUntil.map(JSONValue.text),
        ])
    }
}

extension CustodianEvidence {
    fileprivate var json: JSONValue { .object(["kind": .text(kind.rawValue), "time": .text(time)]) }
}

extension CountedDrill {
    fileprivate var json: JSONValue {
        .object([
            "caSignature": .boolean(isSigned), "challenged": .boolean(challenge != nil),
            "custodians": .texts(receipt.document.custodians), "time": .text(time),
        ])
    }
}

extension GateMargin {
    /// Documents have no negative numbers: a gate that is lost has no margin.
    fileprivate var json: JSONValue {
        .members([
            "available": .number(available), "lost": .boolean(margin < 0),
            "margin": margin < 0 ? nil : .number(margin), "members": .number(memberCount), "path": .text(path),
            "threshold": .number(threshold),
        ])
    }
}

extension Certificate {
    fileprivate func json(compared: Bool) -> JSONValue {
        .object([
            "compared": .boolean(compared), "sha256": .text(SHA256Digest(of: der)), "subject": .printable(subject),
            "validUntil": .text(end),
        ])
    }
}

extension WatchedCertificate {
    fileprivate var json: JSONValue {
        .object([
            "from": .printable(source), "sha256": .text(SHA256Digest(of: certificate.der)),
            "subject": .printable(certificate.subject),
        ])
    }
}
