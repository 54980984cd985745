// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Escrow

// What an older or missing state leads to, and what to do about it.
extension StateComparison {
    /// What goes wrong when the CA goes on with what is there; nothing when that is as late as the escrow or later.
    var consequences: [String] {
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
            lines += Self.consequence(serial) { "serials from \($0) on were issued already, and would be issued again" }
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
    func advice(hasArchive: Bool) -> [String] {
        var lines: [String] = []
        if let index, ![.equal, .newer].contains(index.standing) {
            let other = hasArchive ? ", or restore --with-state into an empty place" : ""
            lines.append("before the CA issues or revokes: put the newest copy of \(index.path) back\(other)")
        }
        for (number, what) in [(serial, "no serial twice"), (crlNumber, "no CRL number twice")] {
            if let number, ![.equal, .newer].contains(number.standing) {
                lines.append(Self.advice(number, what))
            }
        }
        return lines
    }

    /// What to do before the CA issues, when its state came back as it was at the backup.
    func adviceAfterRestore(since created: String) -> [String] {
        var lines = ["what was issued or revoked after \(created) is not in it: revoke again, and send the CRL out"]
        if let serial {
            lines.append(
                "serials from \(serial.escrowed) on may have been issued since: " + Self.advice(serial, "none twice")
            )
        }
        if let crlNumber {
            lines.append("CRLs from \(crlNumber.escrowed) on likewise: " + Self.advice(crlNumber, "none twice"))
        }
        return lines
    }

    private static func advice(_ number: Number, _ what: String) -> String {
        "\(what): write a number above every one that was used, such as: "
            + "echo \(number.escrowed.farAbove) > \(ShellWord.path(number.path))"
    }
}
