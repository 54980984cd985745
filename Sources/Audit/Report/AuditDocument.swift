// SPDX-License-Identifier: Apache-2.0

import Encoding
package import Escrow

/// Several audits, and what else was verified with them: what their JSON and their page say.
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

    /// Hands out the canonical bytes of the JSON in pieces: report by report, so that it never lies in memory whole.
    package func write(_ write: ([UInt8]) -> Void) {
        let members: [String: JSONValue?] = [
            "ceremonies": .list(ceremonies.map(\.json)), "exitStatus": .number(exitStatus),
            "format": .text("ca-escrow/v1/audit"), "missing": .list(missing.map(\.json)),
            "time": (reports.first?.time).map(JSONValue.text), "unread": .list(unread.map(\.json)),
        ]
        // Of all members `audits` comes first; a line's depth is all that changes inside it.
        let rest = JSONValue.members(members).encoded()
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
        .members([
            "file": path.map(JSONValue.printable), "sha256": .text(digest), "subject": subject.map(JSONValue.printable),
        ])
    }
}

extension UnreadEscrow {
    fileprivate var json: JSONValue { .object(["escrow": .printable(escrow), "reason": .printable(reason)]) }
}
