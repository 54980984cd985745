// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Escrow
import Files
import SystemPackage

// What an older or missing one leads to, and what to do about it.
extension StateComparison {
    /// Says how the state that is there stands against the escrowed one.
    func show(at root: FilePath) {
        if isNewer, !isHarmless {
            let parts = newerParts.joined(separator: "; ")
            Output.error("ca-escrow: \(root): newer than escrowed in part, and stays as it is: \(parts)")
        } else if isNewer {
            Output.error("ca-escrow: \(root): its state is newer than the escrowed one, and stays as it is")
        } else if isHarmless {
            Output.error("ca-escrow: \(root): its state is the one that was escrowed")
        }
        consequences.forEach(Output.warning)
    }
}
