// SPDX-License-Identifier: Apache-2.0

/// What the checks come to: docs/format.md, section 5.6, *The verdict*.
@nonexhaustive public enum AuditVerdict: String, Sendable {
    /// A check has failed.
    case failed = "FAILED"
    /// Nobody whom the caller believes vouches for it.
    case notAnchored = "NOT ANCHORED"
    /// Custodians have not acknowledged their shares.
    case incomplete = "INCOMPLETE"
    /// Something could not be checked.
    case notFullyChecked = "NOT FULLY CHECKED"
    /// All is well, as far as it can be without the PKCS#12 file.
    case soundWithoutPKCS12 = "sound; PKCS#12 file not seen"
    /// Every check was made and passed.
    case sound = "sound"

    init(of outcomes: [(check: AuditCheck, outcome: AuditOutcome)], isWithoutPKCS12: Bool) {
        let waiting = outcomes.filter { if case .notChecked = $0.outcome { true } else { false } }.map(\.check)
        if outcomes.contains(where: { if case .fail = $0.outcome { true } else { false } }) {
            self = .failed
        } else if waiting.contains(.anchor) {
            self = .notAnchored
        } else if waiting.contains(.receipts) {
            self = .incomplete
        } else if !waiting.isEmpty {
            self = .notFullyChecked
        } else {
            self = isWithoutPKCS12 ? .soundWithoutPKCS12 : .sound
        }
    }

    /// 0, 1 or 2, as monitoring takes them for OK, WARNING and CRITICAL.
    package var exitStatus: Int32 {
        switch self {
        case .failed: 2
        case .notAnchored, .incomplete, .notFullyChecked: 1
        case .soundWithoutPKCS12, .sound: 0
        }
    }
}
