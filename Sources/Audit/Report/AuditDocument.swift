// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
package import Escrow

/// The JSON of several audits, written report by report, so that it never lies in memory whole.
package struct AuditDocument: Sendable {
    /// In the order of the operands.
    package let reports: [AuditReport]
    /// What could not be audited.
    package let unread: [UnreadEscrow]
    package let exitStatus: Int32
    /// Ceremonies whose bundles were verified, in the order of the options.
    package let ceremonies: [ReportedCeremony]
    /// Certificates of which there is no escrow.
    package let missing: [GivenCertificate]

    package init(
        _ reports: [AuditReport],
        unread: [UnreadEscrow],
        exitStatus: Int32,
        ceremonies: [ReportedCeremony] = [],
        missing: [GivenCertificate] = []
    ) {
        self.reports = reports
        self.unread = unread
        self.exitStatus = exitStatus
        self.ceremonies = ceremonies
        self.missing = missing
    }

    /// Hands out the canonical bytes in pieces.
    package func write(_ write: ([UInt8]) -> Void) {
        var members: [String: JSONValue] = [
            "exitStatus": .integer(UInt64(exitStatus)), "format": .string("ca-escrow/v1/audit"),
        ]
        if let time = reports.first?.time {
            members["time"] = .string(time.description)
        }
        if !ceremonies.isEmpty {
            members["ceremonies"] = .array(ceremonies.map(\.json))
        }
        if !missing.isEmpty {
            members["missing"] = .array(missing.map(\.json))
        }
        if !unread.isEmpty {
            members["unread"] = .array(
                unread.map {
                    .object(["escrow": .string($0.escrow.printable), "reason": .string($0.reason.printable)])
                }
            )
        }
        // Of all members `audits` comes first; a line's depth is all that changes inside it.
        let rest = JSONValue.object(members).encoded()
        guard !reports.isEmpty else {
            return write(rest)
        }
        write(Array("{\n  \"audits\": [\n".utf8))
        for (position, report) in reports.enumerated() {
            let lines = report.json.encoded().dropLast().split(separator: UInt8(ascii: "\n"))
            var piece: [UInt8] = []
            for (number, line) in lines.enumerated() {
                piece += (number == 0 ? "    " : "\n    ").utf8
                piece += line
            }
            write(piece + (position == reports.count - 1 ? "\n" : ",\n").utf8)
        }
        write(Array("  ],\n".utf8) + rest.dropFirst(2))
    }
}

extension GivenCertificate {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = ["sha256": .string(digest.description)]
        members["file"] = path.map { .string($0.printable) }
        members["subject"] = subject.map { .string($0.printable) }
        return .object(members)
    }
}
