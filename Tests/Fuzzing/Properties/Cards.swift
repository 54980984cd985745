// SPDX-License-Identifier: Apache-2.0

@testable import Custody
@testable import Encoding
@testable import SecretMemory

extension Reader {
    /// Besides what comes, what comes signed by a key that is known: else no mutation would come further than the signature.
    public static let card = Reader("Card") { bytes in
        for form in try canonicalForms(bytes) {
            try requireSameCard(form)
            guard case .object(var members) = try? JSONValue(canonical: form),
                members["format"] == .string(DocumentFormat.card.format)
            else {
                continue
            }
            let owner = Identity(name: try Name("alice"), seed: SecretBytes(count: 32) { _ in })
            members["signature"] = nil
            members["signingKey"] = .string(owner.signingKey.openSSH)
            let signature = owner.sign(JSONValue.object(members).encoded(), namespace: DocumentFormat.card.namespace)
            members["signature"] = .string(Base64.encode(signature.blob))
            try requireSameCard(JSONValue.object(members).encoded())
        }
    }
}

private func requireSameCard(_ bytes: [UInt8]) throws {
    guard let card = try accepted({ try Card(canonical: bytes) }) else {
        return
    }
    var members: [String: JSONValue] = [
        "format": .string(DocumentFormat.card.format), "name": .string(card.name.description),
        "sealingKey": .string(Hex.encode(card.sealingKey)), "signature": .string(Base64.encode(card.signature.blob)),
        "signingKey": .string(card.signingKey.openSSH),
    ]
    members["fullName"] = card.fullName.map(JSONValue.string)
    members["organisation"] = card.organisation.map(JSONValue.string)
    members["site"] = card.site.map(JSONValue.string)
    members["contact"] = card.contact.map(JSONValue.string)
    members["validUntil"] = card.validUntil.map { .string($0.description) }
    try require(JSONValue.object(members).encoded() == bytes, "a card is encoded to other bytes")
}
