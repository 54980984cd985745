// SPDX-License-Identifier: Apache-2.0

import Encoding
import SystemPackage

/// One custodian at work: an identity that is opened once, and what it has seen before.
///
/// docs/format.md, section 5.8.
final class ActingCustodian {
    let identity: IdentityOnDisk
    let attendance: any Attendance
    private(set) var seen: SeenManifests

    /// - Throws: What ``SeenManifests/init(of:beside:)`` throws.
    init(_ identity: IdentityOnDisk, attended attendance: any Attendance) throws(EscrowError) {
        self.identity = identity
        self.attendance = attendance
        seen = try SeenManifests(of: identity.name, beside: FilePath(identity.path))
    }

    var name: Name { identity.name }

    /// The epochs of an escrow; where approved ones exclude one another, those that the custodian has seen count.
    func chain(of directory: EscrowDirectory) -> EpochChain { directory.chain { [seen] in seen.has($0.document) } }

    /// Shows once more what a custodian has seen before, and is asked to acknowledge again.
    func tellAgain(_ epoch: EpochDocument, in directory: EscrowDirectory) {
        let chain = chain(of: directory)
        if seen.has(epoch), let approval = chain.approval(of: epoch.digest) {
            attendance.tell(.custody(CustodyQuestion(of: approval, in: directory, chain, seen)))
        }
    }

    /// Before a share leaves: whoever acknowledged another manifest of this escrow must acknowledge this one first.
    func checkAcknowledged(
        _ epoch: EpochDocument,
        in directory: EscrowDirectory,
        for request: String
    ) throws(EscrowError) {
        guard !seen.has(epoch), let last = seen.last(in: directory) else {
            return
        }
        throw .request(request, .anotherManifest(found: epoch.digest, acknowledged: last))
    }

    /// Remembers a manifest before anything that was signed about it leaves.
    func remember(_ epoch: EpochDocument, in directory: EscrowDirectory) throws(EscrowError) {
        try seen.remember(epoch, in: directory, chain(of: directory))
    }
}
