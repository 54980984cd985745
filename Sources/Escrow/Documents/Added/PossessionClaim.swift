// SPDX-License-Identifier: Apache-2.0

package import Custody
import Ristretto255
package import SecretSharing

/// What a receipt and a proof have in common: that a custodian has opened a certain box, and knows what was in it.
package struct PossessionClaim: Sendable {
    package let created: Timestamp
    package let custodian: Name
    package let manifest: SHA256Digest
    /// The custodian's leaf.
    package let path: Path
    package let set: SetIdentifier
    /// The digest of the box's 192 bytes.
    package let share: SHA256Digest

    /// What a custodian can say of their share in an epoch.
    ///
    /// - Returns: Nothing when they have none.
    init?(of custodian: Name, in epoch: EpochDocument, at created: Timestamp) {
        guard let sealed = epoch.manifest.share(of: custodian) else {
            return nil
        }
        self.created = created
        self.custodian = custodian
        manifest = epoch.digest
        path = sealed.path
        set = epoch.manifest.set
        share = SHA256Digest(of: sealed.box)
    }

    init(_ fields: inout Fields) throws(DocumentError) {
        created = try fields.timestamp("created")
        custodian = try fields.name("custodian")
        manifest = try fields.digest("manifest")
        path = try fields.leaf("path")
        set = try fields.set()
        share = try fields.digest("share")
    }

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

    /// The members of a document of this format, without the proof.
    func members(_ format: DocumentFormat) -> [String: JSONValue] {
        [
            "created": .string(created.description),
            "custodian": .string(custodian.description),
            "format": .string(format.format),
            "manifest": .string(manifest.description),
            "path": .string(path.description),
            "set": .string(set.description),
            "share": .string(share.description),
        ]
    }
}

extension PossessionProof {
    /// Proves a scalar over the members of a document: docs/format.md, section 3.8.
    init(of scalar: borrowing Scalar, over members: [String: JSONValue]) {
        self.init(of: scalar, over: Self.digest(of: members).bytes)
    }

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

    /// The member `possession`.
    var json: JSONValue {
        .object(["R": .string(Hex.encode(commitment.bytes)), "z": .string(Hex.encode(response.bytes))])
    }
}

extension Fields {
    /// Takes the member `possession`.
    mutating func possession() throws(DocumentError) -> PossessionProof {
        var proof = try object("possession")
        let (commitment, response) = (try proof.hex("R", byteCount: 32), try proof.hex("z", byteCount: 32))
        try proof.finish()
        do {
            return try PossessionProof(commitment: commitment, response: response)
        } catch {
            throw .wrongValue(field: field("possession"), expected: "a canonical element and scalar")
        }
    }

    /// Takes a leaf's path.
    mutating func leaf(_ key: String) throws(DocumentError) -> Path {
        guard let leaf = Path(try string(key)), leaf != .root else {
            throw .wrongValue(field: field(key), expected: "member numbers such as '3' or '2.1'")
        }
        return leaf
    }

    /// Takes the member `set`.
    mutating func set() throws(DocumentError) -> SetIdentifier {
        SetIdentifier(bytes: try hex("set", byteCount: 16))
    }
}
