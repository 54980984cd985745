// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
import Files
package import Ristretto255
import SecretSharing
package import SystemPackage

/// A new epoch that keeps the secret: the same set, policy and PKCS#12 file, with other officers or another card.
///
/// The shares that stay keep their boxes, which are bound to the epoch in which they were sealed. The password exists
/// nowhere while it is made.
package struct SuccessorEpoch: Sendable {
    package let manifest: Manifest
    /// The canonical bytes of `manifest.json`.
    package let bytes: [UInt8]
    package let digest: SHA256Digest
    private let cards: [Card]
    /// Certificates that had joined the epoch before with approval: they must join this one again.
    package let certificates: [AddedCertificate]

    /// Gives an escrow other officers.
    ///
    /// - Throws: ``EscrowError`` when the cards of the epoch before cannot be read.
    package init(after previous: EpochDocument, approval: Approval, now: Timestamp) throws(EscrowError) {
        let head = previous.manifest.successor(
            of: previous.digest,
            approval: approval,
            people: previous.manifest.people,
            occasion: .officerChange,
            now: now
        )
        try self.init(head.adding(shares: previous.manifest.shares), previous, [:], now)
    }

    /// Seals a custodian's share to a new card; everything else stays.
    ///
    /// - Parameters:
    ///   - card: The custodian's new one, of the same name.
    ///   - share: y, secret, opened and checked.
    /// - Throws: ``PersonFault/notACustodian(path:_:)``, ``BackupFault/selfCheck(_:)``
    package init(
        after previous: EpochDocument,
        rekeyingTo card: Card,
        share: borrowing Scalar,
        now: Timestamp
    ) throws(EscrowError) {
        let old = previous.manifest
        guard let leaf = old.policy.path(of: card.name) else {
            throw .person(.notACustodian(path: previous.path.string, card.name))
        }
        let head = old.successor(
            of: previous.digest,
            approval: old.approval,
            people: old.people.map { $0.name == card.name ? Person(card) : $0 },
            occasion: .custodianChange,
            now: now
        )
        let header = BoxHeader(
            purpose: .share,
            set: head.set.bytes,
            epoch: UInt32(head.epoch),
            path: leaf.numbers,
            context: head.headDigest,
            recipient: card.sealingKey
        )
        let box = try orThrow(SealedPayload.seal(value: share.bytes, header: header)) { (error: BoxError) in
            .backup(.selfCheck("the new box of \(card.name): \(error)"))
        }
        let shares = old.shares.map { sealed in
            sealed.path == leaf ? SealedShare(box: box, path: leaf, sealedIn: head.epoch) : sealed
        }
        try self.init(head.adding(shares: shares), previous, [card.name: card], now)
    }

    private init(
        _ manifest: Manifest,
        _ previous: EpochDocument,
        _ replaced: [Name: Card],
        _ now: Timestamp
    ) throws(EscrowError) {
        let people = try PeopleGiven(of: previous)
        cards = manifest.people.compactMap { replaced[$0.name] ?? people.card(of: $0.name) }
        bytes = manifest.encoded()
        digest = SHA256Digest(of: bytes)
        try manifest.checkReadsBack(as: bytes)
        self.manifest = manifest
        let (set, digest, created) = (manifest.set, digest, manifest.created)
        certificates = try previous.approvedCertificates().records.map { filed in
            AddedCertificate(
                heading: Heading(created: created, manifest: digest, set: set),
                certificate: filed.document.certificate
            )
        }
    }

    /// Makes the epoch visible in its escrow, by one rename.
    ///
    /// - Parameters:
    ///   - sign: Signs one of its documents; nothing when whoever acts may not sign that kind.
    /// - Returns: The epoch's directory.
    /// - Throws: ``EscrowError/file(_:)``; nothing is left behind.
    package func publish(
        in escrow: FilePath,
        sign: ([UInt8], DocumentFormat) -> (signer: Name, signature: SSHSignature)?
    ) throws(EscrowError) -> FilePath {
        let epoch = escrow.appending(EpochDirectory.name(of: manifest.epoch, digest))
        let signature = sign(bytes, .manifest)
        let records = certificates.map { record in
            let bytes = record.encoded()
            return (name: record.fileName(of: bytes), bytes: bytes, signature: sign(bytes, .addedCertificate))
        }
        try orThrow { () throws(FileError) in
            var staged = try StagedDirectory(for: epoch)
            try EpochFiles(manifest: manifest, bytes: bytes, digest: digest, cards: cards).write(
                into: &staged,
                signatures: signature.map { [$0] } ?? []
            )
            if !records.isEmpty {
                try staged.makeDirectory(Record.directoryName)
            }
            for record in records {
                let place = "\(Record.directoryName)/\(record.name)"
                if let (signer, signature) = record.signature {
                    try staged.write(signature.armored, to: "\(place).\(signer).sig", permissions: .publicFile)
                }
                try staged.write(record.bytes, to: place, permissions: .publicFile)
            }
            try staged.publish(permissions: .publicDirectory)
        }
        return epoch
    }
}

extension Manifest {
    /// The head of the next epoch of the same secret, without shares.
    fileprivate func successor(
        of digest: SHA256Digest,
        approval: Approval,
        people: [Person],
        occasion: Occasion,
        now: Timestamp
    ) -> Manifest {
        Manifest(
            approval: approval,
            certificates: certificates,
            created: ClockRule.date(about: self, at: now),
            epoch: epoch + 1,
            occasion: occasion,
            people: people,
            pkcs12: pkcs12,
            sharing: sharing,
            previous: Predecessor(epoch: epoch, sha256: digest),
            isRehearsal: isRehearsal,
            isRetired: false,
            set: set,
            shares: [],
            state: state,
            title: title
        )
    }
}

/// The files that every epoch has when it appears.
struct EpochFiles {
    let manifest: Manifest
    let bytes: [UInt8]
    let digest: SHA256Digest
    let cards: [Card]

    /// - Parameter inside: The epoch's directory in a new escrow, with a slash; empty when the epoch itself is staged.
    func write(
        into staged: inout StagedDirectory,
        inside: String = "",
        signatures: [(signer: Name, signature: SSHSignature)]
    ) throws(FileError) {
        try staged.write(
            Readme.text(of: manifest, digest: digest),
            to: (manifest.epoch == 1 ? "" : inside) + EscrowDirectory.readmeName,
            permissions: .publicFile
        )
        try staged.write(bytes, to: inside + EpochDocument.manifestName, permissions: .publicFile)
        for (signer, signature) in signatures {
            try staged.write(
                signature.armored,
                to: inside + EpochDocument.manifestName + ".\(signer).sig",
                permissions: .publicFile
            )
        }
        try staged.makeDirectory(inside + EpochDocument.cardsName)
        for card in cards {
            try staged.write(
                card.bytes,
                to: inside + EpochDocument.cardsName + "/\(card.name).json",
                permissions: .publicFile
            )
        }
    }
}
