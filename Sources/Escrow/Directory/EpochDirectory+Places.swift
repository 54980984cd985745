// SPDX-License-Identifier: Apache-2.0

import Files

extension EpochDirectory {
    /// Where documents are filed that come after the epoch.
    package static let addedDirectories = [
        "receipts", "challenges", "proofs", "requests", "releases", "refusals", "records",
    ]

    /// Where a later edition files what it has of rotation: what lies there is neither judged nor a finding.
    package static let reservedDirectories = ["rotations", "reshares", "acceptances"]

    /// Whether a name has its place in an epoch's directory.
    package static func knows(_ name: String, isFirst: Bool) -> Bool {
        name == EpochDocument.manifestName || name == EpochDocument.cardsName || addedDirectories.contains(name)
            || reservedDirectories.contains(name)
            || (name.hasPrefix(bytesOf: EpochDocument.manifestName + ".")
                && (SignatureStamp.signature(of: name) ?? name).hasSuffix(bytesOf: ".sig"))
            || (name == EscrowDirectory.readmeName && !isFirst)
    }
}
