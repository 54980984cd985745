// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Custody
package import Ristretto255
package import SecretSharing

/// That the key was rebuilt on a machine, opened, matched and wiped: a drill, proven by the secret itself.
///
/// The possession proof is of `s` for the root's A_0 (path ""). Beside it stands a signature of the CA's key, when it
/// names a certificate: docs/format.md, sections 3.8, 3.9 and 4.22.
package struct DrillReceipt: AddedRecord {
    package static let format = DocumentFormat.drill
    package static let caStatement: String? = "drill"

    /// All that it says.
    package let content: Content
    package let possession: PossessionProof

    package var created: Timestamp { content.created }
    package var manifest: SHA256Digest { content.manifest }
    package var set: SetIdentifier { content.set }
    /// Those whose shares were used, in the order in which they came.
    package var custodians: [Name] { content.custodians }
    /// The challenge that it answers; nothing when it has no witness of its age but itself.
    package var challenge: SHA256Digest? { content.challenge }
    /// The request that custodians answered from afar; nothing when all of them were in the room.
    package var request: SHA256Digest? { content.request }

    /// What a receipt says, without the proof of it.
    package struct Content: Sendable {
        /// The certificate whose key has signed the receipt; nothing when only public keys were compared.
        package let certificate: SHA256Digest?
        package let challenge: SHA256Digest?
        package let created: Timestamp
        package let custodians: [Name]
        /// The digests of the public keys whose private keys were opened.
        package let keys: [SHA256Digest]
        package let manifest: SHA256Digest
        /// What would have stopped the drill, and why it went on; ordered by code, each code once.
        package let overrides: [RestoreRecord.Override]
        package let purpose: String?
        package let request: SHA256Digest?
        package let set: SetIdentifier
    }

    /// Makes the receipt of a drill whose key is still at hand.
    ///
    /// - Parameters:
    ///   - isSigned: Whether the CA's key will sign it.
    ///   - secret: s.
    package init(
        of epoch: EpochDocument,
        by custodians: [Name],
        for purpose: String?,
        isSigned: Bool,
        answering challenge: SHA256Digest? = nil,
        request: SHA256Digest? = nil,
        overrides: [RestoreRecord.Override] = [],
        at created: Timestamp,
        provenBy secret: borrowing Scalar
    ) {
        content = Content(
            certificate: isSigned ? SHA256Digest(of: epoch.manifest.certificate.der) : nil,
            challenge: challenge,
            created: created,
            custodians: custodians,
            keys: epoch.manifest.publicKeys,
            manifest: epoch.digest,
            overrides: overrides.sorted { $0.code.rawValue < $1.code.rawValue },
            purpose: purpose,
            request: request,
            set: epoch.manifest.set
        )
        possession = PossessionProof(of: secret, over: content.members)
    }

    package init(canonical bytes: [UInt8]) throws(DocumentError) {
        var fields = try Fields(try JSONValue(canonical: bytes))
        try fields.format(expecting: Self.format)
        possession = try fields.possession()
        content = try Content(&fields)
        try fields.finish()
    }

    package var members: [String: JSONValue] {
        var members = content.members
        members["possession"] = possession.json
        return members
    }

    /// It needs nobody's signature, since it is proven; officers who took part may sign it.
    package func signers(in epoch: Manifest) -> (admitted: [Signer], required: Name?) {
        (epoch.approval.officers, nil)
    }

    package func caSigner(in epoch: Manifest) -> Certificate? {
        content.certificate.flatMap { digest in epoch.certificates.first { SHA256Digest(of: $0.der) == digest } }
    }

    /// Whether it was made by someone who knew the secret of this epoch, and is about its keys and people.
    package var mayPredateItsManifest: Bool { content.overrides.contains { $0.code == .clock } }

    package func check(in epoch: EpochDocument) throws(DocumentError) {
        let manifest = epoch.manifest
        guard possession.isValid(for: manifest.sharing.secret, over: members) else {
            throw .wrongValue(field: "possession", expected: "a proof that holds for the secret")
        }
        let people = Set(custodians)
        guard people.count == custodians.count, people.isSubset(of: manifest.people.map(\.name)),
            manifest.policy.isSatisfied(by: people)
        else {
            throw .wrongValue(field: "custodians", expected: "custodians of this epoch, each once, who can restore")
        }
        guard content.keys == manifest.publicKeys else {
            throw .wrongValue(field: "keys", expected: "the digests of the public keys in the manifest's certificates")
        }
        guard content.certificate == nil || caSigner(in: manifest) != nil else {
            throw .wrongValue(field: "certificate", expected: "the digest of a certificate of the manifest")
        }
    }
}

extension DrillReceipt.Content {
    fileprivate init(_ fields: inout Fields) throws(DocumentError) {
        certificate = try fields.optionalDigest("certificate")
        challenge = try fields.optionalDigest("challenge")
        created = try fields.timestamp("created")
        custodians = try fields.list("custodians") { (value, path) throws(DocumentError) in try value.name(at: path) }
        keys = try fields.list("keys") { (value, path) throws(DocumentError) in try value.digest(at: path) }
        manifest = try fields.digest("manifest")
        overrides = try fields.overrides()
        purpose = try fields.has("purpose") ? fields.text("purpose") : nil
        request = try fields.optionalDigest("request")
        set = try fields.set()
    }

    fileprivate var members: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "created": .string(created.description),
            "custodians": .array(custodians.map { .string($0.description) }),
            "format": .string(DrillReceipt.format.format),
            "keys": .array(keys.map { .string($0.description) }),
            "manifest": .string(manifest.description),
            "set": .string(set.description),
        ]
        members["certificate"] = certificate.map { .string($0.description) }
        members["challenge"] = challenge.map { .string($0.description) }
        members["overrides"] = overrides.json
        members["purpose"] = purpose.map { .string($0) }
        members["request"] = request.map { .string($0.description) }
        return members
    }
}

extension Fields {
    fileprivate mutating func optionalDigest(_ key: String) throws(DocumentError) -> SHA256Digest? {
        try has(key) ? digest(key) : nil
    }
}

extension Manifest {
    /// The digests of the public keys in its certificates, each once, in their order: the keys of the PKCS#12 file.
    package var publicKeys: [SHA256Digest] {
        var found: [SHA256Digest] = []
        for digest in certificates.map({ SHA256Digest(of: $0.spki) }) where !found.contains(digest) {
            found.append(digest)
        }
        return found
    }
}
