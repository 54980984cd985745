// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding

/// What a custodian is shown: the first time, they compare its digest, and notice when it is not what others were shown.
///
/// docs/format.md, section 5.8.
extension ActingCustodian {
    /// The epoch in force of an escrow, in which the custodian has a share, held against the clock and what was seen; one
    /// that they see for the first time, with its digest compared.
    ///
    /// - Parameter given: The manifest's digest as it was said beforehand, in any form.
    func compared(
        in directory: EscrowDirectory,
        given: [String],
        now: Timestamp
    ) throws(EscrowError) -> Acknowledge.Compared {
        let chain = chain(of: directory)
        let approval = try chain.requireInForce()
        let epoch = approval.document
        guard !epoch.manifest.isRetired else {
            throw .trust(.retired(path: directory.shown))
        }
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
        return Acknowledge.Compared(epoch: epoch, directory: directory, custodian: self, now: now)
    }
}

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
