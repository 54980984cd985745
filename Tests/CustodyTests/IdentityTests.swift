// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import Custody
@testable import Encoding

@Suite("Identities")
struct IdentityTests {
    static let salt = [UInt8](repeating: 3, count: 16)
    static let nonce = [UInt8](repeating: 4, count: 24)
    static let passphrase = "correct horse"

    /// Alice's file at the smallest legal cost.
    static func file() throws -> IdentityFile {
        try Identity.test().sealed(
            passphrase: SecretBytes(passphrase),
            derivation: .argon2id(.minimum, salt: salt),
            nonce: nonce
        )
    }

    static func text() throws -> String {
        String(decoding: try file().encoded(), as: UTF8.self)
    }

    private func open(_ text: String, _ passphrase: String? = IdentityTests.passphrase) throws {
        let file = try IdentityFile(canonical: Array(text.utf8))
        if let passphrase {
            _ = try file.open(passphrase: SecretBytes(passphrase))
        } else {
            _ = try file.open(passphrase: nil)
        }
    }

    @Test("a seed gives the keys of the vector")
    func vector() throws {
        let vector = try Vectors.named("identity")
        let seed = try #require(Hex.decode(vector["seed"] as? String ?? ""))
        let identity = Identity(name: try Name("alice"), seed: SecretBytes(seed))
        let (sealingKey, signingKey) = (identity.sealingKey, identity.signingKey)
        #expect(Hex.encode(sealingKey) == vector["sealingKey"] as? String)
        #expect(signingKey == .ed25519(Hex.decode(vector["signingKey"] as? String ?? "") ?? []))
    }

    @Test("a file is written in one form and opens again")
    func roundTrip() throws {
        let file = try Self.file()
        let read = try IdentityFile(canonical: file.encoded())
        #expect(read == file)
        #expect(!read.isWithoutPassphrase)
        let identity = try read.open(passphrase: SecretBytes(Self.passphrase))
        let (name, key) = (identity.name, identity.signingKey)
        #expect(name.description == "alice")
        #expect(key == file.signingKey)
        try identity.sign([1], namespace: "file").verify([1], namespace: "file", by: file.signingKey)
    }

    @Test("a new identity is drawn at random, and its passphrase can be changed")
    func create() throws {
        let name = try Name("bob")
        let new = try Identity(generatingFor: name).sealed(passphrase: SecretBytes("first"), cost: .minimum)
        let other = try Identity(generatingFor: name).sealed(passphrase: nil)
        let (key, otherKey) = (new.signingKey, other.signingKey)
        #expect(key != otherKey)
        let opened = try new.open(passphrase: SecretBytes("first"))
        let changed = try opened.sealed(passphrase: SecretBytes("second"), cost: .minimum)
        #expect(changed.signingKey == key && changed.encoded() != new.encoded())
        #expect(throws: IdentityError.wrongPassphrase(name)) { _ = try changed.open(passphrase: SecretBytes("first")) }
        let again = try changed.open(passphrase: SecretBytes("second")).signingKey
        #expect(again == key)
    }

    @Test("a passphrase that is wrong, missing, superfluous or too long is told")
    func passphrases() throws {
        let name = try Name("alice")
        let text = try Self.text()
        #expect(throws: IdentityError.wrongPassphrase(name)) { try open(text, "correct horse ") }
        #expect(throws: IdentityError.passphraseNeeded(name)) { try open(text, nil) }
        let long = String(repeating: "x", count: 1025)
        #expect(throws: IdentityError.passphraseOutOfRange(byteCount: 1025)) { try open(text, long) }
        let bare = try Identity.test().sealed(passphrase: nil)
        #expect(bare.isWithoutPassphrase)
        let bareText = String(decoding: bare.encoded(), as: UTF8.self)
        #expect(bareText.contains("\",\n      \"kind\": \"none\",\n      \"nonce\": \""))
        try open(bareText, nil)
        #expect(throws: IdentityError.passphraseNotUsed(name)) { try open(bareText, "x") }
    }

    @Test(
        "a hostile cost is refused before anything is derived",
        arguments: [
            (4_294_967_295, 67_108_864, .passesOutOfRange(4_294_967_295)), (0, 67_108_864, .passesOutOfRange(0)),
            (17, 67_108_864, .passesOutOfRange(17)), (1, 1 << 40, .memoryOutOfRange(byteCount: 1 << 40)),
            (1, 67_107_840, .memoryOutOfRange(byteCount: 67_107_840)),
            (1, 1_073_742_848, .memoryOutOfRange(byteCount: 1_073_742_848)),
            (1, 67_108_865, .memoryNotWholeKiB(byteCount: 67_108_865)),
            (5, 1 << 30, .tooMuchWork(passes: 5, memoryByteCount: 1 << 30)),
            (16, (256 << 20) + 1024, .tooMuchWork(passes: 16, memoryByteCount: (256 << 20) + 1024)),
        ] as [(Int, Int, IdentityError)]
    )
    func hostileCost(passes: Int, memory: Int, reason: IdentityError) throws {
        let text = try Self.text()
            .replacing("\"passes\": 1", with: "\"passes\": \(passes)")
            .replacing("\"memory\": 67108864", with: "\"memory\": \(memory)")
        #expect(throws: reason) { try open(text) }
    }

