// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import SystemPackage

/// All that a custodian is told of a manifest before they accept it, or act on it for the first time.
package struct CustodyQuestion: Sendable {
    /// What people call the escrow.
    package let escrow: String
    package let approval: EpochApproval
    /// The manifest that the custodian acted on before, when this one follows it.
    package let last: Manifest?
    /// What it changes of that one.
    package let changes: [ManifestChange]
    /// Whether its digest is compared.
    package let isFirst: Bool
    /// Whether the custodian acted on exactly this manifest before.
    package let isKnown: Bool

    init(of approval: EpochApproval, in escrow: EscrowDirectory, _ chain: EpochChain, _ seen: SeenManifests) {
        (self.escrow, self.approval) = (escrow.shown, approval)
        let document = approval.document
        isKnown = seen.has(document)
        isFirst = !isKnown && !seen.knows(document, in: chain)
        let before = document.chain(in: escrow).dropFirst().first { seen.has($0) }
        last = before?.manifest
        changes = before.map { ManifestChange.all(from: $0.manifest, to: document.manifest) } ?? []
    }
}
