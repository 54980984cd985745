// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Foundation
import KeyStores
import SecretMemory
import Testing

/// Files that people give where a key, a certificate or a PKCS#12 file is wanted.
@Suite struct ForeignFileTests {
    let folder: TemporaryFolder

    init() throws {
        try OpenSSL.start()
        folder = try TemporaryFolder()
        try folder.write("key.pem", Sample.p256.pem)
        try folder.write("cert.pem", Sample.p256.certificate.pem)
    }

    /// Each kind, and the command that makes a file of it called `x`, or its bytes.
    private static let made: [(kind: ForeignFile, command: String)] = [
        (.jks, "keytool -genkeypair -storetype JKS \(keystore)"),
        (.jceks, "keytool -genkeypair -storetype JCEKS \(keystore)"),
        (.pkcs7(isPEM: true), "openssl crl2pkcs7 -nocrl -certfile cert.pem -out x"),
        (.pkcs7(isPEM: false), "openssl crl2pkcs7 -nocrl -certfile cert.pem -outform DER -out x"),
        (.openSSHKey, "ssh-keygen -q -t ecdsa -N '' -f x"),
        (.openSSHKey, "ssh-keygen -q -t ed25519 -N secret -f x"),
        (.sqlite, "python3 -c \"import sqlite3; sqlite3.connect('x').execute('create table private_keys (id)')\""),
        (.base64, "openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER | base64 > x"),
        (.base64, "openssl x509 -in cert.pem -outform DER | base64 -w 0 > x"),
    ]

    private static let keystore =
        "-keystore x -storepass secret -keypass secret -alias a -keyalg EC -groupname secp256r1 -dname CN=A"

    /// What no program of Debian writes, as far as it is looked at.
    private static let crafted: [(kind: ForeignFile, bytes: [UInt8])] = [
        (.bks, [0, 0, 0, 1, 0, 0, 0, 20] + [UInt8](repeating: 7, count: 60)),
        (.bks, [0, 0, 0, 2, 0, 0, 0, 20] + [UInt8](repeating: 7, count: 60)),
        (.legacyNSS, [0, 6, 0x15, 0x61, 0, 0, 0, 2] + [UInt8](repeating: 7, count: 60)),
        (.legacyNSS, [0x61, 0x15, 6, 0, 2, 0, 0, 0] + [UInt8](repeating: 7, count: 60)),
        (.tss2Key, tpm("TSS2 PRIVATE KEY")),
        (.tss2Key, tpm("TSS2 KEY BLOB")),
    ]

    /// 2.23.133.10.1.3, a key that can be loaded.
    private static func tpm(_ label: String) -> [UInt8] {
        let key = DER.sequence([.oid([0x67, 0x81, 0x05, 0x0A, 0x01, 0x03]), .integer([1]), .leaf(tag: 4, [7, 7])])
        return Array(
            "-----BEGIN \(label)-----\n\(Data(key.bytes).base64EncodedString())\n-----END \(label)-----\n".utf8
        )
    }

