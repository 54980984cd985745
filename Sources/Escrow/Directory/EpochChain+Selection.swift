// SPDX-License-Identifier: Apache-2.0

import Encoding

extension EpochSelector {
    /// Whether an epoch is meant.
    func matches(_ document: EpochDocument) -> Bool {
        switch self {
        case .number(let number): document.manifest.epoch == number
        case .digest(let prefix): document.digest.description.utf8.starts(with: prefix.utf8)
        }
    }
}

extension EpochChain {
    /// The epoch that is meant: of several with one number the one that counts; a digest names any, drafts as well.
    ///
    /// - Throws: ``DirectoryFault/noSuchEpoch(path:_:)``, ``DirectoryFault/fork(path:epoch:digests:)`` when several fit.
    package func approval(_ selector: EpochSelector) throws(EscrowError) -> EpochApproval {
        let found = all.filter { selector.matches($0.document) }
        if let counted = epochs.first(where: { selector.matches($0.document) }), case .number = selector {
            return counted
        }
        guard let first = found.first else {
            if case .number(let number) = selector,
                let damaged = unread.first(where: { EpochDirectory.number(inName: $0.name) == number })
            {
                throw damaged.error
            }
            throw .directory(.noSuchEpoch(path: shown, selector))
        }
        guard found.count == 1 else {
            throw found.allSatisfy(\.isApproved) ? error(of: .fork(found)) : found.severalDrafts(of: shown)
        }
        return first
    }

    /// The one that is meant; else the one in force, or the only draft of a first epoch.
    ///
    /// - Throws: What ``approval(_:)`` throws, and ``requireInForce()``.
    package func approval(selected: EpochSelector?) throws(EscrowError) -> EpochApproval {
        if let selected {
            return try approval(selected)
        }
        if let inForce {
            return inForce
        }
        if let error = disputeError {
            throw error
        }
        let newest = drafts.filter { $0.document.manifest.epoch == drafts.last?.document.manifest.epoch }
        return try newest.only(of: shown, else: unread.first?.error ?? .directory(.notAnEscrow(path: shown)))
    }
}

extension [EpochApproval] {
    /// The only one of these drafts.
    ///
    /// - Parameters:
    ///   - shown: The escrow, as people call it.
    ///   - none: What is thrown when there is none.
    /// - Throws: ``DirectoryFault/severalDrafts(path:epoch:digests:)``
    func only(of shown: String, else none: EscrowError) throws(EscrowError) -> EpochApproval {
        guard let first else {
            throw none
        }
        guard count == 1 else {
            throw severalDrafts(of: shown)
        }
        return first
    }

    fileprivate func severalDrafts(of shown: String) -> EscrowError {
        let number = self[0].document.manifest.epoch
        return .directory(.severalDrafts(path: shown, epoch: number, digests: map(\.document.digest)))
    }
}
