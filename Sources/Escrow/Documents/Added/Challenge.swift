// SPDX-License-Identifier: Apache-2.0

package import Custody
import SecretMemory

/// An auditor asks custodians to prove that they still know their shares: docs/format.md, section 4.14.
package struct Challenge: AddedDocument {
    package static let format = DocumentFormat.challenge
    package static let directoryName = "challenges"

    /// The longest time to answer, in seconds: 400 days.
    package static let longestSeconds = 400 * 86_400

    package let auditor: Signer
    package let created: Timestamp
    package let expires: Timestamp
    package let manifest: SHA256Digest
    /// 32 random bytes.
    package let nonce: [UInt8]
    package let set: SetIdentifier

    /// Draws a challenge.
    package init(by auditor: Signer, to epoch: EpochDocument, at created: Timestamp, until expires: Timestamp) {
        self.auditor = auditor
        self.created = created
        self.expires = expires
        manifest = epoch.digest
        nonce = SecretBytes.random(count: 32).withSpan { span in span.indices.map { span[$0] } }
        set = epoch.manifest.set
    }

    package init(canonical bytes: [UInt8]) throws(DocumentError) {
        var fields = try Fields(try JSONValue(canonical: bytes))
        try fields.format(expecting: Self.format)
        var person = try fields.object("auditor")
        auditor = Signer(name: try person.name("name"), key: try person.signingKey("key"))
        try person.finish()
        created = try fields.timestamp("created")
        expires = try fields.timestamp("expires")
        manifest = try fields.digest("manifest")
        nonce = try fields.hex("nonce", byteCount: 32)
        set = try fields.set()
        try fields.finish()
        guard (1...Self.longestSeconds).contains(expires.secondsSinceEpoch - created.secondsSinceEpoch) else {
            throw .wrongValue(field: "expires", expected: "a time after 'created', by 400 days at most")
        }
    }

    package var fileNameStart: String { auditor.name.description }

    package var members: [String: JSONValue] {
        [
            "auditor": .object(["key": .string(auditor.key.openSSH), "name": .string(auditor.name.description)]),
            "created": .string(created.description),
            "expires": .string(expires.description),
            "format": .string(Self.format.format),
            "manifest": .string(manifest.description),
            "nonce": .string(Hex.encode(nonce)),
            "set": .string(set.description),
        ]
    }

    package func signers(in epoch: Manifest) -> (admitted: [Signer], required: Name?) {
        ([auditor], auditor.name)
    }
}
