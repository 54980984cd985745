// SPDX-License-Identifier: Apache-2.0

import CSodium
package import SecretMemory

/// Boxes that only their recipient can open: 144 bytes under libsodium's `crypto_box_seal`.
///
/// The payload says where it belongs (``BoxHeader``), then holds the value. A box names no sender and anyone can make one:
/// that it opened means nothing before the value is checked against public commitments.
package enum SealedPayload {
    /// The length of a sealed box.
    package static let boxByteCount = payloadByteCount + sealByteCount
    /// The length of what is inside: the header's 112 bytes and the value's 32.
    static let payloadByteCount = BoxHeader.byteCount + valueByteCount
    /// The length of an X25519 key.
    package static let keyByteCount = Int(crypto_box_PUBLICKEYBYTES)
    static let valueByteCount = 32
    /// What sealing adds: a one-time public key and an authentication tag.
    private static let sealByteCount = crypto_box_sealbytes()

    /// Seals `value` to the header's recipient.
    ///
    /// - Parameters:
    ///   - value: 32 bytes: a canonical scalar other than 0, little-endian; for an enrolment any.
    ///   - header: Where the box belongs, and to whom it is sealed.
    /// - Returns: 192 bytes, different every time.
    /// - Throws: ``BoxError/recipientNotAcceptable``.
    package static func seal(value: borrowing SecretBytes, header: BoxHeader) throws(BoxError) -> [UInt8] {
        precondition(value.count == valueByteCount, "a box holds 32 bytes")
        precondition(header.purpose == .enrolment || isNonzeroScalar(value.span), "only a canonical scalar is sealed")
        guard isAcceptable(sealingKey: header.recipient) else {
            throw .recipientNotAcceptable
        }
        let payload = payload(value: value, header: header.encoded)
        return try sealed(payload, to: header.recipient)
    }

    /// Whether boxes may be sealed to this X25519 key: 32 bytes in canonical form, of no small order.
    package static func isAcceptable(sealingKey: [UInt8]) -> Bool {
        guard sealingKey.count == keyByteCount, sealingKey[31] & 0x80 == 0 else {
            return false
        }
        // 2^255 - 19 is ed ff … ff 7f: at or above it are only those with all the bytes between at ff.
        let isBelowPrime =
            sealingKey[31] != 0x7f || sealingKey[1..<31].contains { $0 != 0xff } || sealingKey[0] < 0xed
        guard isBelowPrime else {
            return false
        }
        // What libsodium looks at when it seals: every clamped scalar takes the points of small order to 0, and only these.
        return acceptableKeys.contains(sealingKey) {
            var product = [UInt8](repeating: 0, count: keyByteCount)
            let anyScalar = [UInt8](repeating: 0, count: Int(crypto_scalarmult_SCALARBYTES))
            return unsafe crypto_scalarmult(&product, anyScalar, sealingKey) == 0
        }
    }

    private static let acceptableKeys = PassedChecks<[UInt8]>()

    /// The bytes to be sealed, from a header that tests may have altered.
    static func payload(value: borrowing SecretBytes, header: [UInt8]) -> SecretBytes {
        precondition(header.count == BoxHeader.byteCount)
        let value = value.span
        return SecretBytes(count: payloadByteCount) { bytes in
            bytes.put(header.span)
            bytes.put(value, at: header.count)
        }
    }

    static func sealed(_ payload: borrowing SecretBytes, to recipient: [UInt8]) throws(BoxError) -> [UInt8] {
        var box = [UInt8](repeating: 0, count: payload.count + sealByteCount)
        let status = unsafe payload.span.withUnsafeBufferPointer {
            unsafe crypto_box_seal(&box, $0.baseAddress!, UInt64($0.count), recipient)
        }
        guard status == 0 else {
            throw .recipientNotAcceptable
        }
        return box
    }

    /// Whether 32 little-endian bytes are a scalar of ristretto255 in canonical form and not 0, in constant time.
    static func isNonzeroScalar(_ value: Span<UInt8>) -> Bool {
        // Reducing leaves only a canonical scalar as it was: 64 bytes to reduce, 32 of the result.
        let work = SecretBytes(count: 96) { bytes in
            bytes.put(value)
            unsafe bytes.withUnsafeMutableBufferPointer {
                let start = $0.baseAddress!
                unsafe crypto_core_ristretto255_scalar_reduce(start + 64, start)
            }
        }
        return unsafe work.span.withUnsafeBufferPointer {
            let start = $0.baseAddress!
            let isReduced = unsafe sodium_memcmp(start, start + 64, valueByteCount) == 0
            let isZero = unsafe sodium_is_zero(start, valueByteCount) == 1
            return isReduced && !isZero
        }
    }
}
