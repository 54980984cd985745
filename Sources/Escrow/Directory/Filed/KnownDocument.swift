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
        let kind = try Self.document(path) { () throws(DocumentError) in
            var fields = try Fields(try JSONValue(canonical: bytes))
            return try fields.take("format", .string)
        }
        switch DocumentFormat(format: kind) {
        case DocumentFormat.manifest:
            do {
                self = .manifest(try Manifest(withoutArithmetic: bytes))
            } catch {
                throw .manifest(path: path, error)
            }
        case DocumentFormat.card:
            do {
                self = .card(try Card(canonical: bytes))
            } catch {
                throw .card(path: path, error)
            }
        case DocumentFormat.identity:
            do {
                self = .identity(try IdentityFile(canonical: bytes))
            } catch {
                throw .identity(path: path, error)
            }
        case let format:
            let other = try Self.document(path) { () throws(DocumentError) in try Self.another(bytes, format) }
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

    private static func document<Value>(
        _ path: String,
        _ read: () throws(DocumentError) -> Value
    ) throws(EscrowError) -> Value {
        do {
            return try read()
        } catch {
            throw .document(path: path, error)
        }
    }
}
