// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Custody
@testable import Encoding

@Suite("SSH signatures")
struct SSHSignatureTests {
    static let message = Array("{\n  \"a\": 1\n}\n".utf8)
    static let namespace = "ca-escrow-manifest-v1"

    @Test("ssh-keygen accepts what we sign, for the right message, name, namespace and key")
    func ours() throws {
        let folder = try TemporaryFolder()
        let identity = try Identity.test()
        let signature = identity.sign(Self.message, namespace: Self.namespace)
        let signers = AllowedSigners.line(name: identity.name, key: identity.signingKey, namespaces: [Self.namespace])
        let accepts = { (message: [UInt8], principal: String, namespace: String) in
            let armored = signature.armored
            return try folder.accepts(
                armored,
                over: message,
                signers: signers + "\n",
                principal: principal,
                namespace: namespace
            )
        }
        #expect(try accepts(Self.message, "alice", Self.namespace))
        #expect(try !accepts(Self.message + [10], "alice", Self.namespace))
        #expect(try !accepts(Self.message, "bob", Self.namespace))
        #expect(try !accepts(Self.message, "alice", "ca-escrow-card-v1"))
    }

    @Test("we accept what ssh-keygen signs, byte for byte, whatever the length of its last line")
    func theirs() throws {
        let folder = try TemporaryFolder()
        try folder.makeKey("key")
        let key = try SigningKey(openSSH: try folder.text("key.pub"))
        for length in 1...56 {
            let namespace = String(repeating: "n", count: length)
            let armored = try folder.sign(Self.message, namespace: namespace, key: "key")
            let signature = try SSHSignature(armored: armored)
            try signature.verify(Self.message, namespace: namespace, by: key)
            #expect(signature.armored == armored)
            #expect(try SSHSignature(blob: signature.blob) == signature)
        }
    }

    @Test("another message, namespace or key is refused for its own reason")
    func refused() throws {
        let identity = try Identity.test()
        let other = try Identity.test(seed: 2).signingKey
        let key = identity.signingKey
        let signature = identity.sign(Self.message, namespace: Self.namespace)
        try signature.verify(Self.message, namespace: Self.namespace, by: key)
        #expect(throws: SignatureError.doesNotVerify) { try signature.verify([], namespace: Self.namespace) }
        #expect(throws: SignatureError.wrongNamespace(found: Self.namespace, expected: "x")) {
            try signature.verify(Self.message, namespace: "x")
        }
        #expect(throws: SignatureError.otherKey(found: key.fingerprint, expected: other.fingerprint)) {
            try signature.verify(Self.message, namespace: Self.namespace, by: other)
        }
    }

    @Test("a key of another type or another hash is refused by name")
    func otherKinds() throws {
        let folder = try TemporaryFolder()
        try folder.makeKey("rsa", type: ["rsa", "-b", "2048"])
        try folder.makeKey("key")
        let rsa = try folder.sign(Self.message, namespace: "file", key: "rsa")
        #expect(throws: SignatureError.key(.unsupportedType("ssh-rsa"))) { try SSHSignature(armored: rsa) }
        let short = try folder.sign(Self.message, namespace: "file", key: "key", options: ["-O", "hashalg=sha256"])
        #expect(throws: SignatureError.unsupportedHash("sha256")) { try SSHSignature(armored: short) }
    }

    @Test("every single bit of a signature file counts")
    func bitFlips() throws {
        let armored = try Identity.test().sign(Self.message, namespace: Self.namespace).armored
        for bit in 0..<armored.count * 8 {
            var altered = armored
            altered[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: SignatureError.self, "bit \(bit)") {
                try SSHSignature(armored: altered).verify(Self.message, namespace: Self.namespace)
            }
        }
    }

    @Test("any other armor is refused")
    func armor() throws {
        let armored = try Identity.test().sign(Self.message, namespace: Self.namespace).armored
        let text = String(decoding: armored, as: UTF8.self)
        let lines = text.split(separator: "\n").map(String.init)
        let body = lines[1..<lines.count - 1].joined()
        let others = [
            "", "\n", text + "\n", String(text.dropLast()), "\n" + text, text + text, text + "more\n",
            text.replacing("\n", with: "\r\n"), [lines[0], body, lines[lines.count - 1], ""].joined(separator: "\n"),
            text.replacing("SSH SIGNATURE", with: "SSH  SIGNATURE"), text.replacing("-----BEGIN", with: " -----BEGIN"),
            "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n", "é\né\né\né\n",
        ]
        for other in others {
            #expect(throws: SignatureError.notArmored) { try SSHSignature(armored: Array(other.utf8)) }
        }
    }

    @Test("a field that is cut off, too long or of another kind is named")
    func fields() throws {
        let identity = try Identity.test()
        let blob = identity.sign(Self.message, namespace: Self.namespace).blob
        let head = Array(blob.prefix(10)) + Wire.string(identity.signingKey.blob)
        let inner = Wire.string("ssh-ed25519") + Wire.string([UInt8](repeating: 0, count: 64))
        let tail = Wire.string("sha512") + Wire.string(inner)
        let name = Wire.string(Self.namespace)
        let rows: [([UInt8], SignatureError)] = [
            ([], .malformed(field: "magic")), (Array("SSHSIH".utf8) + blob.dropFirst(6), .malformed(field: "magic")),
            (Array("SSHSIG".utf8) + [0, 0, 0, 2] + blob.dropFirst(10), .unsupportedVersion(2)),
            (Array(blob.prefix(20)), .malformed(field: "public key")), (head, .malformed(field: "namespace")),
            (head + Wire.string("") + Wire.string("") + tail, .malformed(field: "namespace")),
            (head + Wire.string("a b") + Wire.string("") + tail, .malformed(field: "namespace")),
            (head + name, .malformed(field: "reserved")), (head + name + Wire.string("x") + tail, .reservedNotEmpty),
            (head + name + Wire.string(""), .malformed(field: "hash")),
            (head + name + Wire.string("") + Wire.string("sha256") + Wire.string(inner), .unsupportedHash("sha256")),
            (blob + [0], .malformed(field: "signature")), (Array(blob.dropLast()), .malformed(field: "signature")),
            (
                head + name + Wire.string("") + Wire.string("sha512") + Wire.string(inner + [0]),
                .malformed(field: "signature bytes")
            ),
            (
                head + name + Wire.string("") + Wire.string("sha512")
                    + Wire.string(Wire.string("ssh-ed25519") + Wire.string([UInt8](repeating: 0, count: 63))),
                .malformed(field: "signature bytes")
            ),
            (
                head + name + Wire.string("") + Wire.string("sha512") + Wire.string(Wire.string("ssh-rsa")),
                .typesDiffer(signature: "ssh-rsa", key: "ssh-ed25519")
            ),
        ]
        for (blob, reason) in rows {
            #expect(throws: reason) { try SSHSignature(blob: blob) }
        }
    }
}

