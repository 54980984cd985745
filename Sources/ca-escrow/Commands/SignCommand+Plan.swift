// SPDX-License-Identifier: Apache-2.0

import Ceremony
import Custody
import Encoding
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
        let plan = try PlanOption.read(place, as: path, at: .now(), isBundle: sent != nil, else: "is not signed")
        return try SignPlan(plan, from: sent, by: officer, to: parcel)
    }

    /// Has it signed, and says who signs next.
    static func sign(_ act: SignPlan, _ terminal: Terminal) throws {
        let path = act.place.string
        let signed = try terminal.attend { try act.run(attended: $0) }
        Output.next(
            signed.shortfall.flatMap { NextStep.sign([$0], in: act.place) }
                ?? "ca-escrow ceremony script \(ShellWord.path(path)) --out FILE.html"
        )
    }
}
