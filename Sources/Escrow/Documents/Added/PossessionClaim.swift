// SPDX-License-Identifier: Apache-2.0

package import Encoding
import Ristretto255
package import SecretSharing

/// What a receipt and a proof have in common: that a custodian has opened a certain box, and knows what was in it.
package struct PossessionClaim: Sendable {
    package let heading: Heading
    package let custodian: Name
    /// The custodian's leaf.
    package let path: Path
    /// The digest of the box's 192 bytes.
    package let share: SHA256Digest

    static let shape = Shape<PossessionClaim>(
        Self.init,
        Member(allOf: Heading.shape, \.heading),
        Member("custodian", .name, \.custodian),
        Member("path", .leaf, \.path),
        Member("share", .digest, \.share)
    )

    /// Holds it against the manifest: the custodian's own leaf, and the box that lies there.
    func check(in manifest: Manifest) throws(DocumentError) {
        guard let sealed = manifest.share(of: custodian) else {
            throw .wrongValue(field: "custodian", expected: "a custodian of this epoch")
        }
        guard sealed.path == path else {
            throw .wrongValue(field: "path", expected: "\(custodian)'s, \(sealed.path)")
        }
        guard SHA256Digest(of: sealed.box) == share else {
            throw .wrongValue(field: "share", expected: "the digest of \(custodian)'s box in the manifest")
        }
    }
}

extension PossessionClaim {
    /// What a custodian can say of their share in an epoch.
    ///
    /// - Returns: Nothing when they have none.
    init?(of custodian: Name, in epoch: EpochDocument, at created: Timestamp) {
        guard let sealed = epoch.manifest.share(of: custodian) else {
            return nil
        }
        let (heading, digest) = (Heading(in: epoch, at: created), SHA256Digest(of: sealed.box))
        self.init(heading: heading, custodian: custodian, path: sealed.path, share: digest)
    }
}

extension ShapedDocument {
    /// Makes a document with a proof over all else that it says: docs/format.md, section 3.8.
    ///
    /// - Parameter scalar: Secret.
    init(provenBy scalar: borrowing Scalar, _ make: (PossessionProof) -> Self) {
        let digest = PossessionProof.digest(of: make(.none).members)
        self = make(PossessionProof(of: scalar, over: digest.bytes))
    }
}

extension PossessionProof {
    /// Whether it holds for a public element over the members of a document.
    func isValid(for element: Ristretto255.Element, over members: [String: JSONValue]) -> Bool {
        isValid(for: element, over: Self.digest(of: members).bytes)
    }

    /// D: the SHA-256 of the canonical document without its member `possession`.
    static func digest(of members: [String: JSONValue]) -> SHA256Digest {
        var members = members
        members["possession"] = nil
        return SHA256Digest(of: JSONValue.object(members).encoded())
    }
}

extension Form where Value == PossessionProof {
    /// The member `possession`.
    static var possession: Form {
        Form<PossessionParts>.object(PossessionParts.shape).standing(
            for: { try? PossessionProof(commitment: $0.commitment, response: $0.response) },
            { PossessionParts(commitment: $0.commitment.bytes, response: $0.response.bytes) },
            expected: "a canonical element and scalar"
        )
    }
}

private struct PossessionParts {
    let commitment: [UInt8]
    let response: [UInt8]

    static let shape = Shape<PossessionParts>(
        Self.init,
        Member("R", .hex(byteCount: 32), \.commitment),
        Member("z", .hex(byteCount: 32), \.response)
    )
}
