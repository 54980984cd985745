// SPDX-License-Identifier: Apache-2.0

import CSodium
package import SecretMemory

/// The password of a PKCS#12 file, which follows from the shared secret.
package enum ArchivePassword {
    /// How many ASCII characters it has: 130 bits, and few enough for every import dialog.
    package static let byteCount = 26

    /// The first 26 characters of lower-case base32 of SHA-256("ca-escrow/v1/password" ‖ 00 ‖ s).
    ///
    /// Everything between lies in guarded memory, and no table is looked up by secret bits.
    ///
    /// - Parameter scalar: The secret s: 32 bytes, little-endian, canonical.
    /// - Returns: 26 bytes of ASCII, without a terminating zero.
    package static func derive(from scalar: Span<UInt8>) -> SecretBytes {
        precondition(scalar.count == 32, "the secret is a scalar of 32 bytes")
        let digest = digest(of: scalar)
        let bits = digest.span
        return SecretBytes(count: byteCount) { password in
            for position in 0..<byteCount {
                let (byte, shift) = (position * 5 / 8, position * 5 % 8)
                // Five bits, which may reach into the next byte.
                let pair = UInt16(bits[byte]) << 8 | UInt16(bits[byte + 1])
                password[position] = Base32.character(UInt8(truncatingIfNeeded: pair >> (11 - shift)) & 31)
            }
        }
    }

    private static func digest(of scalar: Span<UInt8>) -> SecretBytes {
        let domain = Array("ca-escrow/v1/password".utf8) + [0]
        let input = SecretBytes(count: domain.count + scalar.count) { bytes in
            bytes.put(domain.span)
            bytes.put(scalar, at: domain.count)
        }
        let text = input.span
        return SecretBytes(count: 32) { digest in
            let status = unsafe digest.withUnsafeMutableBufferPointer { digest in
                unsafe text.withUnsafeBufferPointer { text in
                    unsafe crypto_hash_sha256(digest.baseAddress!, text.baseAddress!, UInt64(text.count))
                }
            }
            precondition(status == 0, "libsodium hashes every text")
        }
    }
}
