// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Ristretto255
import Testing

@testable import Escrow

/// A request, alice's release for it, and whoever makes another one of that.
class ReleaseScene {
    let world: World
    let document: EpochDocument
    let key: Somebody
    let request: Filed<Request>
    /// Alice's, as it should be.
    let release: ReleaseBox

    init() throws {
        world = try World()
        document = try world.document()
        key = try Somebody("request")
        request = try world.request(to: key)
        release = try world.release(request, by: "alice")
    }

    func expect(
        _ error: ReleaseError,
        opening release: ReleaseBox,
        with key: Somebody? = nil,
        for request: Filed<Request>? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let refused = EscrowError.release(path: "alice.release", error)
        #expect(throws: refused, sourceLocation: sourceLocation) {
            _ = try release.open(
                with: (key ?? self.key).identity,
                for: request ?? self.request,
                in: document,
                at: "alice.release"
            )
        }
    }

    /// Alice's release with another box or statement, signed by somebody.
    func forged(
        box: [UInt8]? = nil,
        _ edits: [String: JSONValue] = [:],
        signedBy signer: Somebody? = nil,
        for format: DocumentFormat = .release
    ) throws -> ReleaseBox {
        let box = box ?? release.box
        let statement = edits.merging(["box": .string(SHA256Digest(of: box).description)]) { given, _ in given }
            .reduce(JSONValue.object(release.statement.members)) { $0.setting($1.key, to: $1.value) }.encoded()
        let (_, signature) = (signer ?? world.cast["alice"]).sign(statement, format)
        return try ReleaseBox(canonical: file(box: box, statement: statement, signature: signature.blob))
    }

    func file(box: [UInt8], statement: [UInt8], signature: [UInt8]) -> [UInt8] {
        JSONValue.object([
            "box": .string(Base64.encode(box)), "format": .string("ca-escrow/v1/release-box"),
            "signature": .string(Base64.encode(signature)), "statement": .string(Base64.encode(statement)),
        ]).encoded()
    }

    func seal(
        _ share: borrowing Scalar,
        purpose: BoxPurpose = .release,
        set: [UInt8]? = nil,
        epoch: UInt32 = 1,
        path: [UInt16] = [1],
        context: SHA256Digest? = nil,
        to recipient: Somebody? = nil
    ) throws -> [UInt8] {
        let header = BoxHeader(
            purpose: purpose,
            set: set ?? document.manifest.set.bytes,
            epoch: epoch,
            path: path,
            context: context ?? request.digest,
            recipient: (recipient ?? key).identity.sealingKey
        )
        return try SealedPayload.seal(value: share.bytes, header: header)
    }
}
