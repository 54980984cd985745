// SPDX-License-Identifier: Apache-2.0

import Audit
import Custody
import Encoding
import Escrow
import SystemPackage

extension Output {
    /// Says who must sign, and how.
    static func next(signers shortfalls: [Shortfall], of escrow: String) {
        Report.note(["waitsFor": .texts(shortfalls.flatMap(\.missing))])
        NextStep.sign(shortfalls, in: FilePath(escrow)).map(next)
    }

    /// Who signs next what waits in an escrow for as many officers as approve.
    static func next(signersOf approval: Approval, besides officer: Name?, of escrow: String) {
        next(
            signers: [Shortfall(of: approval.officers.filter { $0.name == officer }, for: approval)].compactMap(\.self),
            of: escrow
        )
    }
}

extension [String] {
    /// `a, b or c`.
    var alternatives: String { enumerated(with: "or") }
}
