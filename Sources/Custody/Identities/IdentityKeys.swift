// SPDX-License-Identifier: Apache-2.0

import CSodium
import SecretMemory

/// An identity's secrets in one piece of guarded memory: the seed and the two secret keys that follow from it.
///
/// subkey(i) = `crypto_kdf_derive_from_key`(32 bytes, id i, context "caescrow", seed). Subkey 1 seeds the X25519 pair that
/// opens boxes, subkey 2 the Ed25519 pair that signs; ids 3 to 15 are kept.
struct IdentityKeys: ~Copyable {
    private let bytes: SecretBytes
    /// X25519, 32 bytes, public.
    let sealingKey: [UInt8]
    /// Ed25519, 32 bytes, public.
    let signingKey: [UInt8]

    /// - Parameter seed: 32 uniform bytes.
    init(seed: borrowing SecretBytes) {
        precondition(seed.count == Self.seedByteCount, "a seed has 32 bytes")
        let seed = seed.span
        var sealingKey = [UInt8](repeating: 0, count: Int(crypto_box_PUBLICKEYBYTES))
        var signingKey = [UInt8](repeating: 0, count: Int(crypto_sign_PUBLICKEYBYTES))
        bytes = SecretBytes(count: Self.scratchRange.upperBound) { bytes in
            bytes.put(seed)
            unsafe bytes.withUnsafeMutableBufferPointer {
                let start = $0.baseAddress!
                let subkey = unsafe start + Self.scratchRange.lowerBound
                Self.check(unsafe crypto_kdf_derive_from_key(subkey, 32, 1, "caescrow", start))
                Self.check(unsafe crypto_box_seed_keypair(&sealingKey, start + Self.sealingRange.lowerBound, subkey))
                Self.check(unsafe crypto_kdf_derive_from_key(subkey, 32, 2, "caescrow", start))
                Self.check(unsafe crypto_sign_seed_keypair(&signingKey, start + Self.signingRange.lowerBound, subkey))
                unsafe sodium_memzero(subkey, Self.scratchRange.count)
            }
        }
        self.sealingKey = sealingKey
        self.signingKey = signingKey
    }

    /// Lends the seed, 32 bytes.
    func withSeed<Result: ~Copyable, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(bytes.span.extracting(0..<Self.seedByteCount))
    }

    /// Lends the secret key that opens boxes, 32 bytes.
    func withSealingSecret<Result: ~Copyable, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(bytes.span.extracting(Self.sealingRange))
    }

    /// Lends the secret key that signs, 64 bytes.
    func withSigningSecret<Result: ~Copyable, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(bytes.span.extracting(Self.signingRange))
    }

    static let seedByteCount = Int(crypto_kdf_KEYBYTES)
    private static let sealingRange = 32..<64
    private static let signingRange = 64..<128
    private static let scratchRange = 128..<160

    /// None of these functions can fail on memory of the right size.
    private static func check(_ status: Int32) {
        precondition(status == 0, "libsodium derives keys from every seed")
    }
}
