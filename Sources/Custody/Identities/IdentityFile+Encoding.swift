// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files

extension IdentityFile {
    /// The canonical bytes of the file.
    package func encoded() -> [UInt8] {
        document(unlocks.map(\.members)).encoded()
    }

    /// What an unlock's ciphertext is bound to.
    func associatedData(of unlock: Unlock) -> [UInt8] {
        document([unlock.publicMembers]).encoded()
    }

    private func document(_ unlocks: [[String: JSONValue]]) -> JSONValue {
        .object([
            "format": .string(DocumentFormat.identity.format),
            "name": .string(name.description),
            "sealingKey": .string(Hex.encode(sealingKey)),
            "signingKey": .string(signingKey.openSSH),
            "unlocks": .array(unlocks.map(JSONValue.object)),
        ])
    }
}

extension Unlock {
    fileprivate var members: [String: JSONValue] {
        publicMembers.merging(["ciphertext": .string(Base64.encode(ciphertext))]) { $1 }
    }

    /// All but the ciphertext.
    fileprivate var publicMembers: [String: JSONValue] {
        var members: [String: JSONValue]
        switch method {
        case .derived(.none):
            members = ["kind": .string(Self.noneKind)]
        case .derived(.argon2id(let cost, let salt)):
            let kdf: [String: JSONValue] = [
                "algorithm": .string(KeyDerivation.algorithm),
                "memory": .integer(UInt64(cost.memoryByteCount)),
                "passes": .integer(UInt64(cost.passes)),
                "salt": .string(Hex.encode(salt)),
            ]
            members = ["kdf": .object(kdf), "kind": .string(Self.passphraseKind)]
        case .unknown(let kind, let others):
            members = others
            members["kind"] = .string(kind)
        }
        members["nonce"] = .string(Hex.encode(nonce))
        return members
    }
}

/// An unlock whose members have their forms, and whose key derivation is not yet within bounds.
struct UncheckedUnlock {
    let kind: String
    private let nonce: [UInt8]
    private let ciphertext: [UInt8]
    private let work: (passes: Int, memory: Int, salt: [UInt8])?
    private let others: [String: JSONValue]

    /// Whether it opens without anything.
    var isNone: Bool { kind.isEqual(bytesOf: Unlock.noneKind) }

    init(_ json: JSONValue, at path: String) throws(DocumentError) {
        var fields = try Fields(json, at: path)
        kind = try fields.take("kind", .string)
        nonce = try fields.take("nonce", .hex(byteCount: Unlock.nonceByteCount))
        ciphertext = try fields.take("ciphertext", .base64(byteCount: Unlock.ciphertextByteCount))
        work = kind.isEqual(bytesOf: Unlock.passphraseKind) ? try Self.work(try fields.object("kdf")) : nil
        others = work == nil && !kind.isEqual(bytesOf: Unlock.noneKind) ? fields.takeRest() : [:]
        try fields.finish()
        guard DocumentFormat.isWord(kind) else {
            throw .wrongValue(field: "\(path).kind", expected: "lower-case letters, digits and '-'")
        }
    }

    /// - Throws: The bound that its key derivation breaks.
    func checked() throws(IdentityError) -> Unlock {
        let method: Unlock.Method
        if let work {
            let cost = try DerivationCost(passes: work.passes, memoryByteCount: work.memory)
            method = .derived(.argon2id(cost, salt: work.salt))
        } else if isNone {
            method = .derived(.none)
        } else {
            method = .unknown(kind: kind, members: others)
        }
        return Unlock(method: method, nonce: nonce, ciphertext: ciphertext)
    }

    /// Reads `kdf`, which is taken to pieces whole.
    private static func work(
        _ kdf: consuming Fields
    ) throws(DocumentError) -> (passes: Int, memory: Int, salt: [UInt8]) {
        _ = try kdf.take("algorithm", .word(among: [KeyDerivation.algorithm]))
        let passes = try kdf.take("passes", .integer())
        let memory = try kdf.take("memory", .integer())
        let salt = try kdf.take("salt", .hex(byteCount: KeyDerivation.saltByteCount))
        try kdf.finish()
        return (passes, memory, salt)
    }
}
