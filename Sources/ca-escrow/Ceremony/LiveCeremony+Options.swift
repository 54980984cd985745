// SPDX-License-Identifier: Apache-2.0

import Ceremony
import CertificateAuthority
import Custody
import Escrow
import Files
import SystemPackage

// What the plan says, as commands take it.
extension LiveCeremony {
    /// Whether the CA is made in this ceremony, and is not the one that the plan names.
    var isThrowaway: Bool { plan.makesCA }

    /// The escrow, which is never taken for an option.
    var escrowArgument: String { plan.escrow.path.hasPrefix(bytesOf: "-") ? "./\(plan.escrow.path)" : plan.escrow.path }

    /// An option with a value that is never taken for another option.
    func option(_ name: String, _ value: String) -> [String] {
        guard value.hasPrefix(bytesOf: "-") else {
            return [name, value]
        }
        // A short option has no form with '=': what it takes is a path.
        return name.hasPrefix(bytesOf: "--") ? ["\(name)=\(value)"] : [name, "./\(value)"]
    }

    var signersOption: [String] {
        option("--signers", bundle.signers.string) + ["--require", "\(files.approval.threshold)"]
    }

    func trustOptions() throws -> [String] {
        guard isThrowaway else {
            return signersOption + option("--certificate", plan.authority.certificate)
        }
        return signersOption + ["--confirm", SHA256Digest(of: try epoch().manifest.certificate.der).description]
    }

    var archiveOption: [String] { plan.escrow.pkcs12.map { option("--pkcs12", $0) } ?? [] }

    var rehearsalOption: [String] { plan.isRehearsal ? ["--rehearsal"] : [] }

    /// The identity's file that the plan names, when somebody's medium is in.
    func plannedIdentity(of name: Name) throws -> String? {
        guard let path = plan.participant(name)?.identity, try Files.kind(of: FilePath(path)) != nil else {
            return nil
        }
        return path
    }

    /// Where somebody's identity is: where the plan says, or asked for.
    func identity(of name: Name) throws -> String {
        if let path = try plannedIdentity(of: name) {
            return path
        }
        while true {
            let path = try ask("\(fullName(of: name)): put your medium in, and type your identity's file")
            do {
                guard try IdentityOnDisk(at: path).name == name else {
                    throw Diagnostic("\(path): not the identity of \(name)", .refused)
                }
                return path
            } catch {
                guard let diagnostic = Diagnostic(error) else {
                    throw error
                }
                diagnostic.report()
            }
        }
    }
}
