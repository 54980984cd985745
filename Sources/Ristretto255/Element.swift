// SPDX-License-Identifier: Apache-2.0

import CSodium
import SecretMemory

/// An element of the ristretto255 group: public, so it is copied and compared like any value.
package struct Element: Hashable, Sendable {
    /// The length of the encoding in bytes.
    package static let byteCount = 32

    /// The encoding of RFC 9496, Section 4.3.2: 32 bytes.
    package let bytes: [UInt8]

    /// The neutral element, O: encoded as 32 zero bytes, and valid as an encoding.
    package static let identity = Element(unchecked: [UInt8](repeating: 0, count: byteCount))

    /// The generator, G.
    package static let generator = Element(generatorTimes: PublicScalar(1))

    /// Decodes the one encoding that RFC 9496, Section 4.3.1 allows for each element; the identity is one.
    ///
    /// - Throws: ``Ristretto255Error/wrongLength(expected:found:)``, ``Ristretto255Error/elementNotCanonical``
    package init(canonical encoded: [UInt8]) throws(Ristretto255Error) {
        guard encoded.count == Self.byteCount else {
            throw .wrongLength(expected: Self.byteCount, found: encoded.count)
        }
        guard unsafe crypto_core_ristretto255_is_valid_point(encoded) == 1 else {
            throw .elementNotCanonical
        }
        bytes = encoded
    }

    /// The generator times a secret scalar, in constant time.
    package init(generatorTimes scalar: borrowing Scalar) {
        var product = Self.identity.bytes
        // -1 means that the product is the identity, which libsodium has then already written.
        _ = unsafe scalar.bytes.span.withUnsafeBufferPointer {
            unsafe crypto_scalarmult_ristretto255_base(&product, $0.baseAddress!)
        }
        bytes = product
    }

    /// The generator times a public scalar.
    package init(generatorTimes scalar: PublicScalar) {
        var product = Self.identity.bytes
        // -1 means that the product is the identity, which libsodium has then already written.
        _ = unsafe crypto_scalarmult_ristretto255_base(&product, scalar.bytes)
        bytes = product
    }

    private init(unchecked bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether this is O.
    package var isIdentity: Bool { self == Self.identity }

    /// The sum of two elements.
    package func adding(_ other: Element) -> Element {
        var sum = Self.identity.bytes
        let status = unsafe crypto_core_ristretto255_add(&sum, bytes, other.bytes)
        precondition(status == 0, "an Element always holds a canonical encoding")
        return Element(unchecked: sum)
    }

    /// The difference of two elements.
    package func subtracting(_ other: Element) -> Element {
        var difference = Self.identity.bytes
        let status = unsafe crypto_core_ristretto255_sub(&difference, bytes, other.bytes)
        precondition(status == 0, "an Element always holds a canonical encoding")
        return Element(unchecked: difference)
    }

    /// This element times a public scalar.
    package func multiplied(by scalar: PublicScalar) -> Element {
        var product = Self.identity.bytes
        // -1 can only mean that the product is the identity, already written: `bytes` is a valid encoding.
        _ = unsafe crypto_scalarmult_ristretto255(&product, scalar.bytes, bytes)
        return Element(unchecked: product)
    }
}
