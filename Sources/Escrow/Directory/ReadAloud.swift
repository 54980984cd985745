// SPDX-License-Identifier: Apache-2.0

package import Encoding
import Files
import SystemPackage

/// What somebody wants to read aloud: a digest that they typed, or that of what lies under a path.
package enum ReadAloud: Sendable {
    case digest(SHA256Digest)
    /// The epoch in force of an escrow, or its only draft.
    case epoch(EpochApproval)
    case file(byteCount: Int, SHA256Digest)

    /// - Returns: Nothing when it is neither.
    /// - Throws: ``EscrowError/file(_:)``, and what is wrong with an escrow.
    package init?(_ subject: String) throws(EscrowError) {
        let typed = Result { () throws(TypedCodeError) in try TypedCode(subject) }
        if case .success(.digest(let digest)) = typed {
            self = .digest(digest)
            return
        }
        let path = FilePath(subject)
        switch try orThrow(Files.kind(of: path)) {
        case .directory: self = .epoch(try EscrowDirectory(at: path).approval(of: nil))
        case .regular, .symbolicLink, .other:
            let bytes = try orThrow(Files.read(path, limit: ByteLimit.program))
            self = .file(byteCount: bytes.count, SHA256Digest(of: bytes))
        case nil:
            guard !Self.isPath(typed) else {
                throw .file(.system(path: path.string, .noSuchFileOrDirectory))
            }
            return nil
        }
    }

    /// Whether a text under which nothing lies was meant as a path: not what is read aloud, and no digest cut short.
    private static func isPath(_ typed: Result<TypedCode, TypedCodeError>) -> Bool {
        switch typed {
        case .success, .failure(.empty), .failure(.hexDigitCount): false
        case .failure(.unknownWord), .failure(.misplacedWord), .failure(.wordCount), .failure(.digitCount): true
        }
    }
}
