// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// What a person may say about themselves on their card.
///
/// None of it identifies anyone.
package struct CardDetails: Sendable {
    package let fullName: String?
    package let organisation: String?
    package let site: String?
    package let contact: String?
    /// Until when the person wants the keys used.
    package let validUntil: Timestamp?

    /// - Throws: ``DocumentError/wrongValue(field:expected:)`` for a text that ``TextRule`` refuses.
    package init(
        fullName: String? = nil,
        organisation: String? = nil,
        site: String? = nil,
        contact: String? = nil,
        validUntil: Timestamp? = nil
    ) throws(DocumentError) {
        let texts = [("fullName", fullName), ("organisation", organisation), ("site", site), ("contact", contact)]
        for case (let field, let text?) in texts {
            try TextRule.check(text, field: field)
        }
        self.fullName = fullName
        self.organisation = organisation
        self.site = site
        self.contact = contact
        self.validUntil = validUntil
    }

    fileprivate init(_ fields: inout Fields) throws(DocumentError) {
        fullName = try fields.take("fullName", .optional(.text))
        organisation = try fields.take("organisation", .optional(.text))
        site = try fields.take("site", .optional(.text))
        contact = try fields.take("contact", .optional(.text))
        validUntil = try fields.take("validUntil", .optional(.timestamp))
    }

    fileprivate var members: [String: JSONValue] {
        let texts = ["fullName": fullName, "organisation": organisation, "site": site, "contact": contact]
            .merging(["validUntil": validUntil?.description]) { text, _ in text }
        return texts.compactMapValues { $0.map(JSONValue.string) }
    }
}

/// A person's public keys and what they say about themselves, signed by their own key: one file.
///
/// The signature shows that the card is whole and that its maker has the signing key. Whose card it is, it does not show.
/// Members: `contact`, `format`, `fullName`, `name`, `organisation`, `sealingKey` (hex), `signature` (base64 of the SSHSIG
/// blob over the canonical card without this member), `signingKey` (`ssh-ed25519 B64`), `site`, `validUntil`; those in
/// ``CardDetails`` may be absent.
package struct Card: Sendable {
    package let name: Name
    /// X25519, 32 bytes, checked.
    package let sealingKey: [UInt8]
    package let signingKey: SigningKey
    package let details: CardDetails
    package let signature: SSHSignature
    /// The whole card, canonical.
    package let bytes: [UInt8]

    package var fullName: String? { details.fullName }
    package var organisation: String? { details.organisation }
    package var site: String? { details.site }
    package var contact: String? { details.contact }
    package var validUntil: Timestamp? { details.validUntil }

    /// The SHA-256 of ``bytes``, by which manifests and boxes name the card.
    package var digest: SHA256Digest { SHA256Digest(of: bytes) }
}

extension Card {
    /// Reads a card and verifies the signature inside.
    ///
    /// - Throws: ``CardError``.
    package init(canonical bytes: [UInt8]) throws(CardError) {
        let signed: [UInt8]
        let blob: [UInt8]
        do throws(DocumentError) {
            let card = try JSONValue(canonical: bytes)
            var fields = try Fields(card)
            try fields.format(expecting: .card)
            name = try fields.take("name", .name)
            sealingKey = try fields.take("sealingKey", .sealingKey)
            signingKey = try fields.take("signingKey", .signingKey)
            details = try CardDetails(&fields)
            blob = try fields.take("signature", .base64())
            try fields.finish()
            signed = card.removing("signature").encoded()
        } catch {
            throw .document(error)
        }
        do throws(SignatureError) {
            signature = try SSHSignature(blob: blob)
            try signature.verify(signed, namespace: DocumentFormat.card.namespace, by: signingKey)
        } catch {
            throw .signature(name, error)
        }
        self.bytes = bytes
    }

    /// Makes and signs the card of an identity.
    package static func make(for identity: borrowing Identity, details: CardDetails) -> Card {
        var members = details.members
        members["format"] = .string(DocumentFormat.card.format)
        members["name"] = .string(identity.name.description)
        members["sealingKey"] = .string(Hex.encode(identity.sealingKey))
        members["signingKey"] = .string(identity.signingKey.openSSH)
        let signature = identity.sign(JSONValue.object(members).encoded(), namespace: DocumentFormat.card.namespace)
        members["signature"] = .string(Base64.encode(signature.blob))
        return Card(
            name: identity.name,
            sealingKey: identity.sealingKey,
            signingKey: identity.signingKey,
            details: details,
            signature: signature,
            bytes: JSONValue.object(members).encoded()
        )
    }
}

extension Card: Hashable {
    /// Two cards are equal when their bytes are.
    package static func == (left: Card, right: Card) -> Bool { left.bytes == right.bytes }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(bytes)
    }
}

/// Why a card is refused.
package enum CardError: Error, Equatable {
    case document(DocumentError)
    case signature(Name, SignatureError)
}

extension CardError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .document(let reason): reason.description
        case .signature(let name, let reason): "card of \(name): \(reason)"
        }
    }
}
