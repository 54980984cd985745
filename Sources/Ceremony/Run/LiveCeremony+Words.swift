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

    /// The commands that do the same as the steps.
    var commands: StepCommands { StepCommands(of: files.review, officers: files.approval.text, in: bundle) }

    /// The CA's certificate as an option confirms it: that of one that was made in this ceremony.
    func authorityMade() throws -> String {
        isThrowaway ? SHA256Digest(of: try epoch().manifest.certificate.der).description : ""
    }

    /// Somebody's identity: where the plan says, or else, and where another one lies there, asked for.
    ///
    /// - Parameter question: Asks for the file.
    func identity(of name: Name, asking question: (String) throws -> String) throws -> IdentityOnDisk {
        var planned = try plannedIdentity(of: name)
        while true {
            let path =
                try planned ?? question("\(fullName(of: name)): put your medium in, and type your identity's file")
            planned = nil
            do {
                return try identity(of: name, at: path)
            } catch {
                screen.report(error)
            }
        }
    }

    /// The identity's file that the plan names, when somebody's medium is in.
    private func plannedIdentity(of name: Name) throws -> String? {
        guard let path = plan.participant(name)?.identity, try Files.kind(of: FilePath(path)) != nil else {
            return nil
        }
        return path
    }

    /// The identity in a file, when it is the one that somebody's card is of.
    private func identity(of name: Name, at path: String) throws -> IdentityOnDisk {
        let identity = try IdentityOnDisk(at: path)
        guard identity.name == name else {
            throw CeremonyError.notIdentity(path: path, of: name)
        }
        guard identity.file.signingKey == files.people.card(of: name)?.signingKey else {
            throw CeremonyError.notOnCard(path: path, of: name)
        }
        return identity
    }
}
