// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Custody
@testable import Encoding

@Suite("Signing keys")
struct SigningKeyTests {
    @Test("a key of ssh-keygen is read, written and fingerprinted as ssh-keygen does")
    func agreement() throws {
        let folder = try TemporaryFolder()
        try folder.makeKey("key")
        let text = try folder.text("key.pub")
        let key = try SigningKey(openSSH: text)
        #expect(text == key.openSSH + " a comment\n")
        #expect(try SigningKey(blob: key.blob) == key)
        let listed = String(decoding: try folder.run(["ssh-keygen", "-l", "-f", "key.pub"]).output, as: UTF8.self)
        #expect(listed.split(separator: " ")[1] == key.fingerprint)
    }

    @Test("a token's key is read, written and fingerprinted as ssh-keygen does")
    func token() throws {
        let folder = try TemporaryFolder()
        let key = TestToken().key
        try folder.write(key.openSSH + "\n", to: "key.pub")
        #expect(try SigningKey(openSSH: key.openSSH + " olga's token") == key)
        let listed = String(decoding: try folder.run(["ssh-keygen", "-l", "-f", "key.pub"]).output, as: UTF8.self)
        #expect(listed.split(separator: " ")[1] == key.fingerprint)
    }

    @Test(
        "other types are refused by name",
        arguments: [(["rsa", "-b", "2048"], "ssh-rsa"), (["ecdsa"], "ecdsa-sha2-nistp256")] as [([String], String)]
    )
    func otherTypes(type: [String], name: String) throws {
        let folder = try TemporaryFolder()
        try folder.makeKey("key", type: type)
        let text = try folder.text("key.pub")
        #expect(throws: SigningKeyError.unsupportedType(name)) { try SigningKey(openSSH: text) }
    }

    @Test("a certificate is refused by name")
    func certificate() throws {
        let folder = try TemporaryFolder()
        try folder.makeKey("authority")
        try folder.makeKey("key")
        _ = try folder.run(["ssh-keygen", "-q", "-s", "authority", "-I", "id", "-n", "olga", "key.pub"])
        let text = try folder.text("key-cert.pub")
        let type = "ssh-ed25519-cert-v01@openssh.com"
        #expect(throws: SigningKeyError.unsupportedType(type)) { try SigningKey(openSSH: text) }
        let signature = try folder.sign([1], namespace: "file", key: "key-cert.pub")
        #expect(throws: SignatureError.key(.unsupportedType(type))) { try SSHSignature(armored: signature) }
    }

    @Test("a key that is cut off, too long or no key is refused")
    func malformed() throws {
        let key = try Identity.test().signingKey
        let tokenKey = TestToken().key
        let rows: [([UInt8], SigningKeyError)] = [
            ([], .malformed(field: "type")), (Array(key.blob.dropLast()), .malformed(field: "key")),
            (key.blob + [0], .malformed(field: "end")),
            (Array(tokenKey.blob.dropLast()), .malformed(field: "application")),
            (Array(tokenKey.blob.prefix(68)), .malformed(field: "application")),
            (Wire.string("ssh-ed25519") + Wire.string([UInt8](repeating: 0, count: 31)), .malformed(field: "key")),
            (Wire.string("ssh-ed25519") + Wire.string([UInt8](repeating: 0, count: 32)), .notAPoint),
            (Wire.string("ssh-ed25519") + Wire.string([1] + [UInt8](repeating: 0, count: 31)), .notAPoint),
            ([0xff, 0xff, 0xff, 0xff] + key.blob, .malformed(field: "type")),
        ]
        for (blob, reason) in rows {
            #expect(throws: reason) { try SigningKey(blob: blob) }
        }
    }

    @Test("a line that is none is refused")
    func lines() throws {
        let key = try Identity.test().signingKey
        let base64 = Base64.encode(key.blob)
        let rows: [(String, SigningKeyError)] = [
            ("", .noKey), ("ssh-ed25519", .noKey), ("ssh-ed25519 \(base64)\nssh-ed25519 \(base64)\n", .notOneLine),
            ("ssh-ed25519 \(base64)\r\n", .notOneLine), ("ssh-ed25519 \(base64)=", .notBase64),
            (
                "sk-ssh-ed25519@openssh.com \(base64)",
                .typesDiffer(text: "sk-ssh-ed25519@openssh.com", blob: "ssh-ed25519")
            ),
            ("-----BEGIN OPENSSH PRIVATE KEY-----", .unsupportedType("-----BEGIN")),
        ]
        for (text, reason) in rows {
            #expect(throws: reason) { try SigningKey(openSSH: text) }
        }
    }
}
