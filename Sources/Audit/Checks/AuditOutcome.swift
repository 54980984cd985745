// SPDX-License-Identifier: Apache-2.0

import Escrow

/// How one check ended.
package enum AuditOutcome: Hashable, Sendable {
    case pass
    /// What was found.
    case fail([String])
    /// Why not.
    case notChecked(String)
    /// Why there is nothing to check.
    case notApplicable(String)

    /// As reports show it.
    package var word: String {
        switch self {
        case .pass: "PASS"
        case .fail: "FAIL"
        case .notChecked: "NOT CHECKED"
        case .notApplicable: "NOT APPLICABLE"
        }
    }

    /// Whether somebody has to look at it.
    var isOpen: Bool {
        switch self {
        case .pass, .notApplicable: false
        case .fail, .notChecked: true
        }
    }

    /// What a check comes to: a finding outweighs all else.
    ///
    /// - Parameter otherwise: How it ended when nothing was found; there is no default, so that no check passes unseen.
    init(findings: [String], otherwise: AuditOutcome) {
        self = findings.isEmpty ? otherwise : .fail(findings)
    }

    /// The outcome with one more finding, which shows only beside other escrows: the check has failed.
    func failing(_ finding: String) -> AuditOutcome {
        if case .fail(let found) = self {
            return .fail(found + [finding])
        }
        return .fail([finding])
    }

    /// A check that was not made, since what it depends on could not be read: the first reasons, and how many more there are.
    static func notRead(_ errors: [EscrowError]) -> AuditOutcome {
        .notChecked(EscrowError.reasons(errors).joined(separator: "; "))
    }
}

extension [EscrowError] {
    /// What they find; one that says that something could not be read finds nothing.
    var findings: [String] { filter { !$0.isUnread }.map(\.description) }
}

extension EscrowError {
    /// What errors say, each once: the first three, and how many more there are.
    static func reasons(_ errors: [EscrowError]) -> [String] {
        var seen: Set<String> = []
        let reasons = errors.map(\.description).filter { seen.insert($0).inserted }
        return reasons.count > 3 ? reasons.prefix(3) + ["and \(reasons.count - 3) more"] : reasons
    }
}
