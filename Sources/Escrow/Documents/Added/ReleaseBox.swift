// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
package import Ristretto255
import SecretMemory
package import SecretSharing
import SystemPackage

/// A share on its way to the machine of a request, with its signed statement: `NAME.release`, which lies in no escrow.
///
/// docs/format.md, section 4.17.
package struct ReleaseBox: ShapedDocument {
    /// The 192 bytes of the box.
    package let box: [UInt8]
    package let signature: SSHSignature
    package let statement: ReleaseStatement

    package static let format = DocumentFormat.releaseBox

    package static let shape = Shape<ReleaseBox>(
        Self.init,
        Member("box", .base64(byteCount: SealedPayload.boxByteCount), \.box),
        Member("signature", .signature, \.signature),
        Member("statement", .statement, \.statement)
    )

    /// The statement's file.
    package var statementBytes: [UInt8] { statement.encoded() }

    /// Holds it against a request and its epoch, and opens it with the request's key.
    ///
    /// - Parameter path: What errors call the file.
    /// - Returns: The share; it has still to be held against the commitments.
    /// - Throws: ``EscrowError/release(path:_:)``
    package func open(
        with key: borrowing Identity,
        for request: Filed<Request>,
        in epoch: EpochDocument,
        at path: String
    ) throws(EscrowError) -> Scalar {
        do throws(ReleaseError) {
            try check(for: request, in: epoch)
            let header = Self.header(of: request, in: epoch, path: statement.path.numbers)
            do {
                let value = try key.open(box: box, expecting: header)
                return try Scalar(canonical: value.span)
            } catch let error as BoxError {
                throw ReleaseError.box(error)
            } catch {
                throw ReleaseError.box(.mismatch(.value))
            }
        } catch {
            throw .release(path: path, error)
        }
    }

    private func check(for request: Filed<Request>, in epoch: EpochDocument) throws(ReleaseError) {
        guard statement.request == request.digest else {
            throw .anotherRequest(found: statement.request, expected: request.digest)
        }
        guard statement.manifest == epoch.digest else {
            throw .anotherManifest(found: statement.manifest, expected: epoch.digest)
        }
        guard statement.set == epoch.manifest.set else {
            throw .anotherSet(found: statement.set, expected: epoch.manifest.set)
        }
        guard let person = epoch.manifest.person(named: statement.custodian) else {
            throw .nobody(statement.custodian)
        }
        guard epoch.manifest.policy.path(of: person.name) == statement.path else {
            throw .anotherPath(person.name, statement.path)
        }
        do {
            try signature.verify(statementBytes, namespace: DocumentFormat.release.namespace, by: person.signingKey)
        } catch {
            throw .signature(person.name, error)
        }
        guard SHA256Digest(of: box) == statement.box else {
            throw .anotherBox(person.name)
        }
        guard request.document.notBefore <= statement.created, statement.created <= request.document.expires else {
            throw .outOfTime(person.name, statement.created)
        }
    }

    private static func header(of request: Filed<Request>, in epoch: EpochDocument, path: [UInt16]) -> BoxHeader {
        BoxHeader(
            purpose: .release,
            set: epoch.manifest.set.bytes,
            epoch: UInt32(epoch.manifest.epoch),
            path: path,
            context: request.digest,
            recipient: request.document.restoreKey
        )
    }
}

extension ReleaseBox {
    /// Seals a share to a request's key, and signs the statement of it.
    ///
    /// - Parameters:
    ///   - share: y, secret, already held against the commitments.
    ///   - identity: The custodian's.
    /// - Throws: ``EscrowError/notACustodian(path:_:)``, ``EscrowError/release(path:_:)``
    package init(
        of share: borrowing Scalar,
        by identity: borrowing Identity,
        for request: Filed<Request>,
        in epoch: EpochDocument,
        at created: Timestamp
    ) throws(EscrowError) {
        let name = identity.name
        guard let path = epoch.manifest.policy.path(of: name) else {
            throw .notACustodian(path: epoch.path.string, name)
        }
        do {
            box = try SealedPayload.seal(
                value: share.bytes,
                header: Self.header(of: request, in: epoch, path: path.numbers)
            )
        } catch {
            throw .release(path: request.path.string, .box(error))
        }
        statement = ReleaseStatement(of: box, by: name, at: path, for: request, at: created)
        signature = identity.sign(statement.encoded(), namespace: DocumentFormat.release.namespace)
    }
}

extension Form where Value == SSHSignature {
    /// Base64 of its binary form.
    fileprivate static var signature: Form {
        Form<[UInt8]>.base64()
            .standing(for: { try? SSHSignature(blob: $0) }, \.blob, expected: "an SSH signature in binary form")
    }
}

extension Form where Value == ReleaseStatement {
    /// Base64 of its file; an error names the member there.
    fileprivate static var statement: Form {
        let bytes = Form<[UInt8]>.base64()
        return Form(
            { (json, path) throws(DocumentError) in try ReleaseStatement(canonical: try bytes.read(json, path)) },
            { .string(Base64.encode($0.encoded())) }
        )
    }
}

/// Why a release is not used.
package enum ReleaseError: Error, Equatable {
    case anotherRequest(found: SHA256Digest, expected: SHA256Digest)
    case anotherManifest(found: SHA256Digest, expected: SHA256Digest)
    case anotherSet(found: SetIdentifier, expected: SetIdentifier)
    case nobody(Name)
    case anotherPath(Name, Path)
    case signature(Name, SignatureError)
    case anotherBox(Name)
    case outOfTime(Name, Timestamp)
    case box(BoxError)
}

extension ReleaseError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .anotherRequest(let found, let expected):
            "a release for request \(found.short), not for \(expected.short)"
        case .anotherManifest(let found, let expected):
            "a release of manifest \(found.short)…, where \(expected.short)… is restored"
        case .anotherSet(let found, let expected): "a release of set \(found), where \(expected) is restored"
        case .nobody(let name): "\(name) is no custodian of this escrow"
        case .anotherPath(let name, let path): "path \(path) is not \(name)'s"
        case .signature(let name, let error): "the statement of \(name): \(error)"
        case .anotherBox(let name): "the box is not the one that \(name) signed for"
        case .outOfTime(let name, let time): "\(name) made it on \(time.forPeople), outside the time of the request"
        case .box(let error): "the box: \(error)"
        }
    }
}
