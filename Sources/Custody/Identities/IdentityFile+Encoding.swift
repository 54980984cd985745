// SPDX-License-Identifier: Apache-2.0

extension IdentityFile {
    /// The canonical bytes of the file.
    package func encoded() -> [UInt8] {
        guard case .object(var members) = associatedMembers else {
            preconditionFailure("an identity file is an object")
        }
        members["ciphertext"] = .string(Base64.encode(ciphertext))
        return JSONValue.object(members).encoded()
    }

    /// What the ciphertext is bound to: the file without `ciphertext`.
    var associatedMembers: JSONValue {
        Self.members(name, sealingKey, signingKey, derivation, nonce)
    }

    /// The file without `ciphertext`.
    static func members(
        _ name: Name,
        _ sealingKey: [UInt8],
        _ signingKey: SigningKey,
        _ derivation: KeyDerivation,
        _ nonce: [UInt8]
    ) -> JSONValue {
        let kdf: [String: JSONValue]
        switch derivation {
        case .none:
            kdf = ["algorithm": .string("none")]
        case .argon2id(let cost, let salt):
            kdf = [
                "algorithm": .string("argon2id13"),
                "memory": .integer(UInt64(cost.memoryByteCount)),
                "passes": .integer(UInt64(cost.passes)),
                "salt": .string(Hex.encode(salt)),
            ]
        }
        return .object([
            "format": .string(DocumentFormat.identity.format),
            "kdf": .object(kdf),
            "name": .string(name.description),
            "nonce": .string(Hex.encode(nonce)),
            "sealingKey": .string(Hex.encode(sealingKey)),
            "signingKey": .string(signingKey.openSSH),
        ])
    }
}
