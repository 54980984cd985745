// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding
package import SystemPackage

/// A custodian seals their own shares to a new card of theirs; nobody else's share changes.
///
/// Makes an epoch of the same secret, signed with the old identity: docs/format.md, section 5.2.
package struct Rekey {
    private let escrows: [FilePath]
    private let identity: IdentityOnDisk
    private let cardPath: FilePath
    private let given: [String]
    private let parcel: FilePath?
    private let now: Timestamp

    /// - Parameters:
    ///   - escrows: Directories, or parcels of escrows.
    ///   - cardPath: The new card.
    ///   - given: Digests of manifests as they were said beforehand.
    ///   - parcel: Where the new epochs go as one file, with those before them; a free name when they go nowhere else.
    package init(
        _ escrows: [FilePath],
        by identity: IdentityOnDisk,
        to cardPath: FilePath,
        given: [String],
        parcel: FilePath?,
        now: Timestamp
    ) {
        (self.escrows, self.identity, self.cardPath) = (escrows, identity, cardPath)
        (self.given, self.parcel, self.now) = (given, parcel, now)
    }

    /// A new epoch that waits for officers.
    package struct Made: Sendable {
        package let escrow: NamedEscrow
        package let manifest: Manifest
        package let digest: SHA256Digest
        package let path: FilePath
        /// Officers who have not signed it, and how many of them must.
        package let shortfalls: [Shortfall]
    }

    package func run(attended attendance: any Attendance) throws(EscrowError) {
        let custodian = try ActingCustodian(identity, attended: attendance)
        var outbox = try Outbox(of: identity.name, to: parcel, attended: attendance)
        guard let card = try PeopleGiven(at: [cardPath]).card(of: identity.name) else {
            let wanted = RecognisedFile.document(DocumentFormat.card.kind)
            throw wanted.explaining(.person(.notACardOf(path: cardPath.string, identity.name)), at: cardPath)
        }
        if let end = card.validUntil, end <= now {
            throw .person(.cardExpired(path: cardPath.string, identity.name, end))
        }
        for escrow in try NamedEscrow.all(at: escrows, attended: attendance) {
            let made = try locked(escrow.place) { () throws(EscrowError) in
                try rekey(escrow, to: card, by: custodian, attended: attendance)
            }
            let done = Notice.Fact.custodian(.rekeyed(made, identity.name))
            if !escrow.isLaidOut {
                attendance.tell(done)
            }
            if escrow.isLaidOut || parcel != nil {
                // With the epochs before it: officers sign what they can follow.
                let files = try escrow.directory().packed()
                outbox.add(files, as: "epoch", answering: made.digest, telling: escrow.isLaidOut ? [done] : [])
            }
        }
        try outbox.finish(about: "a new epoch by \(identity.name)", for: .sign)
    }

    private func rekey(
        _ escrow: NamedEscrow,
        to card: Card,
        by custodian: ActingCustodian,
        attended attendance: any Attendance
    ) throws(EscrowError) -> Made {
        let (name, signingKey) = (identity.name, identity.file.signingKey)
        let place = escrow.place
        let directory = try escrow.directory()
        let epoch = try custodian.compared(in: directory, given: given, now: now).epoch
        let chain = custodian.chain(of: directory)
        guard let inForce = chain.approval(of: epoch.digest) else {
            throw .directory(.notAnEscrow(path: directory.shown))
        }
        try chain.refuseSecond(after: epoch, by: name, signingKey)
        if let officer = epoch.manifest.approval.officer(named: name) {
            throw .person(.isOfficerToo(path: directory.shown, officer))
        }
        guard epoch.manifest.person(named: name)?.sealingKey != card.sealingKey else {
            throw .person(.sealedToThisCard(path: directory.shown))
        }
        attendance.tell(.newCard(escrow: place, card))
        try attendance.confirm(.sealToCard)
        let (successor, signature) = try identity.use(attended: attendance) { identity throws(EscrowError) in
            let share = try epoch.openShare(of: identity, at: self.identity.path, in: directory)
            let successor = try SuccessorEpoch(after: epoch, rekeyingTo: card, share: share, now: now)
            let line = chain.line(to: inForce)
            try successor.manifest.checkBeforePublication(after: line, signedBy: [self.identity.signer], at: now)
            return (successor, identity.sign(successor.bytes, namespace: DocumentFormat.manifest.namespace))
        }
        try custodian.remember(epoch, in: directory)
        let path = try successor.publish(in: place) { _, format in format == .manifest ? (name, signature) : nil }
        let draft = try EscrowDirectory(at: place).chain().approval(of: successor.digest)
        return Made(
            escrow: escrow,
            manifest: successor.manifest,
            digest: successor.digest,
            path: path,
            shortfalls: draft?.shortfalls ?? []
        )
    }
}
