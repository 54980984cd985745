// SPDX-License-Identifier: Apache-2.0

import Files
package import SystemPackage

/// A draft that whoever signed it takes back: docs/format.md, section 5.2.
///
/// Nothing is erased.
package struct Withdrawal: Sendable {
    package let draft: EpochApproval
    /// What is moved, and where to: the epoch's directory, or the whole escrow when no other epoch is in it; the key
    /// file and the state's archive, where they are found.
    package private(set) var moves: [(from: FilePath, to: FilePath)] = []

    /// - Parameters:
    ///   - selector: Which draft; the only one that the key has signed when left out.
    ///   - pkcs12: Where the key file lies, when it is not beside the escrow.
    /// - Throws: ``DirectoryFault/notADraft(path:)``, ``DirectoryFault/notTheirDraft(path:_:)``,
    ///   ``DirectoryFault/noDraft(path:_:)``, ``DirectoryFault/severalDrafts(path:epoch:digests:)``
    package init(
        of selector: EpochSelector?,
        in escrow: EscrowDirectory,
        _ chain: EpochChain,
        by officer: Signer,
        pkcs12: FilePath?
    ) throws(EscrowError) {
        let draft = try Self.draft(selector, escrow, chain, officer)
        self.draft = draft
        let document = draft.document
        let isWhole = escrow.epochs.count == 1
        var things = [isWhole ? escrow.path : document.path]
        let others = chain.all.filter { !$0.isSame(as: draft) }.map(\.document.manifest.pkcs12.name)
        if !others.contains(document.manifest.pkcs12.name) {
            // What has the name and not the bytes is somebody else's.
            if (try? document.pkcs12(given: pkcs12, escrow: escrow.path)) != nil {
                things.append(try document.pkcs12Path(given: pkcs12, escrow: escrow.path))
            }
            if (try? document.stateArchive(given: pkcs12, escrow: escrow.path)) != nil,
                let state = try document.statePath(given: pkcs12, escrow: escrow.path)
            {
                things.append(state)
            }
        }
        for thing in things {
            guard try orThrow(Files.kind(of: thing)) != nil,
                let name = thing.lastComponent
            else {
                continue
            }
            let isInside = thing.starts(with: escrow.path) && thing != escrow.path
            let parent = isInside ? escrow.path.removingLastComponent() : thing.removingLastComponent()
            let place = parent.appending(Self.name(for: escrow.path)).appending(name)
            try orThrow(Files.requireNothing(at: place))
            moves.append((thing, place))
        }
    }

    /// Whether the draft's key file goes along: nothing opens it then.
    package var hasKeyFile: Bool {
        moves.contains { $0.from.lastComponent?.string.isEqual(bytesOf: draft.document.manifest.pkcs12.name) == true }
    }

    /// The directory for what is withdrawn of an escrow.
    private static func name(for escrow: FilePath) -> String { "\(escrow.stem ?? "ca").withdrawn" }

    /// Whether an epoch was withdrawn from an escrow: it lies beside it, until somebody destroys it.
    static func has(_ epoch: String, of escrow: FilePath) -> Bool {
        let place = escrow.removingLastComponent().appending(name(for: escrow)).appending(epoch)
        return (try? Files.kind(of: place)) != nil
    }

    /// Moves all of it: the key file last, which the draft needs as long as it lies there.
    ///
    /// - Throws: ``EscrowError/file(_:)``
    package func perform() throws(EscrowError) {
        for (source, target) in moves {
            try orThrow { () throws(FileError) in
                try Files.makeDirectory(target.removingLastComponent(), permissions: .ownerReadWriteExecute)
                try Files.move(source, to: target)
            }
        }
    }

    private static func draft(
        _ selector: EpochSelector?,
        _ escrow: EscrowDirectory,
        _ chain: EpochChain,
        _ officer: Signer
    ) throws(EscrowError) -> EpochApproval {
        func isTheirs(_ approval: EpochApproval) -> Bool {
            let known =
                approval.document.manifest.approval.officers
                + (approval.previous?.manifest.approval.officers ?? [])
            return approval.signers.contains(officer) || (approval.signers.isEmpty && known.contains(officer))
        }
        if let selector {
            let found = chain.all.filter { selector.matches($0.document) }
            let drafts = found.filter { !$0.isApproved }
            guard let draft = drafts.first else {
                guard let approved = found.first else {
                    throw .directory(.noSuchEpoch(path: escrow.shown, selector))
                }
                throw .directory(.notADraft(path: approved.document.path.string))
            }
            let others = EscrowError.directory(.notTheirDraft(path: draft.document.path.string, officer.name))
            return try drafts.filter(isTheirs).only(of: escrow.shown, else: others)
        }
        let none = EscrowError.directory(.noDraft(path: escrow.shown, officer.name))
        return try chain.drafts.filter(isTheirs).only(of: escrow.shown, else: none)
    }
}
