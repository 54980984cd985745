// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// What is wrong with a file, an escrow's directory, or what is in one.
package indirect enum DirectoryFault: Error, Equatable {
    /// A document of a kind that this version does not know.
    case unknownKind(path: String, String)
    case fileName(path: String, expected: String)
    case notAnEscrow(path: String)
    case noEscrowInside(path: String)
    /// Another file than a reader wants.
    case anotherFile(path: String, found: RecognisedFile, wanted: RecognisedFile)
    case noCertificateInside(path: String)
    case escrowIsDamaged(path: String, finding: String)
    case fork(path: String, epoch: Int, digests: [SHA256Digest])
    case severalDrafts(path: String, epoch: Int, digests: [SHA256Digest])
    case notADraft(path: String)
    case notTheirDraft(path: String, Name)
    case noDraft(path: String, Name)
    case nothingToVoid(path: String)
    case whichBranch(path: String)
    case notOfTheFork(path: String, EpochSelector)
    case severalBranchesStay(path: String, [SHA256Digest])
    case severalEscrows(path: String, digests: [SHA256Digest])
    case noSuchEpoch(path: String, EpochSelector)
    case nowhereToWriteTheRecord(path: String)
    case notADirectory(path: String)
    case noPlace(path: String)
    case insideEscrow(path: String, escrow: String)
    case anotherEscrow(path: String, kind: String)
    case noSuchDocument(kind: String, String, escrow: String)
    case ambiguousDocument(kind: String, String, [String])
}

extension DirectoryFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownKind(let path, let kind):
            "\(path): a document of the kind \(kind.quoted), which this version does not show"
        case .fileName(let path, let expected): "\(path): wrong name: by its content it is \(expected)"
        case .notAnEscrow(let path): "\(path): not an escrow: it holds no epoch such as 0001-3fa9c2d1"
        case .noEscrowInside(let path): "\(path): no escrow in it"
        case .anotherFile(let path, let found, let wanted): "\(path): \(found); \(wanted) is wanted"
        case .noCertificateInside(let path): "\(path): no certificate in it (.crt, .cer, .pem or .der)"
        case .escrowIsDamaged(let path, let finding): "\(path): \(finding)"
        case .fork(let path, let epoch, let digests):
            "\(path): \(digests.count) epochs have number \(epoch) (\(digests.map(\.short).joined(separator: ", "))): "
                + "officers must say which is void"
        case .severalDrafts(let path, let epoch, let digests):
            "\(path): \(digests.count) drafts have number \(epoch) (\(digests.map(\.short).joined(separator: ", "))): "
                + "say which one you mean"
        case .notADraft(let path): "\(path): approved, so not a draft: one officer cannot withdraw it"
        case .notTheirDraft(let path, let name): "\(path): a draft that \(name) has not signed: it is not theirs"
        case .noDraft(let path, let name): "\(path): no draft of \(name) is here"
        case .nothingToVoid(let path): "\(path): there is no fork: nothing to void"
        case .whichBranch(let path): "\(path): there is a fork: say which epoch does not count"
        case .notOfTheFork(let path, let epoch): "\(path): epoch \(epoch) is on none of the branches of the fork"
        case .severalBranchesStay(let path, let digests):
            "\(path): several branches would stay: \(digests.map(\.short).joined(separator: ", "))"
        case .severalEscrows(let path, let digests):
            "\(path): two escrows in one: epoch 1 is \(digests.map(\.short).joined(separator: " and "))"
        case .noSuchEpoch(let path, let epoch): "\(path): no epoch \(epoch)"
        case .noPlace(let path): "\(path): its directory is not there, or cannot be written"
        case .notADirectory(let path): "\(path): not a directory"
        case .nowhereToWriteTheRecord(let path): "\(path): read-only: nowhere to write the record"
        case .insideEscrow(let path, let escrow):
            "\(path): inside the escrow \(escrow): everything in an escrow is public, and keys lie in other hands"
        case .anotherEscrow(let path, let kind): "\(path): a \(kind) of another escrow or epoch"
        case .noSuchDocument(let kind, let identifier, let escrow):
            identifier.isEmpty ? "\(escrow): no \(kind) is open" : "\(escrow): no \(kind) \(identifier)"
        case .ambiguousDocument(let kind, let prefix, let found):
            (prefix.isEmpty ? "several \(kind)s are open: " : "\(kind) \(prefix): several begin with it: ")
                + "\(found.map { String($0.prefix(8)) }.joined(separator: ", "))"
        }
    }
}
