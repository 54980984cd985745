// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import SystemPackage

/// One officer, or whoever else signs, at work: what they have signed in an escrow and seen in force, so that an older
/// copy is noticed.
///
/// docs/format.md, section 5.8.
package struct ActingOfficer {
    package let officer: IdentityOnDisk
    private var seen: SeenManifests

    package init(_ officer: IdentityOnDisk) throws(EscrowError) {
        self.officer = officer
        seen = try SeenManifests(of: officer.name, beside: FilePath(officer.path))
    }

    /// The epochs of an escrow; where approved ones exclude one another, what the officer has seen or signed counts.
    package func chain(of directory: EscrowDirectory) -> EpochChain {
        let (seen, key) = (seen, officer.file.signingKey)
        let known = directory.chain { seen.has($0.document) }
        return known.dispute == nil ? known : directory.chain { ManifestTrust.own(key, in: $0) != nil }
    }

    /// Whether the officer remembers a manifest of an escrow.
    func hasSeen(_ digest: SHA256Digest, in chain: EpochChain) -> Bool {
        chain.approval(of: digest).map { seen.has($0.document) } ?? false
    }

    /// The epoch in force, no older than what the officer remembers.
    ///
    /// - Throws: ``EscrowError``
    package func inForce(in directory: EscrowDirectory) throws(EscrowError) -> EpochApproval {
        try inForce(of: chain(of: directory), in: directory)
    }

    /// The epoch in force, of epochs that were read.
    ///
    /// - Throws: ``EscrowError``
    package func inForce(of chain: EpochChain, in directory: EscrowDirectory) throws(EscrowError) -> EpochApproval {
        try check(chain, in: directory)
        return try chain.requireInForce()
    }

    /// Holds the epoch in force, if there is one, against what the officer remembers.
    package func check(_ chain: EpochChain, in directory: EscrowDirectory) throws(EscrowError) {
        if let inForce = chain.inForce?.document {
            try seen.check(inForce, in: directory, chain)
        } else if seen.last(in: directory) != nil, chain.dispute == nil {
            _ = try chain.requireInForce()
        }
    }

    /// Remembers the epoch in force, once it bears the officer's signature.
    package mutating func remember(in directory: EscrowDirectory) throws(EscrowError) {
        let chain = chain(of: directory)
        if let inForce = chain.inForce, inForce.signers.contains(where: { $0.key == officer.file.signingKey }) {
            try seen.remember(inForce.document, in: directory, chain)
        }
    }
}
