// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Encoding
import Escrow

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
}
