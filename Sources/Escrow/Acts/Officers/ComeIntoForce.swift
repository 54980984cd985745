// SPDX-License-Identifier: Apache-2.0

import Custody
package import SystemPackage

/// An epoch that has just come into force: who is to hear of it.
package struct ComeIntoForce: Sendable {
    package let escrow: FilePath
    package let manifest: Manifest
    /// Officers who approve from now on, and whom an auditor's file may lack; nobody in a first epoch.
    package let newOfficers: [Signer]
    /// Officers who do not any more.
    package let formerOfficers: [Signer]

    /// - Parameters:
    ///   - epoch: In force.
    ///   - escrow: As people call it.
    package init(_ epoch: EpochDocument, of directory: EscrowDirectory, at escrow: FilePath) {
        (self.escrow, manifest) = (escrow, epoch.manifest)
        let officers = epoch.manifest.approval.officers
        let before = epoch.chain(in: directory).dropFirst().first?.manifest.approval.officers ?? officers
        newOfficers = officers.filter { !before.contains($0) }
        formerOfficers = before.filter { !officers.contains($0) }
    }
}
