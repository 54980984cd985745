// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow
import SystemPackage

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

extension ComeIntoForce {
    /// Says who is to hear of it, and what is due.
    func announce() {
        let path = ShellWord.path(escrow.string)
        let parcel = ShellWord.path("\(escrow.stem ?? "escrow")-all.parcel")
        let people = Self.list(manifest.people.map(\.name))
        Output.next("make a parcel for \(people): ca-escrow pack \(path) --out \(parcel)")
        if !newOfficers.isEmpty {
            let names = newOfficers.map(\.name)
            Output.next(
                "auditors add \(Self.list(names)) to their file: ca-escrow show --allowed-signers "
                    + names.map { "\($0).card" }.joined(separator: " ") + " >> officers.signers"
            )
        }
        if !formerOfficers.isEmpty {
            Output.next(
                "auditors write an end (valid-before) to their lines of \(Self.list(formerOfficers.map(\.name)))"
            )
        }
        Output.next("ca-escrow drill \(path) (never done for this epoch)")
    }

    private static func list(_ names: [Name]) -> String { names.map(\.description).joined(separator: ", ") }
}
