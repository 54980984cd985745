// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import SecretMemory
import Testing

/// Files that are damaged, or made to hurt.
@Suite struct PKCS12HostileTests {
    let folder: TemporaryFolder
    /// By openssl: an encrypted safe with the certificate, a plain one with the shrouded key, a MAC; 2,048 iterations
    /// each.
    let file: [UInt8]
    let tree: DER
    static let count = DER.integer([0x08, 0x00])

    init() throws {
        try OpenSSL.start()
        folder = try PKCS12ReaderTests.folder()
        try folder.sh(PKCS12ReaderTests.export)
        file = try folder.read("x.p12")
        tree = try #require(DER(file))
        try #require(tree.bytes == file)
    }

    /// The error of a file, with OpenSSL's words left out.
    private func failure(_ file: [UInt8], _ password: String = "secret") -> PKCS12Error? {
        do {
            _ = try PKCS12ReaderTests.read(file, password)
            return nil
        } catch {
            return error as? PKCS12Error
        }
    }

    private func isMalformed(_ error: PKCS12Error?) -> Bool {
        if case .malformed = error { true } else { false }
    }

    @Test("a file that was cut short is refused, wherever")
    func truncated() {
        for part in 0..<50 {
            let error = failure(Array(file.prefix(file.count * part / 50)))
            #expect(isMalformed(error), "\(part)/50: \(String(describing: error))")
        }
    }

    @Test("what follows the end is refused, but for the zeros that Windows' certificate stores end in")
    func trailing() {
        #expect(failure(file + [0, 0, 1]) == .trailingData)
        #expect(failure(file + [UInt8](repeating: 0, count: 8)) == nil)
        #expect(failure(file + file) == .trailingData)
    }

