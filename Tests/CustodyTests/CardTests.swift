// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Custody
@testable import Encoding

@Suite("Cards")
struct CardTests {
    static func card() throws -> Card {
        let details = try CardDetails(
            fullName: "Zoë \"Zed\" Müller",
            organisation: "Acme SA, finance",
            site: "Lyon",
            contact: "+33 4 00",
            validUntil: Timestamp("2030-01-01T00:00:00Z")
        )
        return Card.make(for: try Identity.test(), details: details)
    }

    @Test("a card is read as it was made")
    func roundTrip() throws {
        let card = try Self.card()
        let read = try Card(canonical: card.bytes)
        #expect(read == card)
        #expect(read.fullName == "Zoë \"Zed\" Müller")
        #expect(read.validUntil?.description == "2030-01-01T00:00:00Z")
        #expect(read.digest == SHA256Digest(of: card.bytes))
        let bare = Card.make(for: try Identity.test(), details: try CardDetails())
        #expect(try Card(canonical: bare.bytes).contact == nil)
        #expect(bare != card)
    }

    @Test("ssh-keygen verifies the signature inside, over the card without it")
    func agreement() throws {
        let card = try Self.card()
        let signed = try JSONValue(canonical: card.bytes).removing("signature").encoded()
        let isAccepted = try TemporaryFolder().accepts(
            card.signature.armored,
            over: signed,
            signers: AllowedSigners.line(name: card.name, key: card.signingKey, namespaces: ["ca-escrow-card-v1"])
                + "\n",
            principal: "alice",
            namespace: "ca-escrow-card-v1"
        )
        #expect(isAccepted)
    }

    @Test("every single bit of a card counts")
    func bitFlips() throws {
        let bytes = try Self.card().bytes
        for bit in 0..<bytes.count * 8 {
            var altered = bytes
            altered[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: CardError.self, "bit \(bit)") { try Card(canonical: altered) }
        }
    }

    @Test("a signature by another key, for another purpose or over another text is told")
    func signatures() throws {
        let alice = try Identity.test()
        let mallory = try Identity.test("mallory", seed: 2)
        let card = try Self.card()
        let name = card.name
        let value = try JSONValue(canonical: card.bytes)
        let signed = value.removing("signature").encoded()
        let keys = (alice.signingKey.fingerprint, mallory.signingKey.fingerprint)
        let rows: [(SSHSignature, SignatureError)] = [
            (mallory.sign(signed, namespace: "ca-escrow-card-v1"), .otherKey(found: keys.1, expected: keys.0)),
            (alice.sign(signed, namespace: "file"), .wrongNamespace(found: "file", expected: "ca-escrow-card-v1")),
            (alice.sign(card.bytes, namespace: "ca-escrow-card-v1"), .doesNotVerify),
        ]
        for (signature, reason) in rows {
            guard case .object(var members) = value else {
                return
            }
            members["signature"] = .string(Base64.encode(signature.blob))
            let altered = JSONValue.object(members).encoded()
            #expect(throws: CardError.signature(name, reason)) { try Card(canonical: altered) }
        }
    }

    @Test("a text that nobody could read is refused before it is signed")
    func details() {
        let reason = DocumentError.wrongValue(
            field: "site",
            expected: "1 to 500 characters, none invisible and no control character"
        )
        #expect(throws: reason) { try CardDetails(fullName: "Bob", site: "Lyon\u{202e}") }
    }
}
