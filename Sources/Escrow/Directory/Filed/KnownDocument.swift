// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding

/// A document by itself, read as its kind demands: well formed, and nothing more is known of it.
package enum KnownDocument: Sendable {
    case manifest(Manifest)
    case card(Card)
    case identity(IdentityFile)
    /// It is for the restoring machine, and lies in no escrow.
    case release(ReleaseBox)
    /// Any other, by its members.
    case other(DocumentFormat, [String: JSONValue])

    /// Reads canonical bytes.
    ///
    /// - Throws: ``EscrowError/document(path:_:)``, ``EscrowError/manifest(path:_:)``, ``EscrowError/card(path:_:)``,
    ///   ``EscrowError/identity(path:_:)``, ``DirectoryFault/unknownKind(path:_:)``
    package init(_ bytes: [UInt8], at path: String) throws(EscrowError) {
        let kind = try orThrow(DocumentFormat.text(in: bytes)) { .document(path: path, $0) }
        switch DocumentFormat(format: kind) {
        case DocumentFormat.manifest:
            self = .manifest(try orThrow(Manifest(withoutArithmetic: bytes)) { .manifest(path: path, $0) })
        case DocumentFormat.card:
            self = .card(try orThrow(Card(canonical: bytes)) { .card(path: path, $0) })
        case DocumentFormat.identity:
            self = .identity(try orThrow(IdentityFile(canonical: bytes)) { .identity(path: path, $0) })
        case let format:
            let other = try orThrow(Self.another(bytes, format)) { .document(path: path, $0) }
            guard let other else {
                throw .directory(.unknownKind(path: path, kind))
            }
            self = other
        }
    }

    private static func another(_ bytes: [UInt8], _ format: DocumentFormat?) throws(DocumentError) -> KnownDocument? {
        switch format {
        case DocumentFormat.releaseBox: return .release(try ReleaseBox(canonical: bytes))
        case DocumentFormat.enrolmentChallenge?:
            return .other(.enrolmentChallenge, try EnrolmentChallenge(canonical: bytes).members)
        case DocumentFormat.enrolment?: return .other(.enrolment, try EnrolmentAnswer(canonical: bytes).members)
        case let format:
            guard let format, let kind = EscrowDirectory.addedKinds.first(where: { $0.format == format }) else {
                return nil
            }
            return .other(format, try kind.init(canonical: bytes).members)
        }
    }
}
