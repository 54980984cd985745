// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Escrow
import Files
import SystemPackage

// The custodians' cards.
extension AuditReading {
    /// Every custodian's card is here, signed and as the manifest names it.
    var cards: AuditOutcome {
        var found: [String] = []
        for epoch in epochs {
            guard let content = epoch.content, chain.isLookedAt(content.document),
                let folder = epoch.folders[EpochDocument.cardsName]
            else {
                continue
            }
            let people = content.document.manifest.people
            let expected = Set(people.map { "\($0.name).json" })
            found += folder.items.map(\.name).filter { !expected.contains($0) && !Clutter.isOne($0) }
                .map { "\(folder.path.appending($0)): no custodian's card" }
            found += people.compactMap { content.cardFaults[$0.name] }.filter { $0.unread == nil }.map(\.description)
        }
        return AuditOutcome(findings: found, otherwise: passUnlessRefused)
    }
}
