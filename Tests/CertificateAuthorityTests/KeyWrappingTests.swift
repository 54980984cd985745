// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import TestSupport
import Testing

@testable import CertificateAuthority
@testable import KeyStores

/// Keys on their way out of a token, in every form that tokens are known to use.
@Suite struct KeyWrappingTests {
    private static let wrapping = [UInt8](0..<32)

    init() throws {
        try OpenSSL.start()
    }

    /// What python3-cryptography wraps, by RFC 5649 or by RFC 3394.
    private func wrap(_ plain: [UInt8], padded: Bool) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        try folder.write("plain", plain)
        let name = padded ? "aes_key_wrap_with_padding" : "aes_key_wrap"
        try folder.sh(
            """
            python3 -c 'from cryptography.hazmat.primitives.keywrap import \(name) as w; \
            open("out", "wb").write(w(bytes(range(32)), open("plain", "rb").read()))'
            """
        )
        return try folder.read("out")
    }

    private func unwrap(_ wrapped: [UInt8], _ sample: Sample) throws -> [UInt8]? {
        let certificate = try sample.certificate
        let wrapping = secret(Self.wrapping)
        guard let key = KeyWrapping.unwrap(wrapped, under: wrapping, isKey: { $0.matches(certificate) }) else {
            return nil
        }
        let der = try key.pkcs8()
        return bytes(der)
    }

    private static let samples: [Sample] = [.rsa2048, .rsa3072, .p256, .p384, .p521]

    @Test("RFC 5649, as it is and with SoftHSM's zeros behind the key", arguments: samples)
    func padded(sample: Sample) throws {
        let der = try sample.der
        #expect(try unwrap(try wrap(der, padded: true), sample) == der)
        let zeros = [UInt8](repeating: 0, count: (8 - der.count % 8) % 8)
        #expect(try unwrap(try wrap(der + zeros, padded: true), sample) == der)
    }

    @Test("PKCS#7 padding under RFC 3394, as NSS does it", arguments: samples)
    func pkcs7(sample: Sample) throws {
        let der = try sample.der
        let count = 8 - der.count % 8
        let padding = [UInt8](repeating: UInt8(count), count: count)
        #expect(try unwrap(try wrap(der + padding, padded: false), sample) == der)
    }

    @Test("what this program wraps is RFC 5649", arguments: samples)
    func ours(sample: Sample) throws {
        let der = secret(try sample.der)
        let wrapping = secret(Self.wrapping)
        let wrapped = try KeyWrapping.wrap(der, under: wrapping)
        #expect(try wrapped == wrap(sample.der, padded: true))
    }

    @Test("another key, another wrapping key, and every changed byte are no key")
    func wrong() throws {
        let wrapped = try wrap(try Sample.p256.der, padded: true)
        #expect(try unwrap(wrapped, .p384) == nil)
        let other = secret([UInt8](repeating: 7, count: 32))
        let found = KeyWrapping.unwrap(wrapped, under: other, isKey: { _ in true })?.spki
        #expect(found == nil)
        for index in wrapped.indices {
            var changed = wrapped
            changed[index] ^= 0x40
            #expect(try unwrap(changed, .p256) == nil)
        }
    }

    @Test("lengths that no wrapping has are no key", arguments: [0, 1, 8, 15, 17, 23, 24, 64, 1 << 16, (1 << 16) + 8])
    func lengths(count: Int) throws {
        #expect(try unwrap([UInt8](repeating: 0x5A, count: count), .p256) == nil)
    }

    @Test(
        "well wrapped, but no key",
        arguments: [[0x30, 0], [0x30, 6, 2, 1, 0, 2, 1, 0], [UInt8](repeating: 0, count: 40)]
    )
    func noKey(plain: [UInt8]) throws {
        #expect(try unwrap(try wrap(plain, padded: true), .p256) == nil)
    }

    @Test(
        "the key ends where its DER ends",
        arguments: [
            ([0x30, 1, 5], 3), ([0x30, 1, 5, 0], 3), ([0x30, 1, 5, 0, 0, 0, 0, 0, 0, 0], 3),
            ([0x30, 1, 5, 0, 0, 0, 0, 0, 0, 0, 0], nil), ([0x30, 1, 5, 1], 3), ([0x30, 1, 5, 2, 2], 3),
            ([0x30, 1, 5, 2], nil), ([0x30, 1, 5, 0, 1], nil), ([0x30, 1, 5] + [UInt8](repeating: 16, count: 16), 3),
            ([0x30, 1, 5] + [UInt8](repeating: 17, count: 17), nil), ([], nil), ([0x30], nil), ([0x30, 0], nil),
            ([0x31, 1, 5], nil), ([0x30, 2, 5], nil), ([0x30, 0x80, 5, 0, 0], nil), ([0x30, 0x81, 5], nil),
            ([0x30, 0x81], nil), ([0x30, 0x81, 0x7F] + [UInt8](repeating: 9, count: 0x7F), nil),
            ([0x30, 0x81, 0x80] + [UInt8](repeating: 9, count: 0x80), 0x83),
            ([0x30, 0x82, 0, 0x80] + [UInt8](repeating: 9, count: 0x80), nil),
            ([0x30, 0x84, 0, 0, 0, 1, 9], nil), ([0x30, 0x83, 0xFF, 0xFF, 0xFF, 9], nil),
            ([0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 9], nil), ([0x30, 0x88] + [UInt8](repeating: 0xFF, count: 9), nil),
            ([0x30, 0xFF] + [UInt8](repeating: 0xFF, count: 200), nil),
        ] as [([UInt8], Int?)]
    )
    func derCut(bytes: [UInt8], count: Int?) {
        #expect(KeyWrapping.der(in: bytes.span) == count)
    }

    @Test("r and s of any size become the signature that OpenSSL writes")
    func ecdsa() {
        var generator = SeededGenerator(seed: 7512)
        for _ in 0..<300 {
            let half = [32, 48, 66].randomElement(using: &generator)!
            var pair = (0..<2 * half).map { _ in UInt8.random(in: 0...255, using: &generator) }
            for index in 0..<Int.random(in: 0...3, using: &generator) {
                pair[index] = 0
            }
            let der = TokenSigner.der(pair: pair)
            #expect(KeyWrapping.der(in: der.span) == der.count)
            #expect(integers(in: der) == [pair[..<half], pair[half...]].map { Array($0.drop { $0 == 0 }) })
        }
        #expect(TokenSigner.der(pair: [1, 2, 3]).isEmpty)
    }

    /// The two numbers of a SEQUENCE, held to the rules of DER.
    private func integers(in der: [UInt8]) -> [[UInt8]] {
        var rest = der.dropFirst(der[1] == 0x81 ? 3 : 2)
        var found: [[UInt8]] = []
        while let tag = rest.popFirst(), tag == 2, let count = rest.popFirst() {
            let body = Array(rest.prefix(Int(count)))
            rest = rest.dropFirst(Int(count))
            guard let first = body.first, first < 0x80, body.count == 1 || first != 0 || body[1] >= 0x80 else {
                return []
            }
            found.append(Array(body.drop { $0 == 0 }))
        }
        return found
    }
}
