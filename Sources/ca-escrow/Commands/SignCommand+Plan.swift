// SPDX-License-Identifier: Apache-2.0

import Ceremony
import Custody
import Escrow
import SystemPackage

// Ceremonies' plans among what an officer signs.
extension SignCommand {
    /// The plan that a path names, or a parcel holds; nothing when it names something else.
    ///
    /// - Throws: ``Diagnostic``: a plan with errors is signed by nobody.
    static func plan(
        at path: String,
        for officer: IdentityOnDisk,
        to parcel: FilePath?,
        attended attendance: any Attendance
    ) throws -> SignPlan? {
        let sent = try SentPlan(ifAt: FilePath(path), attended: attendance)
        guard sent != nil || Bundle.isPlan(FilePath(path)) else {
            return nil
        }
        let place = sent?.bundle.string ?? path
        let plan = try PlanOption.read(place, at: Timestamp.now(), isBundle: sent != nil)
        guard !plan.hasErrors else {
            throw PlanOption.refusal(of: plan, at: path, "is not signed")
        }
        return try SignPlan(plan, from: sent, by: officer, to: parcel)
    }

    /// Has it signed, and says who signs next.
    static func sign(_ act: SignPlan, _ terminal: Terminal) throws {
        let path = act.place.string
        let signed = try terminal.attend { try act.run(attended: $0) }
        guard signed.missing.count > 0 else {
            return Output.next("ca-escrow ceremony script \(ShellWord.path(path)) --out FILE.html")
        }
        let others = signed.missing.of.map(\.description).joined(separator: ", ")
        Output.next("\(signed.missing.count) more of (\(others)): ca-escrow sign \(ShellWord.path(path)) -i FILE")
    }
}
