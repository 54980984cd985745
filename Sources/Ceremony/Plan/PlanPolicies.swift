// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import SecretSharing

/// Who restores and who approves, of a plan's own people.
struct PlanPolicies {
    let custody: Result<Policy<Name>, PolicyTextError>
    /// How many of whom must sign.
    let approval: Result<(threshold: Int, names: [Name]), ApprovalError>

    init(_ terms: Plan.EscrowTerms, among people: [Plan.Participant]) {
        custody = Result { () throws(PolicyTextError) in
            try terms.policy.policy(all: people.filter { $0.roles.contains(.custodian) }.map(\.name))
        }
        approval = Result { () throws(ApprovalError) in
            let (threshold, names) = try terms.officers.approvers()
            try Approval.check(threshold: threshold, of: names)
            return (threshold, names)
        }
    }

    /// What keeps these people from having them, with the member that says so.
    var faults: [(field: String, reason: PlanFault.Reason)] {
        var faults: [(String, PlanFault.Reason)] = []
        if case .failure(let error) = custody {
            faults.append(("escrow.policy", .policy(field: "escrow.policy", error)))
        }
        if case .failure(let error) = approval {
            faults.append(("escrow.officers", .approval(error)))
        }
        return faults
    }
}
