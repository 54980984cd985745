// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow

extension Output {
    /// Who of the officers must sign what waits in an escrow.
    static func next(signersOf approval: Approval, besides officer: Name?, of escrow: String) {
        if (officer == nil ? 0 : 1) < approval.threshold {
            next(signers: approval.officers.map(\.name).filter { $0 != officer }, of: escrow)
        }
    }

    /// Says who must sign; nothing when nobody is named.
    static func next(signers names: [Name], of escrow: String) {
        Report.note(["waitsFor": .texts(names)])
        guard let first = names.first else {
            return
        }
        next(
            "\(names.map(\.description).alternatives) must sign: ca-escrow sign \(ShellWord.path(escrow)) -i \(first).identity"
        )
    }
}

extension [String] {
    /// `a, b or c`.
    var alternatives: String {
        count < 2 ? joined() : dropLast().joined(separator: ", ") + " or " + self[count - 1]
    }
}
