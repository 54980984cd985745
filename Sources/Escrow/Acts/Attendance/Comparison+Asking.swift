// SPDX-License-Identifier: Apache-2.0

import Encoding

// What is said is asked for, and asked for again.
extension Comparison {
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
            guard let typed = try orThrow(attendance.text(wanted), as: EscrowError.absent) else {
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
