// SPDX-License-Identifier: Apache-2.0

import CSodium
package import SecretMemory

/// An identity as it lies in a file: the seed sealed under a passphrase, and what is public of it.
///
/// Canonical JSON with exactly these members: `ciphertext` (base64, 48 bytes: the seed of 32 in XChaCha20-Poly1305 with its
/// tag), `format`, `kdf`, `name`, `nonce` (hex, 24 bytes), `sealingKey` (hex, 32 bytes), `signingKey` (`ssh-ed25519 B64`).
/// `kdf` is {`algorithm`: "argon2id13", `memory`: bytes, `passes`, `salt`: hex, 16 bytes}; without passphrase it is
/// {`algorithm`: "none"}, nothing more, and the key is 32 zero bytes. The associated data is the canonical file without
/// `ciphertext`, so that nothing in it can be exchanged.
package struct IdentityFile: Equatable, Sendable {
    /// Whose identity it is.
    package let name: Name
    /// The X25519 key that others seal boxes to, 32 bytes; not proven before the file is opened.
    package let sealingKey: [UInt8]
    /// The Ed25519 key that others verify signatures with; not proven before the file is opened.
    package let signingKey: SigningKey
    /// How the key comes from the passphrase; bounds are checked.
    package let derivation: KeyDerivation
    let nonce: [UInt8]
    let ciphertext: [UInt8]

    /// Whether anyone who can read the file has the identity.
    package var isWithoutPassphrase: Bool { derivation == .none }

    /// Reads a file and checks all that can be checked without the passphrase; derives nothing.
    ///
    /// - Throws: ``IdentityError/document(_:)``, or the bound that the key derivation breaks.
    package init(canonical bytes: [UInt8]) throws(IdentityError) {
        let work: (passes: Int, memory: Int, salt: [UInt8])?
        do throws(DocumentError) {
            var fields = try Fields(try JSONValue(canonical: bytes))
            try fields.format(expecting: .identity)
            name = try fields.name("name")
            sealingKey = try fields.take("sealingKey", .sealingKey)
            signingKey = try fields.take("signingKey", .signingKey)
            guard case .ed25519 = signingKey else {
                throw .wrongValue(field: "signingKey", expected: "a key of type ssh-ed25519")
            }
            nonce = try fields.take("nonce", .hex(byteCount: Self.nonceByteCount))
            ciphertext = try fields.take("ciphertext", .base64(byteCount: Self.ciphertextByteCount))
            work = try Self.work(try fields.object("kdf"))
            try fields.finish()
        } catch {
            throw .document(error)
        }
        if let work {
            let cost = try DerivationCost(passes: work.passes, memoryByteCount: work.memory)
            derivation = .argon2id(cost, salt: work.salt)
        } else {
            derivation = .none
        }
    }

    /// Seals `seed`, 32 bytes, under `key`, 32 bytes.
    init(
        name: Name,
        sealingKey: [UInt8],
        signingKey: SigningKey,
        derivation: KeyDerivation,
        nonce: [UInt8],
        sealing seed: Span<UInt8>,
        under key: Span<UInt8>
    ) {
        precondition(nonce.count == Self.nonceByteCount, "a nonce has 24 bytes")
        self.name = name
        self.sealingKey = sealingKey
        self.signingKey = signingKey
        self.derivation = derivation
        self.nonce = nonce
        let associated = Self.members(name, sealingKey, signingKey, derivation, nonce).encoded()
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
        self.ciphertext = ciphertext
    }

    /// Opens the identity, derives both keys anew and compares them with the file.
    ///
    /// - Parameter passphrase: The bytes typed, without line end; `nil` for a file without passphrase.
    /// - Returns: The identity, whose keys are those of the file.
    /// - Throws: ``IdentityError/wrongPassphrase(_:)``, which an altered file gives too;
    ///   ``IdentityError/passphraseNeeded(_:)``, ``IdentityError/passphraseNotUsed(_:)``,
    ///   ``IdentityError/passphraseOutOfRange(byteCount:)``, ``IdentityError/keysDoNotMatch(_:)``,
    ///   ``IdentityError/notEnoughMemory(byteCount:)``.
    package func open(passphrase: borrowing SecretBytes?) throws(IdentityError) -> Identity {
        let key = try derivation.key(for: name, passphrase: passphrase)
        let seed = try openSeed(key)
        let identity = Identity(name: name, seed: seed)
        guard identity.sealingKey == sealingKey, identity.signingKey == signingKey else {
            throw .keysDoNotMatch(name)
        }
        return identity
    }

    private func openSeed(_ key: borrowing SecretBytes) throws(IdentityError) -> SecretBytes {
        let associated = associatedMembers.encoded()
        let key = key.span
        return try SecretBytes(count: IdentityKeys.seedByteCount) { seed throws(IdentityError) in
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
                throw .wrongPassphrase(name)
            }
        }
    }

    /// Reads `kdf`, which is taken to pieces whole.
    private static func work(
        _ kdf: consuming Fields
    ) throws(DocumentError) -> (passes: Int, memory: Int, salt: [UInt8])? {
        guard try kdf.word("algorithm", among: ["argon2id13", "none"]) == "argon2id13" else {
            try kdf.finish()
            return nil
        }
        let passes = try kdf.integer("passes")
        let memory = try kdf.integer("memory")
        let salt = try kdf.take("salt", .hex(byteCount: KeyDerivation.saltByteCount))
        try kdf.finish()
        return (passes, memory, salt)
    }

    static let nonceByteCount = Int(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
    private static let ciphertextByteCount = IdentityKeys.seedByteCount + Int(crypto_aead_xchacha20poly1305_ietf_ABYTES)
}