    private func checkRefused(as kind: ForeignFile) throws {
        let x = folder("x")
        let asked = Prompter()
        for (text, needed) in [
            ("pem:\(x),\(folder("cert.pem"))", .key), ("pem:\(folder("key.pem")),\(x)", .certificate),
            ("p12:\(x)", .pkcs12), (x, .store), ("nss:\(x)", .directory),
        ] as [(String, StoreError.Needed)] {
            #expect(throws: StoreError.foreign(path: x, kind, needed: needed), "\(text)") {
                try KeyStore(parsing: text).export(asked)
            }
        }
        #expect(throws: StoreError.foreign(path: x, kind, needed: .certificate)) {
            try KeyStore.authority(at: x).current
        }
        #expect(asked.requests.isEmpty)
    }

    @Test("what a program made is named wherever it is given", arguments: made.indices)
    func named(madeAt index: Int) throws {
        let (kind, command) = Self.made[index]
        try folder.sh(command)
        try checkRefused(as: kind)
    }

    @Test("what is crafted is named wherever it is given", arguments: crafted.indices)
    func named(craftedAt index: Int) throws {
        let (kind, bytes) = Self.crafted[index]
        try folder.write("x", bytes)
        try checkRefused(as: kind)
    }

    @Test("a PKCS#12 file is named where a key or a certificate is wanted")
    func pkcs12() throws {
        try folder.sh("openssl pkcs12 -export -inkey key.pem -in cert.pem -passout pass:secret -out x")
        let x = folder("x")
        for (text, needed) in [
            ("pem:\(x),\(folder("cert.pem"))", .key), ("pem:\(folder("key.pem")),\(x)", .certificate),
            ("nss:\(x)", .directory),
        ] as [(String, StoreError.Needed)] {
            #expect(throws: StoreError.foreign(path: x, .pkcs12, needed: needed), "\(text)") {
                try KeyStore(parsing: text).export(Prompter())
            }
        }
        #expect(throws: StoreError.certificatesAreEncrypted(path: x)) { try KeyStore.authority(at: x).current }
    }

    @Test("a label that only looks the same is another")
    func label() {
        let text = "-----BEGIN TSS2 PRIVATE \u{212A}EY-----\nBQA=\n-----END TSS2 PRIVATE \u{212A}EY-----\n"
        #expect(ForeignFile(of: Array(text.utf8).span) == nil)
    }

    @Test("what is no such file has no name, and keeps the error that it had")
    func others() throws {
        for bytes in [
            [], [0x30], [0x30, 0x82], Array("MIIB".utf8), Array("MAKE\n".utf8), [0xFE, 0xED],
            [UInt8](repeating: UInt8(ascii: "M"), count: 63), [UInt8](repeating: UInt8(ascii: "z"), count: 64),
            Array("M\(String(repeating: "A", count: 60))=AA".utf8), try Sample.p256.pem, try Sample.p256.der,
            try Sample.p256.certificate.der,
        ] as [[UInt8]] {
            #expect(ForeignFile(of: bytes.span) == nil, "\(bytes)")
        }
    }

    @Test("a good key beside a block that is none of ours is read")
    func beside() throws {
        try folder.sh("openssl crl2pkcs7 -nocrl -certfile cert.pem -out x; cat key.pem >> x; cat cert.pem >> x")
        let material = try KeyStore(parsing: folder("x")).export(Prompter())
        #expect(try material.newest.subject == Sample.p256.certificate.subject)
    }

    @Test(
        "keys of composites, of GOST and of a key agreement are refused by name",
        arguments: [
            ([0x2B, 6, 1, 5, 5, 7, 6, 37], "composite ML-DSA-44 and RSA-2048-PSS"),
            ([0x2B, 6, 1, 5, 5, 7, 6, 45], "composite ML-DSA-65 and P-256"),
            ([0x2B, 6, 1, 5, 5, 7, 6, 54], "composite ML-DSA-87 and P-521"),
            (
                [0x60, 0x86, 0x48, 1, 0x86, 0xFA, 0x6B, 0x50, 8, 1, 3],
                "composite ML-DSA of an early draft (2.16.840.1.114027.80.8.1.3)"
            ),
            ([0x2A, 0x85, 3, 2, 2, 19], "GOST R 34.10-2001"),
            ([0x2A, 0x85, 3, 7, 1, 1, 1, 1], "GOST R 34.10-2012 (256 bits)"),
            ([0x2A, 0x85, 3, 7, 1, 1, 1, 2], "GOST R 34.10-2012 (512 bits)"),
        ] as [([UInt8], String)]
    )
    func algorithms(object: [UInt8], name: String) throws {
        let ed25519 = DER.oid([0x2B, 0x65, 0x70])
        let der = try #require(DER(Sample.ed25519.der)).replacing(ed25519, at: 0, with: .oid(object)).bytes
        let file = secret(der)
        #expect(throws: KeyError.keyTypeNotAccepted(name)) { _ = try PrivateKey(pem: file) }
    }

    @Test("keys for a key agreement are refused by name", arguments: ["X25519", "X448"])
    func keyAgreement(name: String) throws {
        try folder.sh("openssl genpkey -algorithm \(name) -out x")
        let file = secret(try folder.read("x"))
        #expect(throws: KeyError.keyTypeNotAccepted(name)) { _ = try PrivateKey(pem: file) }
    }
}
