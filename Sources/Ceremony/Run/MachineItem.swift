// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow

/// One thing that a machine or a program must be like before a ceremony trusts it.
package struct MachineItem: Sendable {
    package let expected: Expectation
    package let isPassed: Bool
    /// What there is in its place.
    package var found = "it is not so"
    /// What helps.
    package let remedy: String
    var isOfProgram = false
    /// Whether a ceremony is held as well without it: nothing is wrong then.
    package var isOptional = false

    /// What is looked at before a ceremony, at its opening, and after every interruption.
    static func all(_ check: SelfCheck, _ program: SHA256Digest?, for plan: Plan) -> [MachineItem] {
        let tool = MachineItem(
            expected: .program(plan.tool),
            isPassed: program == plan.tool,
            found: ProgramUse.found(program),
            remedy: "put the program in place whose SHA-256 the plan has, \(plan.tool)",
            isOfProgram: true
        )
        return check.results.map {
            MachineItem(expected: Expectation($0.name), isPassed: $0.isPassed, remedy: $0.remedy)
        } + [tool] + MachineFacts.read()
    }
}
