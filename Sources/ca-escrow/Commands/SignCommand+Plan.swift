// SPDX-License-Identifier: Apache-2.0

import Ceremony
import Custody
import Escrow
import SystemPackage

// Ceremonies' plans among what an officer signs.
extension SignCommand {
    /// - Throws: ``Diagnostic``: a plan with errors is signed by nobody.
    static func plan(at path: String, for officer: IdentityOnDisk) throws -> SignPlan {
        let plan = try PlanOption.read(path, at: Timestamp.now())
        guard !plan.hasErrors else {
            throw PlanOption.refusal(of: plan, at: path, "is not signed")
        }
        return try SignPlan(plan, by: officer)
    }

    /// Has it signed, and says who signs next.
    static func sign(_ act: SignPlan, _ terminal: Terminal) throws {
        let path = act.plan.path.string
        let signed = try terminal.attend { try act.run(attended: $0) }
        Output.line("signed: \(signed.file)")
        guard signed.missing.count > 0 else {
            return Output.next("ca-escrow ceremony script \(ShellWord.path(path)) --out FILE.html")
        }
        let others = signed.missing.of.map(\.description).joined(separator: ", ")
        Output.next("\(signed.missing.count) more of (\(others)): ca-escrow sign \(ShellWord.path(path)) -i FILE")
    }
}
