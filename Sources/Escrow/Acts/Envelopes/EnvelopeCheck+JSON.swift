// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding

extension EnvelopeCheck {
    /// What scans have shown.
    ///
    /// - Parameters:
    ///   - unread: Scans that could not be read, and why.
    ///   - escrow: As the caller named it.
    package func json(
        of findings: [(scan: String, finding: EnvelopeFinding)],
        unread: [(scan: String, reason: String)],
        at escrow: String,
        exitStatus: Int32
    ) -> JSONValue {
        var members: [String: JSONValue] = [
            "escrow": .string(escrow.printable),
            "exitStatus": .integer(UInt64(exitStatus)),
            "format": .string("ca-escrow/v1/envelope-check"),
        ]
        members["inForce"] = inForce.map { .string($0.digest.description) }
        if !findings.isEmpty {
            members["findings"] = .array(findings.map { $0.finding.json(scan: $0.scan) })
        }
        if !unread.isEmpty {
            members["unread"] = .array(
                unread.map { .object(["error": .string($0.reason.printable), "scan": .string($0.scan.printable)]) }
            )
        }
        return .object(members)
    }
}
