// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
package import Ristretto255
import SecretMemory
import SecretSharing
import SystemPackage

// A release is made for a request that is filed, and opened with its key.
extension ReleaseBox {
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
    /// - Throws: ``PersonFault/notACustodian(path:_:)``, ``EscrowError/release(path:_:)``
    package init(
        of share: borrowing Scalar,
        by identity: borrowing Identity,
        for request: Filed<Request>,
        in epoch: EpochDocument,
        at created: Timestamp
    ) throws(EscrowError) {
        let name = identity.name
        guard let path = epoch.manifest.policy.path(of: name) else {
            throw .person(.notACustodian(path: epoch.path.string, name))
        }
        let header = Self.header(of: request, in: epoch, path: path.numbers)
        box = try orThrow(SealedPayload.seal(value: share.bytes, header: header)) {
            .release(path: request.path.string, .box($0))
        }
        statement = ReleaseStatement(
            heading: Heading(beside: request.document, at: created),
            box: SHA256Digest(of: box),
            custodian: name,
            path: path,
            request: request.digest
        )
        signature = identity.sign(statement.encoded(), namespace: DocumentFormat.release.namespace)
    }
}
