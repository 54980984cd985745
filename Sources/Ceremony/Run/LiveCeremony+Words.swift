// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Escrow
import Files
import SystemPackage

// What the plan says: as acts take it, and as commands that do the same.
extension LiveCeremony {
    /// Whether the CA is made in this ceremony, and is not the one that the plan names.
    var isThrowaway: Bool { plan.makesCA }

    /// The officers as the plan names them, all that must sign.
    func anchor() throws -> Anchor { try Bundle.anchor(of: files) }

    /// The escrow, which is never taken for an option.
    var escrowWord: String { plan.escrow.path.hasPrefix(bytesOf: "-") ? "./\(plan.escrow.path)" : plan.escrow.path }

    /// An option with a value that is never taken for another option.
    func option(_ name: String, _ value: String) -> [String] {
        guard value.hasPrefix(bytesOf: "-") else {
            return [name, value]
        }
        // A short option has no form with '=': what it takes is a path.
        return name.hasPrefix(bytesOf: "--") ? ["\(name)=\(value)"] : [name, "./\(value)"]
    }

    var signersWords: [String] {
        option("--signers", bundle.signers.string) + ["--require", "\(files.approval.threshold)"]
    }

    func trustWords() throws -> [String] {
        guard isThrowaway else {
            return signersWords + option("--certificate", plan.authority.certificate)
        }
        return signersWords + ["--confirm", SHA256Digest(of: try epoch().manifest.certificate.der).description]
    }

    var archiveWords: [String] { plan.escrow.pkcs12.map { option("--pkcs12", $0) } ?? [] }

    var rehearsalWords: [String] { plan.isRehearsal ? ["--rehearsal"] : [] }
}