@Suite("Signatures by tokens")
struct TokenSignatureTests {
    static let message = SSHSignatureTests.message

    @Test("a touched token's signature is accepted here and by ssh-keygen", arguments: [0x01, 0x05] as [UInt8])
    func touched(flags: UInt8) throws {
        let (token, name) = (TestToken(), try Name("olga"))
        let made = token.sign(Self.message, namespace: "file", flags: flags)
        let signature = try SSHSignature(armored: made.armored)
        #expect(signature == made)
        try signature.verify(Self.message, namespace: "file", by: token.key)
        #expect(throws: SignatureError.doesNotVerify) { try signature.verify([], namespace: "file") }
        let signers = AllowedSigners.line(name: name, key: token.key, namespaces: ["file"]) + "\n"
        let isAccepted = try TemporaryFolder().accepts(
            made.armored,
            over: Self.message,
            signers: signers,
            principal: "olga",
            namespace: "file"
        )
        #expect(isAccepted)
    }

    @Test("any other flags are refused", arguments: (0...255 as ClosedRange<UInt8>).filter { $0 != 1 && $0 != 5 })
    func otherFlags(flags: UInt8) {
        let armored = TestToken().sign(Self.message, namespace: "file", flags: flags).armored
        let reason = flags & 1 == 0 ? SignatureError.notTouched(flags: flags) : .unsupportedFlags(flags)
        #expect(throws: reason) { try SSHSignature(armored: armored) }
    }

    @Test("flags and counter are signed")
    func counter() throws {
        let token = TestToken()
        let made = token.sign(Self.message, namespace: "file", flags: 1, counter: 7)
        for state in [(5, 7), (1, 8)] as [(UInt8, UInt32)] {
            let altered = SSHSignature(
                signer: token.key,
                namespace: "file",
                bytes: made.bytes,
                token: .init(flags: state.0, counter: state.1)
            )
            #expect(throws: SignatureError.doesNotVerify) { try altered.verify(Self.message, namespace: "file") }
        }
        #expect(throws: SignatureError.malformed(field: "flags and counter")) {
            let inner = Wire.string(token.key.type) + Wire.string(made.bytes) + [1, 0, 0, 0]
            _ = try SSHSignature(
                blob: Array("SSHSIG".utf8) + Wire.uint32(1) + Wire.string(token.key.blob) + Wire.string("file")
                    + Wire.string("") + Wire.string("sha512") + Wire.string(inner)
            )
        }
    }
}
