// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding
package import SystemPackage

/// An epoch that has just come into force: who is to hear of it.
package struct ComeIntoForce: Sendable {
    package let escrow: FilePath
    package let manifest: Manifest
    /// Officers who approve from now on, and whom an auditor's file may lack; nobody in a first epoch.
    package let newOfficers: [Signer]
    /// Officers who do not any more.
    package let formerOfficers: [Signer]
    /// An officer who has signed it, and so vouches for it.
    package let signer: Name?

    /// - Parameters:
    ///   - epoch: In force.
    ///   - escrow: As people call it.
    package init(_ epoch: EpochApproval, of directory: EscrowDirectory, at escrow: FilePath) {
        let document = epoch.document
        (self.escrow, manifest, signer) = (escrow, document.manifest, epoch.signed.first?.name)
        let officers = manifest.approval.officers
        let before = document.chain(in: directory).dropFirst().first?.manifest.approval.officers ?? officers
        newOfficers = officers.filter { !before.contains($0) }
        formerOfficers = before.filter { !officers.contains($0) }
    }
}
