// SPDX-License-Identifier: Apache-2.0

import CSodium

/// A public integer modulo the group order: an index, a Lagrange coefficient, a challenge, a response.
///
/// 32 bytes, little-endian, always canonical. It is copied and compared like any value, in variable time.
package struct PublicScalar: Hashable, Sendable {
    /// The canonical encoding, little-endian.
    package let bytes: [UInt8]

    /// A number of one machine word, such as the index of a share.
    package init(_ value: UInt64) {
        bytes = (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } + [UInt8](repeating: 0, count: 24)
    }

    /// Decodes the one encoding that RFC 9496 allows for each scalar.
    ///
    /// - Throws: ``Ristretto255Error/wrongLength(expected:found:)``, ``Ristretto255Error/scalarNotCanonical``
    package init(canonical encoded: [UInt8]) throws(Ristretto255Error) {
        guard encoded.count == Scalar.byteCount else {
            throw .wrongLength(expected: Scalar.byteCount, found: encoded.count)
        }
        let reduced = Self.reduce(encoded + [UInt8](repeating: 0, count: 32))
        guard reduced == encoded else {
            throw .scalarNotCanonical
        }
        bytes = encoded
    }

    /// reduce(SHA-512(message)): a challenge made of public values.
    package init(hashing message: [UInt8]) {
        var digest = [UInt8](repeating: 0, count: crypto_hash_sha512_bytes())
        // The status is 0 always: a hash cannot fail.
        _ = unsafe crypto_hash_sha512(&digest, message, UInt64(message.count))
        bytes = Self.reduce(digest)
    }

    init(unchecked bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// 16 random bytes as a number: the weight of one equation among many that are verified together.
    package static func randomWeight() -> PublicScalar {
        var bytes = [UInt8](repeating: 0, count: Scalar.byteCount)
        unsafe randombytes_buf(&bytes, 16)  // below 2^128, so canonical
        return PublicScalar(unchecked: bytes)
    }

    /// The sum modulo the group order.
    package func adding(_ other: PublicScalar) -> PublicScalar {
        var sum = bytes
        unsafe crypto_core_ristretto255_scalar_add(&sum, bytes, other.bytes)
        return PublicScalar(unchecked: sum)
    }

    /// The product modulo the group order.
    package func multiplied(by other: PublicScalar) -> PublicScalar {
        var product = bytes
        unsafe crypto_core_ristretto255_scalar_mul(&product, bytes, other.bytes)
        return PublicScalar(unchecked: product)
    }

    /// The difference modulo the group order.
    package func subtracting(_ other: PublicScalar) -> PublicScalar {
        var difference = bytes
        unsafe crypto_core_ristretto255_scalar_sub(&difference, bytes, other.bytes)
        return PublicScalar(unchecked: difference)
    }

    /// The multiplicative inverse.
    ///
    /// - Throws: ``Ristretto255Error/zeroHasNoInverse``
    package func inverted() throws(Ristretto255Error) -> PublicScalar {
        var inverse = bytes
        guard unsafe crypto_core_ristretto255_scalar_invert(&inverse, bytes) == 0 else {
            throw .zeroHasNoInverse
        }
        return PublicScalar(unchecked: inverse)
    }

    /// - Parameter wide: 64 bytes, little-endian.
    private static func reduce(_ wide: [UInt8]) -> [UInt8] {
        var reduced = [UInt8](repeating: 0, count: Scalar.byteCount)
        unsafe crypto_core_ristretto255_scalar_reduce(&reduced, wide)
        return reduced
    }
}
