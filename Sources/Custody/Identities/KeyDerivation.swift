// SPDX-License-Identifier: Apache-2.0

import CSodium
import Encoding
import SecretMemory

/// How much work a guess at a passphrase is: Argon2id's passes and memory, within bounds that are safe to obey.
package struct DerivationCost: Hashable, Sendable {
    /// How often the memory is gone through: 1 to 16.
    package let passes: Int
    /// The memory in bytes: 64 MiB to 1 GiB, in whole KiB.
    package let memoryByteCount: Int

    /// What new identities get, libsodium's MODERATE: 3 passes over 256 MiB, half a second or so.
    package static let moderate = DerivationCost(uncheckedPasses: 3, memoryByteCount: 256 << 20)
    /// The least that is accepted: 1 pass over 64 MiB.
    package static let minimum = DerivationCost(uncheckedPasses: 1, memoryByteCount: 64 << 20)

    /// Checks the bounds, so that no file makes a reader compute for hours: passes × memory is 4 GiB at most.
    ///
    /// - Throws: ``IdentityError``.
    package init(passes: Int, memoryByteCount: Int) throws(IdentityError) {
        guard (1...16).contains(passes) else {
            throw .passesOutOfRange(passes)
        }
        guard (64 << 20...1 << 30).contains(memoryByteCount) else {
            throw .memoryOutOfRange(byteCount: memoryByteCount)
        }
        guard memoryByteCount % 1024 == 0 else {
            throw .memoryNotWholeKiB(byteCount: memoryByteCount)
        }
        guard passes * memoryByteCount <= 4 << 30 else {
            throw .tooMuchWork(passes: passes, memoryByteCount: memoryByteCount)
        }
        self.init(uncheckedPasses: passes, memoryByteCount: memoryByteCount)
    }

    private init(uncheckedPasses passes: Int, memoryByteCount: Int) {
        self.passes = passes
        self.memoryByteCount = memoryByteCount
    }
}

/// How the key that seals an identity's seed comes about.
package enum KeyDerivation: Hashable, Sendable {
    /// No passphrase: the key is 32 zero bytes, and the file's mode is all that protects it.
    case none
    /// libsodium's `crypto_pwhash` with `argon2id13` and a salt of 16 bytes.
    case argon2id(DerivationCost, salt: [UInt8])

    /// The lengths that a passphrase may have, in bytes, without line end.
    package static let passphraseByteCounts = 1...1024

    /// Derives the key, 32 bytes.
    ///
    /// Argon2's working memory is libsodium's own: neither guarded nor locked, given back to the system afterwards.
    func key(for name: Name, passphrase: borrowing SecretBytes?) throws(IdentityError) -> SecretBytes {
        switch self {
        case .none:
            guard passphrase == nil else {
                throw .passphraseNotUsed(name)
            }
            return SecretBytes(count: Self.keyByteCount) { _ in }
        case .argon2id(let cost, let salt):
            switch passphrase {
            case .some(let passphrase): return try Self.argon2id(passphrase, salt: salt, cost: cost)
            case .none: throw .passphraseNeeded(name)
            }
        }
    }

    private static func argon2id(
        _ passphrase: borrowing SecretBytes,
        salt: [UInt8],
        cost: DerivationCost
    ) throws(IdentityError) -> SecretBytes {
        guard passphraseByteCounts.contains(passphrase.count) else {
            throw .passphraseOutOfRange(byteCount: passphrase.count)
        }
        let text = passphrase.span
        return try SecretBytes(count: keyByteCount) { key throws(IdentityError) in
            let status = unsafe key.withUnsafeMutableBufferPointer { key in
                unsafe text.withUnsafeBytes { text in
                    unsafe crypto_pwhash(
                        key.baseAddress!,
                        UInt64(key.count),
                        text.baseAddress!.assumingMemoryBound(to: CChar.self),
                        UInt64(text.count),
                        salt,
                        UInt64(cost.passes),
                        cost.memoryByteCount,
                        crypto_pwhash_ALG_ARGON2ID13
                    )
                }
            }
            // Bounds were checked: only a lack of memory is left.
            guard status == 0 else {
                throw .notEnoughMemory(byteCount: cost.memoryByteCount)
            }
        }
    }

    static let algorithm = "argon2id13"
    static let saltByteCount = Int(crypto_pwhash_SALTBYTES)
    private static let keyByteCount = 32
}
