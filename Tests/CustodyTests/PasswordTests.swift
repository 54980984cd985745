// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import TestSupport
import Testing

@testable import Custody
@testable import Encoding

@Suite("Passwords")
struct PasswordTests {
    @Test("the archive's password is that of the vector")
    func vector() throws {
        let vector = try Vectors.named("password")
        let scalar = SecretBytes(try #require(Hex.decode(vector["s"] as? String ?? "")))
        let password = ArchivePassword.derive(from: scalar.span)
        #expect(String(decoding: password.revealed, as: UTF8.self) == vector["password"] as? String)
    }

    @Test("thirty lines of Python derive the same passwords")
    func python() throws {
        var random = SeededGenerator(seed: 5)
        let scalars = (0..<100).map { _ in (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) } }
        let program = """
            import base64, hashlib, sys
            for line in sys.stdin:
                digest = hashlib.sha256(b"ca-escrow/v1/password\\0" + bytes.fromhex(line)).digest()
                print(base64.b32encode(digest).decode().lower()[:26])
            """
        let folder = try TemporaryFolder()
        try folder.write(scalars.map { Hex.encode($0) + "\n" }.joined(), to: "scalars")
        let output = try folder.run(["python3", "-c", program], input: "scalars").output
        let ours = scalars.map { bytes in
            let scalar = SecretBytes(bytes)
            return String(decoding: ArchivePassword.derive(from: scalar.span).revealed, as: UTF8.self)
        }
        #expect(String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init) == ours)
    }

    @Test("base32 has the alphabet of RFC 4648 in lower case")
    func alphabet() {
        #expect(String(decoding: (0..<32).map(Base32.character), as: UTF8.self) == "abcdefghijklmnopqrstuvwxyz234567")
    }

    @Test("a generated passphrase is readable, and another every time")
    func generated() {
        let passphrases = (0..<50).map { _ in String(decoding: generatePassphrase().revealed, as: UTF8.self) }
        #expect(passphrases.allSatisfy { $0.wholeMatch(of: /[a-z2-7]{5}(-[a-z2-7]{5}){4}/) != nil })
        #expect(Set(passphrases).count == 50)
    }
}
