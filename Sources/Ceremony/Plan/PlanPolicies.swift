// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow
import SecretSharing

/// Who restores and who approves, of a plan's own people.
struct PlanPolicies {
    let custody: Result<Policy<Name>, PolicyTextError>
    let approval: Result<Policy<Name>, PolicyTextError>

    init(_ terms: Plan.EscrowTerms, among people: [Plan.Participant]) {
        custody = Self.policy(terms.policy, all: .custodian, people)
        approval = Self.policy(terms.officers, all: .officer, people)
    }

    /// What keeps these people from having them, with the member that says so.
    var faults: [(field: String, reason: PlanFault.Reason)] {
        [("escrow.policy", custody), ("escrow.officers", approval)].compactMap { field, result in
            guard case .failure(let error) = result else {
                return nil
            }
            return (field, .policy(field: field, error))
        }
    }

    private static func policy(
        _ text: PolicyText,
        all role: Role,
        _ people: [Plan.Participant]
    ) -> Result<Policy<Name>, PolicyTextError> {
        let names = people.filter { $0.roles.contains(role) }.map(\.name)
        do throws(PolicyTextError) {
            return .success(try text.policy(all: names))
        } catch {
            return .failure(error)
        }
    }
}
