// SPDX-License-Identifier: Apache-2.0

import CSodium
import Encoding
import SecretMemory

/// One way to open an identity: its seed in XChaCha20-Poly1305, under a key that this kind of unlock has.
///
/// An object with `ciphertext` (base64, 48 bytes: the seed of 32 with its tag), `kind`, `nonce` (hex, 24 bytes), and what
/// the kind needs: `passphrase` has `kdf`, {`algorithm`: "argon2id13", `memory`: bytes, `passes`, `salt`: hex, 16 bytes};
/// `none` has nothing more, and its key is 32 zero bytes. The associated data is the canonical file with `unlocks` holding
/// exactly this one, without its `ciphertext`: nothing that is public can be replaced, and other unlocks can.
struct Unlock: Equatable, Sendable {
    let method: Method
    let nonce: [UInt8]
    let ciphertext: [UInt8]

    /// Where the key comes from.
    enum Method: Equatable, Sendable {
        case derived(KeyDerivation)
        /// A kind that a later edition has, with the members that it needs; kept as it is.
        case unknown(kind: String, members: [String: JSONValue])
    }

    /// The kind, when this edition does not know it.
    var unknownKind: String? {
        if case .unknown(let kind, _) = method { kind } else { nil }
    }

    static let passphraseKind = "passphrase"
    static let noneKind = "none"
    static let nonceByteCount = Int(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
    static let ciphertextByteCount = IdentityKeys.seedByteCount + Int(crypto_aead_xchacha20poly1305_ietf_ABYTES)
}

extension Unlock {
    /// Seals `seed`, 32 bytes, under `key`, 32 bytes.
    ///
    /// - Parameter associated: Gives the associated data of this unlock, of which the ciphertext is no part.
    init(
        _ derivation: KeyDerivation,
        nonce: [UInt8],
        sealing seed: Span<UInt8>,
        under key: Span<UInt8>,
        boundTo associated: (Unlock) -> [UInt8]
    ) {
        precondition(nonce.count == Self.nonceByteCount, "a nonce has 24 bytes")
        let associated = associated(Unlock(method: .derived(derivation), nonce: nonce, ciphertext: []))
        var ciphertext = [UInt8](repeating: 0, count: Self.ciphertextByteCount)
        let status = unsafe seed.withUnsafeBufferPointer { seed in
            unsafe key.withUnsafeBufferPointer { key in
                unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
                    &ciphertext,
                    nil,
                    seed.baseAddress!,
                    UInt64(seed.count),
                    associated,
                    UInt64(associated.count),
                    nil,
                    nonce,
                    key.baseAddress!
                )
            }
        }
        precondition(status == 0, "libsodium encrypts every seed")
        self.init(method: .derived(derivation), nonce: nonce, ciphertext: ciphertext)
    }

    /// The seed, or nothing when the key is another, or what it is bound to was altered.
    func seed(under key: Span<UInt8>, boundTo associated: [UInt8]) -> SecretBytes? {
        do throws(Altered) {
            return try SecretBytes(count: IdentityKeys.seedByteCount) { seed throws(Altered) in
                let status = unsafe seed.withUnsafeMutableBufferPointer { seed in
                    unsafe key.withUnsafeBufferPointer { key in
                        unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
                            seed.baseAddress!,
                            nil,
                            nil,
                            ciphertext,
                            UInt64(ciphertext.count),
                            associated,
                            UInt64(associated.count),
                            nonce,
                            key.baseAddress!
                        )
                    }
                }
                guard status == 0 else {
                    throw Altered()
                }
            }
        } catch {
            return nil
        }
    }

    private struct Altered: Error {}
}