    @Test("garbage, certificates and keys are refused")
    func garbage() throws {
        for other in [
            [], [0], Array(repeating: 0x30, count: 1000), try Sample.p256.der, try Sample.p256.certificate.der,
        ] {
            #expect(isMalformed(failure(other)))
        }
        #expect(
            failure([UInt8](repeating: 0, count: (16 << 20) + 1))
                == .tooLarge(byteCount: (16 << 20) + 1, limit: 16 << 20)
        )
    }

    @Test("a wrong password and a changed order are refused")
    func wrongPassword() {
        #expect(failure(file, "Secret") == .wrongPassword)
        let swapped = tree.mapped { value in
            guard case .node(let tag, let safes) = value, tag == 0x30, safes.count == 2,
                safes.allSatisfy({
                    if case .node(0x30, let parts) = $0 { parts.first == Self.isSafe(parts) } else { false }
                })
            else {
                return nil
            }
            return .node(tag: tag, safes.reversed())
        }
        #expect(swapped != tree)
        #expect(failure(swapped.bytes) == .wrongPassword)
    }

    /// The type of a ContentInfo, if it is one that stands among safes.
    private static func isSafe(_ parts: [DER]) -> DER? {
        let types: [UInt8] = [0x01, 0x06]
        return types.map { .oid([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, $0]) }.first { $0 == parts.first }
    }

    @Test("no flipped bit makes another key of it, and none crashes")
    func flips() throws {
        for index in stride(from: 0, to: file.count, by: 5) {
            var changed = file
            changed[index] ^= 1 << UInt8(index % 8)
            if let material = try? PKCS12ReaderTests.read(changed) {
                #expect(try keys(of: material.generations) == [Sample.p384.der])
            }
        }
    }

    @Test(
        "iteration counts are bounded before anything is derived",
        arguments: [
            (0, "safe"), (1, "key"), (2, "MAC"),
        ]
    )
    func iterations(occurrence: Int, part: String) {
        for (bytes, found) in [
            ([0x7F, 0xFF, 0xFF, 0xFF], 2_147_483_647), ([0x09, 0x27, 0xC1], 600_001), ([0x00], 0), ([0xFF], -1),
            ([0x7F] + [UInt8](repeating: 0xFF, count: 9), Int.max),
        ] as [([UInt8], Int)] {
            let hostile = tree.replacing(Self.count, at: occurrence, with: .integer(bytes)).bytes
            let expected = PKCS12Error.iterationCountOutOfRange(part: part, found: found, limit: 600_000)
            #expect(failure(hostile) == expected)
            #expect(throws: expected) { try PKCS12Reader.facts(hostile) }
        }
    }

    @Test("PBMAC1 is recognised, not taken for a wrong password")
    func pbmac1() {
        let sha256 = DER.oid([0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01])
        let pbmac1 = DER.oid([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05, 0x0E])
        #expect(failure(tree.replacing(sha256, at: 0, with: pbmac1).bytes) == .pbmac1)
        let unknown = DER.oid([0x2A, 0x03, 0x04])
        #expect(failure(tree.replacing(sha256, at: 0, with: unknown).bytes) == .unsupportedAlgorithm("1.2.3.4"))
    }

    @Test("a key under scrypt is read, and refused by its numbers when they are too large")
    func scrypt() throws {
        try folder.sh(
            """
            openssl pkcs8 -topk8 -scrypt -in k.pem -passout pass:secret -outform DER -out s.der
            openssl pkcs12 -export -inkey k.pem -in c.pem -nomac -passout pass:secret -out nomac.p12
            """
        )
        let scrypt = try #require(DER(try folder.read("s.der")))
        let pbes2 = DER.oid([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05, 0x0D])
        let file = try #require(DER(try folder.read("nomac.p12"))).mapped { value in
            guard case .node(0x30, let children) = value, case .node(0x30, let algorithm)? = children.first,
                algorithm.first == pbes2
            else {
                return nil
            }
            return scrypt
        }
        #expect(try PKCS12Reader.facts(file.bytes).kdf == "scrypt")
        #expect(try keys(of: PKCS12ReaderTests.read(file.bytes).generations) == [Sample.p384.der])
        // N is 2¹⁴ as openssl writes it, r is 8.
        let costly = file.replacing(.integer([0x40, 0x00]), at: 0, with: .integer([0x10, 0x00, 0x00]))
        #expect(failure(costly.bytes) == .scryptTooCostly(n: 1 << 20, r: 8, p: 1))
        let huge = file.replacing(.integer([0x40, 0x00]), at: 0, with: .integer([1] + [UInt8](repeating: 0, count: 9)))
        #expect(failure(huge.bytes) == .scryptTooCostly(n: .max, r: 8, p: 1))
    }

    @Test("too many safes, and safes within safes, are refused")
    func shape() {
        let key = DER.oid([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C, 0x0A, 0x01, 0x02])
        let nest = DER.oid([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C, 0x0A, 0x01, 0x06])
        func edited(_ edit: (DER) -> DER) -> [UInt8] {
            tree.mapped { value in
                guard case .node(0x30, let parts) = value, parts.first == key else {
                    return nil
                }
                return edit(value)
            }.bytes
        }
        func nested(_ bag: DER, _ depth: Int) -> DER {
            depth == 0 ? bag : .sequence([nest, .node(tag: 0xA0, [.sequence([nested(bag, depth - 1)])])])
        }
        #expect(failure(edited { nested($0, 4) }) == .wrongPassword)
        #expect(failure(edited { nested($0, 5) }) == .nestedTooDeeply(limit: 4))
        let many = tree.mapped { value in
            guard case .node(0x30, let bags) = value, bags.count == 1, case .node(0x30, let parts) = bags[0],
                parts.first == key
            else {
                return nil
            }
            return .sequence([DER](repeating: bags[0], count: 200))
        }
        #expect(failure(many.bytes) == .tooManyParts(limit: 200))
    }

    @Test("content that is missing is an error, though the MAC may match")
    func missing() {
        // The encrypted safe without its ciphertext, and without its content at all.
        let encrypted = DER.oid([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x06])
        for cut in [1, 2] {
            let hostile = tree.mapped { value in
                guard case .node(0x30, let parts) = value, parts.first == encrypted else {
                    return nil
                }
                guard cut == 2, case .node(0xA0, let content) = parts[1], case .node(0x30, let data) = content[0],
                    case .node(0x30, let info) = data[1]
                else {
                    return .sequence([encrypted])
                }
                return .sequence([encrypted, .node(tag: 0xA0, [.sequence([data[0], .sequence(Array(info[0...1]))])])])
            }
            #expect(hostile != tree)
            #expect(failure(hostile.bytes) == .contentMissing)
        }
    }

    @Test("every error has words of the house")
    func words() {
        #expect(
            PKCS12Error.needsLegacyProvider(algorithm: "RC2-40").description
                == "protected by RC2-40, which this OpenSSL reads only with its legacy provider"
        )
        #expect(PKCS12Error.wrongPassword.description == "wrong password, or a damaged file (MAC does not match)")
    }
}