    @Test("a cost at the bounds is taken")
    func bounds() throws {
        for (passes, memory) in [(1, 64 << 20), (16, 256 << 20), (4, 1 << 30)] {
            #expect(try DerivationCost(passes: passes, memoryByteCount: memory).passes == passes)
        }
        #expect(DerivationCost.moderate == (try DerivationCost(passes: 3, memoryByteCount: 268_435_456)))
    }

    @Test("every member is bound to the seed: an altered one does not open")
    func alteredMembers() throws {
        let text = try Self.text()
        let (own, other) = (try Self.file(), try Identity.test(seed: 2).sealed(passphrase: nil))
        let sealed = own.unlocks[0].ciphertext
        let replacements = [
            ("\"alice\"", "\"alicf\""), ("\"passes\": 1", "\"passes\": 2"), ("67108864", "67109888"),
            (Hex.encode(Self.salt), Hex.encode([2] + Self.salt.dropFirst())),
            (Hex.encode(Self.nonce), Hex.encode([5] + Self.nonce.dropFirst())),
            (Hex.encode(own.sealingKey), Hex.encode(other.sealingKey)),
            (own.signingKey.openSSH, other.signingKey.openSSH),
            (Base64.encode(sealed), Base64.encode([sealed[0] ^ 1] + sealed.dropFirst())),
        ]
        for (old, new) in replacements {
            let altered = text.replacing(old, with: new)
            #expect(altered != text)
            let name = try Name(altered.contains("alicf") ? "alicf" : "alice")
            #expect(throws: IdentityError.wrongPassphrase(name), "\(new)") { try open(altered) }
        }
    }

    @Test("a file without passphrase that was altered is said to be, and not that a passphrase is wrong")
    func alteredWithoutPassphrase() throws {
        let text = String(decoding: try Identity.test().sealed(passphrase: nil).encoded(), as: UTF8.self)
        let altered = text.replacing("\"alice\"", with: "\"alicf\"")
        let name = try Name("alicf")
        #expect(
            altered != text
                && "\(IdentityError.altered(name))" == "identity of alicf: the file was altered: it opens no more"
        )
        #expect(throws: IdentityError.altered(name)) { try open(altered, nil) }
    }

    @Test("a file whose maker put other keys in is refused")
    func swappedKeys() throws {
        let identity = try Identity.test()
        let other = try Identity.test("mallory", seed: 2)
        let zero = [UInt8](repeating: 0, count: 32)
        let pairs = [(other.sealingKey, identity.signingKey), (identity.sealingKey, other.signingKey)]
        for (sealingKey, signingKey) in pairs {
            let name = identity.name
            let keys = IdentityFile(name: name, sealingKey: sealingKey, signingKey: signingKey, unlocks: [])
            let unlock = identity.keys.withSeed { seed in
                Unlock(.none, nonce: Self.nonce, sealing: seed, under: zero.span, boundTo: keys.associatedData(of:))
            }
            let file = IdentityFile(name: name, sealingKey: sealingKey, signingKey: signingKey, unlocks: [unlock])
            #expect(throws: IdentityError.keysDoNotMatch(name)) { _ = try file.open(passphrase: nil) }
        }
    }

    @Test("a member that is missing, added or of another form is named")
    func members() throws {
        let text = try Self.text()
        let token = TestToken().key.openSSH
        let (kdf, word) = ("unlocks[0].kdf", "lower-case letters, digits and '-'")
        let rows: [(String, String, DocumentError)] = [
            ("\"argon2id13\"", "\"argon2i\"", .wrongValue(field: "\(kdf).algorithm", expected: "argon2id13")),
            ("\"passphrase\"", "\"none\"", .unknown(field: "unlocks[0].kdf")),
            ("\"passphrase\"", "\"Token\"", .wrongValue(field: "unlocks[0].kind", expected: word)),
            ("\"kind\"", "\"kine\"", .missing(field: "unlocks[0].kind")),
            ("\"salt\"", "\"sall\"", .missing(field: "\(kdf).salt")),
            ("        \"passes\": 1,\n", "", .missing(field: "\(kdf).passes")),
            ("\"passes\": 1,", "\"passes\": 1,\n        \"q\": 1,", .unknown(field: "\(kdf).q")),
            ("\"passes\": 1", "\"passes\": \"1\"", .wrongType(field: "\(kdf).passes", expected: "an integer")),
            (
                "ca-escrow/v1/identity", "ca-escrow/v2/identity",
                .wrongFormat(found: "ca-escrow/v2/identity", expected: "ca-escrow/v1/identity")
            ),
            (
                try Self.file().signingKey.openSSH, token,
                .wrongValue(field: "signingKey", expected: "a key of type ssh-ed25519")
            ),
            ("\"name\": \"alice\"", "\"name\": \"of\"", .wrongName(field: "name", .reserved("of"))),
            ("{\n  \"form", "{ \n  \"form", .notCanonical(line: 1)),
        ]
        for (old, new, reason) in rows {
            #expect(throws: IdentityError.document(reason)) { try open(text.replacing(old, with: new)) }
        }
    }
}

