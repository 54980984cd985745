// SPDX-License-Identifier: Apache-2.0

import CSodium
package import Encoding
import SecretMemory

/// Boxes of 32 random bytes that a new custodian shows to have opened, without showing what was inside.
///
/// docs/format.md, section 4.23. All that ever leaves is the *answer*, SHA-256(lp("ca-escrow/v1/enrolment") ‖ lp(value) ‖
/// lp(card digest)): were it the value, whoever makes challenges could have any box opened for them.
package enum EnrolmentBox {
    /// Draws 32 bytes and seals them to a card.
    ///
    /// - Returns: The box, 192 bytes, and the answer that opening it gives; the bytes themselves are gone.
    /// - Throws: ``BoxError/recipientNotAcceptable``
    package static func draw(for card: Card) throws(BoxError) -> (box: [UInt8], answer: SHA256Digest) {
        let value = SecretBytes.random(count: SealedPayload.valueByteCount)
        let box = try SealedPayload.seal(value: value, header: header(of: card))
        return (box, answer(to: value.span, card: card.digest))
    }

    /// What a box of this kind says about itself: a purpose of its own, and nothing of any escrow.
    static func header(of card: Card) -> BoxHeader {
        .enrolment(card: card.digest, recipient: card.sealingKey)
    }

    /// The answer: public, and of no use for finding the value.
    static func answer(to value: Span<UInt8>, card: SHA256Digest) -> SHA256Digest {
        let start = Wire.string("ca-escrow/v1/enrolment") + Wire.uint32(UInt32(value.count))
        let end = Wire.string(card.bytes)
        let text = SecretBytes(count: start.count + value.count + end.count) { bytes in
            bytes.put(start.span)
            bytes.put(value, at: start.count)
            bytes.put(end.span, at: start.count + value.count)
        }
        var digest = [UInt8](repeating: 0, count: 32)
        let status = unsafe text.span.withUnsafeBufferPointer { text in
            unsafe crypto_hash_sha256(&digest, text.baseAddress!, UInt64(text.count))
        }
        guard status == 0, let answer = SHA256Digest(bytes: digest) else {
            preconditionFailure("libsodium hashes every text")
        }
        return answer
    }
}

extension Identity {
    /// Opens an enrolment's box, and no other: every field is compared before the value is used.
    ///
    /// - Parameters:
    ///   - box: 192 bytes.
    ///   - card: The owner's own, to which the box must be sealed.
    /// - Returns: The answer; the value stays here and is erased.
    /// - Throws: ``BoxError``; ``BoxError/nothingInside`` for 32 zero bytes, which nobody drew.
    package func answer(toEnrolment box: [UInt8], of card: Card) throws(BoxError) -> SHA256Digest {
        let value = try open(box: box, expecting: EnrolmentBox.header(of: card))
        let isZero = unsafe value.span.withUnsafeBufferPointer {
            unsafe sodium_is_zero($0.baseAddress!, $0.count) == 1
        }
        guard !isZero else {
            throw .nothingInside
        }
        return EnrolmentBox.answer(to: value.span, card: card.digest)
    }
}
