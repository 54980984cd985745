// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding

/// A digest that somebody hears or reads from paper and types: never shown beforehand, never answered by a mere yes.
package enum Comparison: Equatable, Sendable {
    /// Of a manifest: docs/format.md, section 5.8.
    case manifest
    /// Of a request: docs/format.md, section 5.9.
    case request(identifier: String)

    /// Why what was said is not the digest.
    package enum Fault: Equatable, Sendable {
        /// What was given beforehand is another.
        case givenIsAnother
        case nothingWasTyped
        case malformed(TypedCodeError)
        case typedIsAnother
    }

    private var wanted: WantedText {
        switch self {
        case .manifest: .manifestDigest
        case .request(let identifier): .requestDigest(identifier: identifier)
        }
    }

    /// Holds what is said against the digest.
    ///
    /// - Parameter given: What was said beforehand, in any of the three forms, for several digests: one must be this.
    /// - Throws: ``EscrowError/comparison(_:_:)``, ``EscrowError/absent(_:)``
    func confirm(
        _ digest: SHA256Digest,
        given: [String],
        attended attendance: any Attendance
    ) throws(EscrowError) {
        guard given.isEmpty else {
            guard given.contains(where: { ComparisonCode.matches($0, digest) }) else {
                throw .comparison(self, .givenIsAnother)
            }
            return
        }
        var slip = Fault.nothingWasTyped
        for attempt in 1...Self.attempts {
            guard let typed = try asked({ () throws(Absence) in try attendance.text(wanted) }) else {
                break
            }
            guard let fault = Self.fault(of: typed, digest) else {
                return
            }
            slip = fault
            if attempt < Self.attempts {
                attendance.tell(.failed(EscrowFailure(.comparison(self, fault))))
            }
        }
        throw .comparison(self, slip)
    }

    /// How often it may be typed: one slip ends nothing, and nobody guesses a digest.
    private static let attempts = 3

    private static func fault(of typed: String, _ digest: SHA256Digest) -> Fault? {
        do throws(TypedCodeError) {
            return try TypedCode(typed).matches(digest) ? nil : .typedIsAnother
        } catch {
            return .malformed(error)
        }
    }
}

extension Comparison: CustomStringConvertible {
    /// What is compared.
    package var description: String {
        switch self {
        case .manifest: "the manifest's digest"
        case .request(let identifier): "request \(identifier.prefix(8))"
        }
    }

    /// What did not happen when it is another one.
    package var outcome: String {
        switch self {
        case .manifest: "nothing was signed"
        case .request: "nothing was sent"
        }
    }
}

extension Comparison.Fault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .givenIsAnother: "not the one that was given"
        case .nothingWasTyped: "nothing was typed"
        case .malformed(let error): "\(error)"
        case .typedIsAnother: "another digest was typed"
        }
    }
}
