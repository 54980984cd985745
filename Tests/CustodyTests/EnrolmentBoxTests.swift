// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import Custody
@testable import Encoding

/// Boxes of purpose 4, of whose content nothing leaves but a hash.
@Suite final class EnrolmentBoxTests {
    let identity: Identity
    let card: Card

    init() throws {
        identity = try Identity.test()
        card = Card.make(for: identity, details: try CardDetails())
    }

    private func box(_ header: [UInt8], _ value: [UInt8] = Array(0..<32)) throws -> [UInt8] {
        let payload = SealedPayload.payload(value: SecretBytes(value), header: header)
        return try SealedPayload.sealed(payload, to: identity.sealingKey)
    }

    @Test("the answer is that of the vector, which hashlib has made")
    func vector() throws {
        let value = SecretBytes(Array(0..<32))
        let digest = SHA256Digest(of: Array("a card".utf8))
        #expect(
            EnrolmentBox.answer(to: value.span, card: digest).description
                == "90940d4a1135a0a8d5f8e40d06cef46113617433af4f9aa2e5cea743710f9abb"
        )
    }

    @Test("what is drawn is answered by its card's owner alone, and differs every time")
    func drawn() throws {
        let (first, second) = (try EnrolmentBox.draw(for: card), try EnrolmentBox.draw(for: card))
        #expect(first.box.count == 192 && first.box != second.box && first.answer != second.answer)
        #expect(try identity.answer(toEnrolment: first.box, of: card) == first.answer)
        let other = try Identity.test("alice", seed: 2)
        #expect(throws: BoxError.doesNotOpen) { try other.answer(toEnrolment: first.box, of: card) }
    }

    @Test("sealed to another card of the same keys, it is not answered")
    func anotherCard() throws {
        let renewed = Card.make(for: identity, details: try CardDetails(site: "Lyon"))
        let box = try EnrolmentBox.draw(for: card).box
        #expect(throws: BoxError.mismatch(.context)) { try identity.answer(toEnrolment: box, of: renewed) }
    }

    @Test("a box of any other purpose is not opened: no share, no release, no subshare")
    func oracle() throws {
        for purpose in [BoxPurpose.share, .release, .subshare] {
            let header = BoxHeader(
                purpose: purpose,
                set: [UInt8](repeating: 0, count: 16),
                epoch: 0,
                path: [1],
                sender: purpose == .subshare ? [2] : [],
                context: card.digest,
                recipient: identity.sealingKey
            )
            let sealed = try SealedPayload.seal(value: SecretBytes(BoxTests.value), header: header)
            #expect(throws: BoxError.mismatch(.purpose)) { try identity.answer(toEnrolment: sealed, of: card) }
        }
    }

    @Test("every bit of the header counts, and the first field that differs is named")
    func header() throws {
        let header = EnrolmentBox.header(of: card).encoded
        for (field, range) in BoxHeader.layout {
            for index in range {
                var altered = header
                altered[index] ^= 0x40
                let box = try box(altered)
                #expect(throws: BoxError.mismatch(field)) { try identity.answer(toEnrolment: box, of: card) }
            }
        }
    }

    @Test("any value is one but zero, which nobody drew")
    func zero() throws {
        let header = EnrolmentBox.header(of: card).encoded
        let empty = try box(header, [UInt8](repeating: 0, count: 32))
        #expect(throws: BoxError.nothingInside) { try identity.answer(toEnrolment: empty, of: card) }
        for value in [[UInt8](repeating: 0xff, count: 32), [UInt8](repeating: 0, count: 31) + [1]] {
            let answer = try identity.answer(toEnrolment: try box(header, value), of: card)
            #expect(answer == EnrolmentBox.answer(to: SecretBytes(value).span, card: card.digest))
        }
    }
}
