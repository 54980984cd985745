// SPDX-License-Identifier: Apache-2.0

import Encoding
package import KeyStores

// What an older or missing state of a CA leads to, and what to do about it.
extension StateComparison {
    /// What goes wrong when the CA goes on with what is there; nothing when that is as late as the escrow or later.
    package var consequences: [String] {
        var lines: [String] = []
        if let index {
            let listed = "\(index.escrowed.rowCount) certificates and \(index.escrowed.revokedCount) revoked"
            let forgotten = "revocations are forgotten, and the next CRL lifts them"
            switch index.standing {
            case .equal, .newer: break
            case .missing: lines.append("\(index.path): not there: when escrowed, it had \(listed): \(forgotten)")
            case .older:
                let found = index.found.map { "\($0.rowCount) certificates and \($0.revokedCount) revoked" } ?? ""
                lines.append("\(index.path): older than when escrowed: \(found), where it had \(listed): \(forgotten)")
            case .another:
                lines.append("\(index.path): another index than when escrowed: it had \(listed), other serials first")
            case .unreadable(let error): lines.append("\(error): it is not compared with the escrow")
            }
        }
        if let serial {
            lines += Self.consequence(serial) { "serials from \($0) on were already issued, and would be issued again" }
            if let used = serial.alreadyUsed, let found = serial.found {
                lines.append(
                    "\(serial.path): \(found), where the index has serial \(used): serials would be issued again"
                )
            }
        }
        if let crlNumber {
            lines += Self.consequence(crlNumber) { _ in "clients keep the CRL with the higher number" }
        }
        return lines
    }

    private static func consequence(_ number: Number, _ text: (HexNumber) -> String) -> [String] {
        switch number.standing {
        case .equal, .newer, .another: []
        case .missing:
            ["\(number.path): not there: when escrowed, it said \(number.escrowed): \(text(number.escrowed))"]
        case .older:
            [
                "\(number.path): \(number.found?.text ?? ""), where it said \(number.escrowed) when escrowed: "
                    + text(number.found ?? number.escrowed)
            ]
        case .unreadable(let error): ["\(error): it is not compared with the escrow"]
        }
    }

    /// What to do before the CA issues, when its state did not come back.
    package func advice(hasArchive: Bool) -> [String] {
        var lines: [String] = []
        if let index, ![.equal, .newer].contains(index.standing) {
            let other = hasArchive ? ", or restore --with-state into an empty place" : ""
            lines.append("before the CA issues or revokes: put the newest copy of \(index.path) back\(other)")
        }
        for case let number? in [serial, crlNumber]
        where ![.equal, .newer].contains(number.standing) || number.alreadyUsed != nil {
            lines.append("above every number that was used: \(Self.command(number))")
        }
        return lines
    }

    /// What to do before the CA issues, when its state came back as it was at the backup.
    package func adviceAfterRestore(since created: String) -> [String] {
        var lines = ["what was issued or revoked after \(created) is not in it: revoke again, and publish a new CRL"]
        if let serial {
            lines.append(
                "serials from \(serial.escrowed) on may be in use: above every one of them: \(Self.command(serial))"
            )
        }
        if let crlNumber {
            lines.append(
                "CRL numbers from \(crlNumber.escrowed) on may be in use: likewise: \(Self.command(crlNumber))"
            )
        }
        return lines
    }

    /// The file and the value: a million further than every number that is known of is above whatever was used since.
    private static func command(_ number: Number) -> String {
        guard let far = number.highest.farAbove else {
            return "no number to suggest: a million above \(number.highest) takes more than 20 octets"
        }
        return "echo \(far) > \(ShellWord.path(number.path))"
    }
}
