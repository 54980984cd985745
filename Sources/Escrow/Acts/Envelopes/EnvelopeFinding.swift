// SPDX-License-Identifier: Apache-2.0

package import Encoding
import SecretSharing

/// What a scanned code came to.
package struct EnvelopeFinding: Equatable, Sendable {
    /// Nothing for a text that is no code of ours, or too damaged to be read.
    package let code: EnvelopeCode?
    package let verdict: Verdict
    /// Why, in words.
    package let detail: String

    init(_ code: EnvelopeCode?, _ verdict: Verdict, _ detail: String) {
        self.code = code
        self.verdict = verdict
        self.detail = detail
    }

    package enum Verdict: String, CaseIterable, Sendable {
        case right
        case notInForce = "NOT IN FORCE"
        case superseded = "SUPERSEDED"
        case anotherEscrow = "ANOTHER ESCROW"
        case wrongHolder = "WRONG HOLDER"
        case damaged = "DAMAGED"
        case unknown = "UNKNOWN"

        /// Whether it is what a manifest here says.
        var isOfThisEscrow: Bool { [.right, .notInForce, .superseded].contains(self) }
    }

    /// One line: what it is, whose, and what it came to.
    package var description: String {
        guard let code else {
            return "\(verdict.rawValue): \(detail)"
        }
        return "\(code.kind.rawValue) of \(code.custodian), path \(code.path), epoch \(code.epoch): "
            + "\(verdict.rawValue): \(detail)"
    }

    /// The finding for machines; `scan` is what the caller calls the picture.
    package func json(scan: String) -> JSONValue {
        var members: [String: JSONValue] = [
            "detail": .string(detail.printable),
            "scan": .string(scan.printable),
            "verdict": .string(verdict.rawValue),
        ]
        if let code {
            members["custodian"] = .string(code.custodian.description)
            members["epoch"] = .integer(UInt64(code.epoch))
            members["kind"] = .string(code.kind.rawValue)
            members["manifest"] = .string(code.manifest.description)
            members["path"] = .string(code.path.description)
            members["set"] = .string(code.set.description)
        }
        return .object(members)
    }
}
