// SPDX-License-Identifier: Apache-2.0

import CSodium
package import Encoding
package import SecretMemory

/// A person's opened identity: it signs, and opens boxes sealed to it, until it is let go.
package struct Identity: ~Copyable {
    /// Whose it is.
    package let name: Name
    /// The X25519 key that others seal boxes to, 32 bytes.
    package let sealingKey: [UInt8]
    /// The Ed25519 key that others verify signatures with.
    package let signingKey: SigningKey
    let keys: IdentityKeys

    /// Draws a new identity at random.
    package init(generatingFor name: Name) {
        self.init(name: name, seed: SecretBytes.random(count: IdentityKeys.seedByteCount))
    }

    /// Takes the 32 bytes of a seed that was drawn at random.
    init(name: Name, seed: consuming SecretBytes) {
        let keys = IdentityKeys(seed: seed)
        self.name = name
        sealingKey = keys.sealingKey
        signingKey = .ed25519(keys.signingKey)
        self.keys = keys
    }

    /// Signs `message` for `namespace`, as `ssh-keygen -Y sign` does: the same every time.
    package func sign(_ message: [UInt8], namespace: String) -> SSHSignature {
        let data = SSHSignature.dataToSign(message, namespace: namespace)
        var signature = [UInt8](repeating: 0, count: Int(crypto_sign_BYTES))
        let status = keys.withSigningSecret { secret in
            unsafe secret.withUnsafeBufferPointer {
                unsafe crypto_sign_detached(&signature, nil, data, UInt64(data.count), $0.baseAddress!)
            }
        }
        precondition(status == 0, "libsodium signs every message")
        return SSHSignature(signer: signingKey, namespace: namespace, bytes: signature, token: nil)
    }

    /// Seals the seed under a passphrase: for a new identity, and to change the passphrase of an old one.
    ///
    /// - Parameters:
    ///   - passphrase: The bytes typed, without line end, 1 to 1,024, never normalised; `nil` for none at all.
    ///   - cost: How much work each guess shall be.
    /// - Returns: The file, under a fresh salt and nonce.
    /// - Throws: ``IdentityError/passphraseOutOfRange(byteCount:)``, ``IdentityError/notEnoughMemory(byteCount:)``.
    package func sealed(
        passphrase: borrowing SecretBytes?,
        cost: DerivationCost = .moderate
    ) throws(IdentityError) -> IdentityFile {
        let salt = Self.randomBytes(KeyDerivation.saltByteCount)
        let nonce = Self.randomBytes(Unlock.nonceByteCount)
        let derivation: KeyDerivation = passphrase == nil ? .none : .argon2id(cost, salt: salt)
        return try sealed(passphrase: passphrase, derivation: derivation, nonce: nonce)
    }

    /// Takes salt and nonce from outside, which test vectors need.
    func sealed(
        passphrase: borrowing SecretBytes?,
        derivation: KeyDerivation,
        nonce: [UInt8]
    ) throws(IdentityError) -> IdentityFile {
        let secret = try derivation.key(for: name, passphrase: passphrase)
        let key = secret.span
        let keyless = IdentityFile(name: name, sealingKey: sealingKey, signingKey: signingKey, unlocks: [])
        let unlock = keys.withSeed { seed in
            Unlock(derivation, nonce: nonce, sealing: seed, under: key, boundTo: keyless.associatedData(of:))
        }
        return IdentityFile(name: name, sealingKey: sealingKey, signingKey: signingKey, unlocks: [unlock])
    }

    /// Public random bytes.
    private static func randomBytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe randombytes_buf(&bytes, count)
        return bytes
    }
}
