// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import SystemPackage

extension TextRule {
    /// Holds what somebody said beforehand against it, before anything is asked for or made.
    ///
    /// - Parameters:
    ///   - field: What a reader of the document calls it.
    ///   - path: What it is said about.
    /// - Throws: ``EscrowError/document(path:_:)``
    static func check(_ text: String?, field: String, of path: String) throws(EscrowError) {
        guard let text else {
            return
        }
        do {
            try check(text, field: field)
        } catch {
            throw .document(path: path, error)
        }
    }
}

extension AddedDocument {
    /// Holds a document against what its readers ask, before it is signed.
    ///
    /// - Throws: ``EscrowError/document(path:_:)``
    func checkedAsRead(in epoch: EpochDocument) throws(EscrowError) -> Self {
        let bytes = encoded()
        do {
            try Self(canonical: bytes).check(in: epoch)
        } catch {
            let path = epoch.path.appending(Self.directoryName).appending(fileName(of: bytes))
            throw .document(path: path.string, error)
        }
        return self
    }
}
