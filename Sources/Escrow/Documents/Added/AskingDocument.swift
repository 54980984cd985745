// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// A document in which an officer asks for something: it says who, and their signature must say so, too.
package protocol AskingDocument: AddedDocument {
    /// Who asks.
    var officer: Name { get }
}

extension AskingDocument {
    package func check(in epoch: EpochDocument) throws(DocumentError) { try checkOfficer(in: epoch) }

    /// - Throws: ``DocumentError`` unless whoever asks is an officer of the epoch.
    func checkOfficer(in epoch: EpochDocument) throws(DocumentError) {
        guard epoch.manifest.approval.officer(named: officer) != nil else {
            throw .wrongValue(field: "officer", expected: "an officer of this epoch")
        }
    }
}
