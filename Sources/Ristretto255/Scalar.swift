// SPDX-License-Identifier: Apache-2.0

import CSodium
package import SecretMemory

/// An integer modulo the order of the ristretto255 group, held as a secret.
///
/// RFC 9496, Section 4.4: 32 bytes, little-endian, less than 2^252 + 27742317777372353535851937790883648493. A value of
/// this type is always canonical.
package struct Scalar: ~Copyable {
    /// The length of the encoding in bytes.
    package static let byteCount = 32

    /// The canonical encoding, little-endian; secret.
    package let bytes: SecretBytes

    init(_ bytes: consuming SecretBytes) {
        self.bytes = bytes
    }

    /// Decodes the one encoding that RFC 9496 allows for each scalar.
    ///
    /// libsodium accepts y, y + q and a set top bit alike, so the encoding is reduced and compared, in constant time.
    ///
    /// - Throws: ``Ristretto255Error/wrongLength(expected:found:)``, ``Ristretto255Error/scalarNotCanonical``
    package init(canonical encoded: Span<UInt8>) throws(Ristretto255Error) {
        guard encoded.count == Self.byteCount else {
            throw .wrongLength(expected: Self.byteCount, found: encoded.count)
        }
        let wide = SecretBytes(count: crypto_core_ristretto255_nonreducedscalarbytes()) { wide in
            for index in encoded.indices {
                wide[index] = encoded[index]
            }
        }
        let reduced = Scalar(reducing: wide)
        let isCanonical = unsafe encoded.withUnsafeBufferPointer { given in
            unsafe reduced.bytes.span.withUnsafeBufferPointer { reduced in
                unsafe sodium_memcmp(given.baseAddress!, reduced.baseAddress!, Self.byteCount) == 0
            }
        }
        guard isCanonical else {
            throw .scalarNotCanonical
        }
        self = reduced
    }

    /// A uniform scalar, never zero, from libsodium's random generator.
    package static func random() -> Scalar {
        Scalar(
            SecretBytes(count: byteCount) { result in
                unsafe result.withUnsafeMutableBufferPointer {
                    unsafe crypto_core_ristretto255_scalar_random($0.baseAddress!)
                }
            }
        )
    }

    /// reduce(SHA-512(message)), for nonces that are derived from secrets.
    ///
    /// - Parameter message: At least 1 byte.
    package init(hashing message: borrowing SecretBytes) {
        let digest = SecretBytes(count: crypto_hash_sha512_bytes()) { digest in
            unsafe digest.withUnsafeMutableBufferPointer { digest in
                unsafe message.span.withUnsafeBufferPointer { message in
                    // The status is 0 always: a hash cannot fail.
                    _ = unsafe crypto_hash_sha512(digest.baseAddress!, message.baseAddress!, UInt64(message.count))
                }
            }
        }
        self.init(reducing: digest)
    }

    /// - Parameter wide: 64 bytes, little-endian.
    private init(reducing wide: borrowing SecretBytes) {
        self.init(
            SecretBytes(count: Self.byteCount) { result in
                unsafe result.withUnsafeMutableBufferPointer { result in
                    unsafe wide.span.withUnsafeBufferPointer { wide in
                        unsafe crypto_core_ristretto255_scalar_reduce(result.baseAddress!, wide.baseAddress!)
                    }
                }
            }
        )
    }

    /// Whether the scalar is 0, which no share may be; in constant time.
    package var isZero: Bool {
        unsafe bytes.span.withUnsafeBufferPointer { unsafe sodium_is_zero($0.baseAddress!, $0.count) == 1 }
    }

    /// The scalar as a public number: for a response that is meant to be published, and for nothing else.
    package consuming func published() -> PublicScalar {
        var copy: [UInt8] = []
        for index in 0..<Self.byteCount {
            copy.append(bytes.span[index])
        }
        return PublicScalar(unchecked: copy)
    }
}
