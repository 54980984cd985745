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
}