@Suite("Ways to open an identity")
struct UnlockTests {
    /// Alice's file with unlocks put in front of or behind her own.
    private func file(_ before: [JSONValue], _ after: [JSONValue] = [], of own: IdentityFile) throws -> IdentityFile {
        guard case .object(var members) = try JSONValue(canonical: own.encoded()),
            case .array(let unlocks)? = members["unlocks"]
        else {
            throw DocumentError.missing(field: "unlocks")
        }
        members["unlocks"] = .array(before + unlocks + after)
        return try IdentityFile(canonical: JSONValue.object(members).encoded())
    }

    /// What a later edition may write.
    private static let token: JSONValue = .object([
        "ciphertext": .string(Base64.encode([UInt8](repeating: 7, count: 48))), "credential": .string("of a token"),
        "kind": .string("fido2"), "nonce": .string(String(repeating: "07", count: 24)),
    ])

    private static func unlocks(of file: IdentityFile) throws -> [JSONValue] {
        guard case .object(let members) = try JSONValue(canonical: file.encoded()),
            case .array(let unlocks)? = members["unlocks"]
        else {
            throw DocumentError.missing(field: "unlocks")
        }
        return unlocks
    }

    @Test("a kind that is not known is passed over, and kept as it is")
    func unknownKind() throws {
        for (before, after) in [([Self.token], []), ([], [Self.token])] {
            let file = try file(before, after, of: IdentityTests.file())
            #expect(!file.isWithoutPassphrase && file.unknownKinds == nil && file.opensWith == "needed")
            #expect(try Self.unlocks(of: file).contains(Self.token))
            let key = try file.open(passphrase: SecretBytes(IdentityTests.passphrase)).signingKey
            #expect(key == file.signingKey)
        }
    }

    @Test("where no kind is known, that is what is said")
    func onlyUnknown() throws {
        var text = try IdentityTests.text()
        text = text.replacing("\"kind\": \"passphrase\"", with: "\"kind\": \"tpm2\"")
        let file = try IdentityFile(canonical: Array(text.utf8))
        #expect(file.unknownKinds == ["tpm2"] && file.opensWith == "unknown here: tpm2")
        let name = file.name
        #expect(throws: IdentityError.unknownUnlocks(name, kinds: ["tpm2"])) { _ = try file.open(passphrase: nil) }
    }

    @Test("each of several passphrases opens it, and each is bound to itself alone")
    func several() throws {
        let identity = try Identity.test()
        let (first, second) = (
            try identity.sealed(passphrase: SecretBytes("first"), cost: .minimum),
            try identity.sealed(passphrase: SecretBytes("second"), cost: .minimum)
        )
        let both = try file([], Self.unlocks(of: second), of: first)
        for passphrase in ["first", "second"] {
            let key = try both.open(passphrase: SecretBytes(passphrase)).signingKey
            #expect(key == both.signingKey)
        }
        let name = both.name
        #expect(throws: IdentityError.wrongPassphrase(name)) { _ = try both.open(passphrase: SecretBytes("third")) }
        let alone = try JSONValue(canonical: second.encoded())
        #expect(try IdentityFile(canonical: alone.encoded()) == second)
    }

    @Test("a file that anybody opens has no other unlock, and no file has more than eight")
    func bounds() throws {
        let bare = try Identity.test().sealed(passphrase: nil)
        let alone = IdentityError.document(.wrongValue(field: "unlocks", expected: "the kind none alone"))
        #expect(throws: alone) { _ = try file([], [Self.token], of: bare) }
        let eight = try file([], Array(repeating: Self.token, count: 7), of: IdentityTests.file())
        #expect(try Self.unlocks(of: eight).count == 8)
        let tooMany = IdentityError.document(.wrongValue(field: "unlocks", expected: "1 to 8"))
        #expect(throws: tooMany) {
            _ = try file([], Array(repeating: Self.token, count: 8), of: IdentityTests.file())
        }
    }

    @Test("another passphrase takes the place of the old one, and of nothing else")
    func changed() throws {
        let old = try file([Self.token], [], of: IdentityTests.file())
        let identity = try old.open(passphrase: SecretBytes(IdentityTests.passphrase))
        let new = try identity.sealed(passphrase: SecretBytes("second"), cost: .minimum)
        let kept = try new.keepingUnknownUnlocks(of: old)
        #expect(try Self.unlocks(of: kept) == Self.unlocks(of: new) + [Self.token])
        let name = old.name
        #expect(throws: IdentityError.wrongPassphrase(name)) {
            _ = try kept.open(passphrase: SecretBytes(IdentityTests.passphrase))
        }
        let bare = try identity.sealed(passphrase: nil)
        #expect(throws: IdentityError.noneBesideOthers(name)) { _ = try bare.keepingUnknownUnlocks(of: old) }
    }
}
