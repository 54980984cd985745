// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Files
import SystemPackage

/// Epochs that somebody sent and an escrow lacks, held against what is here: docs/format.md, section 5.2.
///
/// A copy goes on where it stood, and nothing that is sent takes it elsewhere: what officers have approved is filed when
/// it leads on from the epoch in force here; a draft when it follows that one, and somebody of it has signed: anybody makes
/// a draft, and two that wait keep officers from signing. Whoever knows better makes a new copy.
struct SentEpochs {
    /// Whether the escrow is to be made of them.
    private let isFirst: Bool
    /// What is in force in the escrow.
    private let inForce: EpochApproval?
    /// All that is here and was sent.
    private let all: EpochChain
    /// Those that are new, ordered by number and name.
    let new: [EpochDirectory]

    /// - Parameters:
    ///   - sent: The escrow as it was sent, laid out.
    ///   - here: The escrow; nothing when it is to be made.
    /// - Returns: Nothing when all of them are here.
    init?(_ sent: EscrowDirectory, for here: EscrowDirectory?) {
        let known = here?.epochs.map(\.name) ?? []
        new = sent.epochs.filter { !known.contains(bytesOf: $0.name) }
        guard !new.isEmpty else {
            return nil
        }
        isFirst = here == nil
        inForce = here?.chain().inForce
        var merged = here ?? sent
        merged.epochs = ((here?.epochs ?? []) + new).sorted {
            $0.number == $1.number ? $0.name.precedes(bytesOf: $1.name) : $0.number < $1.number
        }
        all = merged.chain()
    }

    /// What an epoch is with all that is here and was sent.
    ///
    /// - Throws: ``CollectError`` unless it is one to be filed.
    func approval(of epoch: EpochDirectory) throws(CollectError) -> EpochApproval {
        let path = epoch.path.appending(EpochDocument.manifestName).string
        if let unread = all.unread.first(where: { $0.name.isEqual(bytesOf: epoch.name) }) {
            throw .escrow(unread.error)
        }
        guard let approval = all.all.first(where: { $0.document.path == epoch.path }),
            approval.isChained, approval.previous != nil || isFirst
        else {
            throw .doesNotFollow(path: path, .followsNothing)
        }
        let number = approval.document.manifest.epoch
        if let fault = approval.successionFault {
            throw .escrow(.succession(path: epoch.path.string, epoch: number, fault))
        }
        if let inForce, !all.epochs.contains(where: { $0.isSame(as: inForce) }) {
            throw .doesNotFollow(path: path, .excludes)
        }
        if approval.isApproved {
            guard all.epochs.contains(where: { $0.isSame(as: approval) }) else {
                throw .doesNotFollow(path: path, .excludes)
            }
            return approval
        }
        guard all.nextDrafts.contains(where: { $0.isSame(as: approval) }) else {
            throw .doesNotFollow(path: path, .isOutdated)
        }
        guard approval.isMeant || (approval.previous == nil && !approval.signed.isEmpty) else {
            throw .doesNotFollow(path: path, .isNotSigned)
        }
        try orLeaveOut(approval.document.checkShares())
        return approval
    }
}

extension EpochApproval {
    /// The files of an epoch that was sent: what verifies, and nothing else.
    private func files() throws(EscrowError) -> (EpochFiles, [(signer: Name, signature: SSHSignature)]) {
        let signatures = try signers.map { officer throws(EscrowError) in
            (officer.name, try FiledSignature.read(FiledSignature.path(of: document.manifestPath, by: officer.name)))
        }
        let cards = document.manifest.people.compactMap { document.card(of: $0.name) }
        let files = EpochFiles(
            manifest: document.manifest,
            bytes: document.bytes,
            digest: document.digest,
            cards: cards
        )
        return (files, signatures)
    }

    private var directoryName: String { EpochDirectory.name(of: document.manifest.epoch, document.digest) }

    /// Files it in an escrow that is there, by one rename.
    ///
    /// - Returns: Its directory.
    /// - Throws: ``EscrowError``; nothing is left behind.
    func file(in escrow: FilePath) throws(EscrowError) -> FilePath {
        let (files, signatures) = try files()
        let place = escrow.appending(directoryName)
        try orThrow { () throws(FileError) in
            var staged = try StagedDirectory(for: place)
            try files.write(into: &staged, signatures: signatures)
            try staged.publish(permissions: .publicDirectory)
        }
        return place
    }

    /// Makes an escrow of epochs that were sent, by one rename.
    ///
    /// - Throws: ``EscrowError``; nothing is left behind.
    static func make(_ escrow: FilePath, of epochs: [EpochApproval]) throws(EscrowError) {
        let all = try epochs.map { epoch throws(EscrowError) in (epoch.directoryName, try epoch.files()) }
        try orThrow { () throws(FileError) in
            var staged = try StagedDirectory(for: escrow)
            for (name, (files, signatures)) in all {
                try staged.makeDirectory(name)
                try files.write(into: &staged, inside: name + "/", signatures: signatures)
            }
            try staged.publish(permissions: .publicDirectory)
        }
    }
}
