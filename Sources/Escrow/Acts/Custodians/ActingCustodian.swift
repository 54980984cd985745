// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import SystemPackage

/// One custodian at work: an identity that is opened once, and what it has seen before.
///
/// docs/format.md, section 5.8.
final class ActingCustodian {
    let identity: IdentityOnDisk
    private let attendance: any Attendance
    private var seen: SeenManifests

    /// - Throws: What ``SeenManifests/init(of:beside:)`` throws.
    init(_ identity: IdentityOnDisk, attended attendance: any Attendance) throws(EscrowError) {
        self.identity = identity
        self.attendance = attendance
        seen = try SeenManifests(of: identity.name, beside: FilePath(identity.path))
    }

    var name: Name { identity.name }

    /// The epoch in force of an escrow, in which the custodian has a share, held against the clock and what was seen; one
    /// that they see for the first time, with its digest compared.
    ///
    /// - Parameter given: The manifest's digest as it was said beforehand, in any form.
    func epoch(
        in directory: EscrowDirectory,
        given: [String],
        now: Timestamp
    ) throws(EscrowError) -> EpochDocument {
        let chain = chain(of: directory)
        let approval = try Self.inForce(in: chain, directory)
        let epoch = approval.document
        guard let person = epoch.manifest.person(named: name) else {
            throw .person(.notACustodian(path: identity.path, name))
        }
        guard person.signingKey == identity.file.signingKey else {
            throw .person(.identityIsNotThePerson(path: identity.path, name))
        }
        try ClockRule.check(epoch, at: now)
        try seen.check(epoch, in: directory, chain)
        if epoch.manifest.isRehearsal {
            attendance.tell(.isRehearsal(escrow: directory.shown))
        }
        let question = CustodyQuestion(of: approval, in: directory, chain, seen)
        if !question.isKnown {
            attendance.tell(.custody(question))
        }
        if question.isFirst {
            try Comparison.manifest.confirm(epoch.digest, given: given, attended: attendance)
        }
        return epoch
    }

    /// The epochs of an escrow; where approved ones exclude one another, those that the custodian has seen count.
    func chain(of directory: EscrowDirectory) -> EpochChain { directory.chain { [seen] in seen.has($0.document) } }

    /// The epoch in force.
    private static func inForce(
        in chain: EpochChain,
        _ directory: EscrowDirectory
    ) throws(EscrowError) -> EpochApproval {
        let approval = try chain.requireInForce()
        guard !approval.document.manifest.isRetired else {
            throw .trust(.retired(path: directory.shown))
        }
        return approval
    }

    /// Shows once more what a custodian has seen before, and is asked to acknowledge again.
    func tellAgain(_ epoch: EpochDocument, in directory: EscrowDirectory) {
        let chain = chain(of: directory)
        if seen.has(epoch), let approval = chain.approval(of: epoch.digest) {
            attendance.tell(.custody(CustodyQuestion(of: approval, in: directory, chain, seen)))
        }
    }

    /// Lends the identity, opened at its first use.
    func withIdentity<Result>(
        _ body: (borrowing Identity) throws(EscrowError) -> Result
    ) throws(EscrowError) -> Result {
        try identity.use(attended: attendance, body)
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

    /// Whether the custodian acted on exactly this manifest before.
    func hasSeen(_ epoch: EpochDocument) -> Bool { seen.has(epoch) }

    /// Remembers a manifest before anything that was signed about it leaves.
    func remember(_ epoch: EpochDocument, in directory: EscrowDirectory) throws(EscrowError) {
        try seen.remember(epoch, in: directory, chain(of: directory))
    }
}
