// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
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
        var members: [String: JSONValue] = [
            "exitStatus": .integer(UInt64(exitStatus)),
            "format": .string("ca-escrow/v1/status"),
            "leastMargin": .integer(UInt64(input.leastMargin)),
            "maximumAgeSeconds": .integer(UInt64(input.maximumAgeSeconds)),
            "time": .string(input.time.description),
        ]
        members["maximumDrillAgeSeconds"] = input.maximumDrillAgeSeconds.map { .integer(UInt64($0)) }
        members.set("escrows", escrows.map(\.json))
        members.set("neverEscrowed", neverEscrowed.map(\.json))
        members.set(
            "unread",
            unread.map { unread in
                .object([
                    "error": .string(unread.error.description.printable),
                    "escrow": .string(unread.escrow.string.printable),
                ])
            }
        )
        return .object(members)
    }
}

extension EscrowStatus {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = [
            "backupDue": .boolean(isBackupDue),
            "escrow": .string(escrow.string.printable),
            "exitStatus": .integer(UInt64(verdict.exitStatus)),
            "verdict": .string(verdict.rawValue),
        ]
        members.set(
            "due",
            dues.map { due in
                .object([
                    "backup": .boolean(due.isBackup),
                    "code": .string(due.code),
                    "detail": .string(due.description.printable),
                ])
            }
        )
        members.set(
            "failed",
            failures.map { failure in
                .object([
                    "check": .string(failure.check.rawValue),
                    "detail": .array(failure.findings.map { .string($0.printable) }),
                ])
            }
        )
        members.set("unread", unread.map { .string($0.printable) })
        for (key, value) in standing?.members(isComplete: unread.isEmpty) ?? [:] {
            members[key] = value
        }
        return .object(members)
    }
}

extension EscrowStanding {
    /// - Parameter isComplete: Whether all of the escrow could be read; else nothing is said of what people have added.
    fileprivate func members(isComplete: Bool) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "anchored": .boolean(anchor?.isAnchored == true),
            "certificate": certificate.json(compared: isCompared),
            "epoch": .integer(UInt64(epoch.manifest.epoch)),
            "inForce": .boolean(isInForce),
            "manifest": .string(epoch.digest.description),
            "quorumLost": .boolean(isQuorumLost),
            "rehearsal": .boolean(epoch.manifest.isRehearsal),
            "retired": .boolean(isRetired),
        ]
        guard isComplete else {
            return members
        }
        members["challengesNotCounted"] = .integer(UInt64(challengesNotCounted))
        members["drilled"] = .boolean(drill != nil)
        members["lastDrill"] = drill.map(\.json)
        members.set("strangers", strangers.map { .string($0.description) })
        members.set("custodians", custodians.map(\.json))
        members.set("gates", gates.map(\.json))
        if let next {
            members["nextStale"] = .object([
                "time": .string(next.time.description), "what": .string(next.subject.description),
            ])
        }
        return members
    }
}

extension CustodianStanding {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = ["name": .string(name.description), "proven": .boolean(isProven)]
        members["acknowledged"] = acknowledged.map { .string($0.description) }
        members["evidence"] = evidence.map { evidence in
            .object(["kind": .string(evidence.kind.rawValue), "time": .string(evidence.time.description)])
        }
        members["suspended"] = suspended.map { .string($0.rawValue) }
        members["validUntil"] = validUntil.map { .string($0.description) }
        return .object(members)
    }
}

extension CountedDrill {
    fileprivate var json: JSONValue {
        .object([
            "caSignature": .boolean(isSigned), "challenged": .boolean(challenge != nil),
            "custodians": .array(receipt.document.custodians.map { .string($0.description) }),
            "time": .string(time.description),
        ])
    }
}

extension GateMargin {
    /// Documents have no negative numbers: a gate that is lost has no margin.
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = [
            "available": .integer(UInt64(available)),
            "lost": .boolean(margin < 0),
            "members": .integer(UInt64(memberCount)),
            "path": .string(path.description),
            "threshold": .integer(UInt64(threshold)),
        ]
        if margin >= 0 {
            members["margin"] = .integer(UInt64(margin))
        }
        return .object(members)
    }
}

extension Certificate {
    fileprivate func json(compared: Bool) -> JSONValue {
        .object([
            "compared": .boolean(compared),
            "sha256": .string(SHA256Digest(of: der).description),
            "subject": .string(subject.printable),
            "validUntil": .string(end.description),
        ])
    }
}

extension WatchedCertificate {
    fileprivate var json: JSONValue {
        .object([
            "from": .string(source.printable),
            "sha256": .string(SHA256Digest(of: certificate.der).description),
            "subject": .string(certificate.subject.printable),
        ])
    }
}

extension [String: JSONValue] {
    /// Sets an array, unless it is empty.
    fileprivate mutating func set(_ key: String, _ items: [JSONValue]) {
        self[key] = items.isEmpty ? nil : .array(items)
    }
}
