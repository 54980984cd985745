// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SecretMemory

/// An identity as it lies in a file: the seed, sealed once for each way to open it, and what is public of it.
///
/// Canonical JSON with exactly these members: `format`, `name`, `sealingKey` (hex, 32 bytes), `signingKey`
/// (`ssh-ed25519 B64`), `unlocks` (1 to 8, see ``Unlock``). Each unlock opens the same seed by itself, so that one can be
/// added or removed without the others. docs/format.md, section 4.4.
package struct IdentityFile: Equatable, Sendable {
    /// Whose identity it is.
    package let name: Name
    /// The X25519 key that others seal boxes to, 32 bytes; not proven before the file is opened.
    package let sealingKey: [UInt8]
    /// The Ed25519 key that others verify signatures with; not proven before the file is opened.
    package let signingKey: SigningKey
    /// The ways to open it; bounds are checked.
    let unlocks: [Unlock]

    /// Whether anyone who can read the file has the identity.
    package var isWithoutPassphrase: Bool { unlocks.contains { $0.method == .derived(.none) } }

    /// The kinds of its unlocks, when this edition knows none of them: nobody can open it here.
    package var unknownKinds: [String]? {
        let unknown = unlocks.compactMap(\.unknownKind)
        return unknown.count == unlocks.count ? unknown : nil
    }

    /// For people: whether a passphrase is needed.
    package var opensWith: String {
        unknownKinds.map { "unknown here: \($0.joined(separator: ", "))" } ?? (isWithoutPassphrase ? "none" : "needed")
    }

    /// How many ways to open it a file has.
    static let unlockCounts = 1...8
}

extension IdentityFile {
    /// Reads a file and checks all that can be checked without the passphrase; derives nothing.
    ///
    /// - Throws: ``IdentityError/document(_:)``, or the bound that a key derivation breaks.
    package init(canonical bytes: [UInt8]) throws(IdentityError) {
        let unlocks: [UncheckedUnlock]
        do throws(DocumentError) {
            var fields = try Fields(try JSONValue(canonical: bytes))
            try fields.format(expecting: .identity)
            name = try fields.take("name", .name)
            sealingKey = try fields.take("sealingKey", .sealingKey)
            signingKey = try fields.take("signingKey", .signingKey)
            guard case .ed25519 = signingKey else {
                throw .wrongValue(field: "signingKey", expected: "a key of type ssh-ed25519")
            }
            unlocks = try fields.list("unlocks") { json, path throws(DocumentError) in
                try UncheckedUnlock(json, at: path)
            }
            try fields.finish()
            guard unlocks.count <= Self.unlockCounts.upperBound else {
                throw .wrongValue(field: "unlocks", expected: "1 to \(Self.unlockCounts.upperBound)")
            }
            // Beside it a passphrase, or a token, would only seem to protect.
            guard unlocks.count == 1 || !unlocks.contains(where: { $0.isNone }) else {
                throw .wrongValue(field: "unlocks", expected: "the kind none alone")
            }
        } catch {
            throw .document(error)
        }
        self.unlocks = try unlocks.map { (unlock) throws(IdentityError) in try unlock.checked() }
    }

    /// This file, with the unlocks of the same identity's older file that this edition does not know behind its own.
    ///
    /// Whoever changes a passphrase keeps what else opens the identity.
    ///
    /// - Throws: ``IdentityError/noneBesideOthers(_:)``
    package func keepingUnknownUnlocks(of older: IdentityFile) throws(IdentityError) -> IdentityFile {
        let kept = older.unlocks.filter { $0.unknownKind != nil }
        guard kept.isEmpty || !isWithoutPassphrase else {
            throw .noneBesideOthers(name)
        }
        let all = Array((unlocks + kept).prefix(Self.unlockCounts.upperBound))
        return IdentityFile(name: name, sealingKey: sealingKey, signingKey: signingKey, unlocks: all)
    }

    /// Opens the identity, derives both keys anew and compares them with the file.
    ///
    /// Every unlock of a kind that is known is tried, in the file's order.
    ///
    /// - Parameter passphrase: The bytes typed, without line end; `nil` for a file without passphrase.
    /// - Returns: The identity, whose keys are those of the file.
    /// - Throws: ``IdentityError/wrongPassphrase(_:)``, which an altered file gives too; ``IdentityError/altered(_:)``;
    ///   ``IdentityError/passphraseNeeded(_:)``, ``IdentityError/passphraseNotUsed(_:)``,
    ///   ``IdentityError/passphraseOutOfRange(byteCount:)``, ``IdentityError/keysDoNotMatch(_:)``,
    ///   ``IdentityError/notEnoughMemory(byteCount:)``, ``IdentityError/unknownUnlocks(_:kinds:)``.
    package func open(passphrase: borrowing SecretBytes?) throws(IdentityError) -> Identity {
        if let unknownKinds {
            throw .unknownUnlocks(name, kinds: unknownKinds)
        }
        for unlock in unlocks {
            guard case .derived(let derivation) = unlock.method else {
                continue
            }
            let key = try derivation.key(for: name, passphrase: passphrase)
            guard let seed = unlock.seed(under: key.span, boundTo: associatedData(of: unlock)) else {
                continue
            }
            let identity = Identity(name: name, seed: seed)
            guard identity.sealingKey == sealingKey, identity.signingKey == signingKey else {
                throw .keysDoNotMatch(name)
            }
            return identity
        }
        throw isWithoutPassphrase ? .altered(name) : .wrongPassphrase(name)
    }
}
