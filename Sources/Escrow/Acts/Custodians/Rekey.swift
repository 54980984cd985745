// SPDX-License-Identifier: Apache-2.0

package import Custody
import Files
package import SystemPackage

/// A custodian seals their own shares to a new card of theirs; nobody else's share changes.
///
/// Makes an epoch of the same secret, signed with the old identity: docs/format.md, section 5.3.
package struct Rekey {
    private let escrows: [FilePath]
    private let identity: IdentityOnDisk
    private let cardPath: FilePath
    private let given: [String]
    private let now: Timestamp

    /// - Parameters:
    ///   - cardPath: The new card.
    ///   - given: Digests of manifests as they were said beforehand.
    package init(
        _ escrows: [FilePath],
        by identity: IdentityOnDisk,
        to cardPath: FilePath,
        given: [String],
        now: Timestamp
    ) {
        (self.escrows, self.identity, self.cardPath) = (escrows, identity, cardPath)
        (self.given, self.now) = (given, now)
    }

    /// A new epoch that waits for officers.
    package struct Made: Sendable {
        package let escrow: FilePath
        package let manifest: Manifest
        package let digest: SHA256Digest
        package let path: FilePath
        /// Officers who have not signed it.
        package let missing: [Name]
    }

    package func run(attended attendance: any Attendance) throws(EscrowError) {
        let custodian = try ActingCustodian(identity, attended: attendance)
        guard let card = try PeopleGiven(at: [cardPath]).card(of: identity.name) else {
            throw .notACardOf(path: cardPath.string, identity.name)
        }
        if let end = card.validUntil, end <= now {
            throw .cardExpired(path: cardPath.string, identity.name, end)
        }
        for escrow in escrows {
            let made = try locked(escrow) { () throws(EscrowError) in
                try rekey(escrow, to: card, by: custodian, attended: attendance)
            }
            attendance.tell(.rekeyed(made, identity.name))
        }
    }

    private func rekey(
        _ place: FilePath,
        to card: Card,
        by custodian: ActingCustodian,
        attended attendance: any Attendance
    ) throws(EscrowError) -> Made {
        let (name, signingKey) = (identity.name, identity.file.signingKey)
        let directory = try EscrowDirectory(at: place)
        let epoch = try custodian.epoch(in: directory, given: given, now: now)
        let chain = custodian.chain(of: directory)
        guard let inForce = chain.approval(of: epoch.digest) else {
            throw .notAnEscrow(path: place.string)
        }
        try chain.refuseSecond(after: epoch, by: name, signingKey)
        if let officer = epoch.manifest.approval.officer(named: name) {
            throw .isOfficerToo(path: place.string, officer)
        }
        guard epoch.manifest.person(named: name)?.sealingKey != card.sealingKey else {
            throw .sealedToThisCard(path: place.string)
        }
        attendance.tell(.newCard(escrow: place, card))
        try attendance.confirm(.sealToCard)
        let (successor, signature) = try custodian.withIdentity { identity throws(EscrowError) in
            let share = try epoch.openShare(of: identity, at: self.identity.path, in: directory)
            let successor = try SuccessorEpoch(after: epoch, rekeyingTo: card, share: share, now: now)
            try successor.check(after: chain.line(to: inForce), signedBy: [self.identity.signer], at: now)
            return (successor, identity.sign(successor.bytes, namespace: DocumentFormat.manifest.namespace))
        }
        try custodian.remember(epoch, in: directory)
        let path = try successor.publish(in: place) { _, format in format == .manifest ? (name, signature) : nil }
        let draft = try EscrowDirectory(at: place).chain().approval(of: successor.digest)
        return Made(
            escrow: place,
            manifest: successor.manifest,
            digest: successor.digest,
            path: path,
            missing: draft?.missing ?? []
        )
    }
}
