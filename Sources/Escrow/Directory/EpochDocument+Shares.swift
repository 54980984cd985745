// SPDX-License-Identifier: Apache-2.0

import SecretSharing
import SystemPackage

/// Signatures before arithmetic: docs/format.md, section 3.3.
///
/// X of many members takes seconds, and anybody can make a manifest. So a manifest is read without it, and X is computed
/// once its epoch is one of those in force, or somebody acts on it.
extension EpochDocument {
    /// Computes X of every member, and checks what that shows; only the first time.
    ///
    /// - Throws: ``EscrowError/manifest(path:_:)``
    package func checkShares() throws(EscrowError) {
        try orThrow(manifest.sharing.check()) { .manifest(path: manifestPath.string, .sharing($0)) }
    }
}

extension EscrowDirectory {
    /// The escrow with X of some epochs computed and checked: those that fail are refused.
    ///
    /// - Returns: Nothing when none fails.
    package func refusingShares(of documents: [EpochDocument]) -> EscrowDirectory? {
        let wanted = Set(documents.map(\.digest))
        var (checked, isRefused) = (self, false)
        checked.epochs = epochs.map { epoch in
            guard case .success(let document) = epoch.document, wanted.contains(document.digest) else {
                return epoch
            }
            var epoch = epoch
            do throws(EscrowError) {
                try document.checkShares()
            } catch {
                epoch.document = .failure(error)
                isRefused = true
            }
            return epoch
        }
        return isRefused ? checked : nil
    }
}
