// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Foundation
import SecretMemory
import Testing

/// Key files that OpenSSL's own readers refuse, or call by another fault.
@Suite struct KeyFileTests {
    init() throws {
        try OpenSSL.start()
    }

    /// The two forms in which programs put the public key of RFC 5958 beside the private one.
    enum Beside: CaseIterable {
        /// As BouncyCastle writes it.
        case implicit
        /// As some wrote it before they read the RFC again.
        case explicit

        fileprivate func field(_ bits: [UInt8]) -> DER {
            switch self {
            case .implicit: .leaf(tag: 0x81, bits)
            case .explicit: .node(tag: 0xA1, [.leaf(tag: 0x03, bits)])
            }
        }
    }

    /// PKCS#8 of the second version: built here, since no program of Debian writes it.
    static func secondVersion(_ sample: Sample, _ beside: Beside, publicKeyOf other: Sample? = nil) throws -> [UInt8] {
        let spki = try #require(DER((other ?? sample).key().spki))
        guard case .node(0x30, let parts) = try #require(DER(sample.der)),
            case .node(0x30, let publicParts) = spki, case .leaf(0x03, let bits)? = publicParts.last
        else {
            throw CommandFailure(command: "take \(sample) apart", output: "")
        }
        let attributes = DER.node(tag: 0xA0, [])
        return DER.sequence([.integer([1])] + parts[1...] + [attributes, beside.field(bits)]).bytes
    }

    private static func pem(_ label: String, _ der: [UInt8]) -> SecretBytes {
        let body = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return secret("-----BEGIN \(label)-----\n\(body)\n-----END \(label)-----\n")
    }

    @Test(
        "PKCS#8 with the public key beside the private one is read in PEM, DER and PKCS#12",
        arguments: [Sample.ed25519, .ed448, .p256, .rsa2048],
        Beside.allCases
    )
    func secondVersion(_ sample: Sample, _ beside: Beside) throws {
        let der = try Self.secondVersion(sample, beside)
        let plain = secret(der)
        #expect(try FoundBytes(PrivateKey(pem: plain)).der == sample.der)
        #expect(try FoundBytes(PrivateKey(pkcs8: plain)).der == sample.der)
        let text = Self.pem("PRIVATE KEY", der)
        #expect(try FoundBytes(PrivateKey(pem: text)).der == sample.der)

        // Encrypted as a file, then as the bag of a key.
        let folder = try PKCS12ReaderTests.folder(sample)
        try folder.write("v2.der", der)
        try folder.write("encrypt.py", Self.encryptProgram)
        try folder.sh("python3 encrypt.py v2.der > v2.enc")
        let encrypted = try folder.read("v2.enc")
        let file = secret(encrypted)
        let passphrase = secret("secret")
        #expect(try FoundBytes(PrivateKey(pem: file, passphrase: passphrase)).der == sample.der)
        try folder.sh("\(PKCS12ReaderTests.export) -nomac")
        let shrouded = try #require(DER(encrypted))
        let archive = try #require(DER(try folder.read("x.p12"))).mapped { value in
            guard case .node(0x30, let children) = value, case .node(0x30, let algorithm)? = children.first,
                algorithm.first == Self.pbes2
            else {
                return nil
            }
            return shrouded
        }
        #expect(try keys(of: PKCS12ReaderTests.read(archive.bytes).generations) == [sample.der])
    }

    /// Files in which the key `v2.der` lies in the clear, with `c.der`: in a safe, in one within another, beside a key of
    /// the first version, and with more behind it.
    private static let plainFiles = """
        import sys
        sys.path.insert(0, '\(PKCS12WindowsTests.tools)')
        sys.dont_write_bytecode = True
        from pkcs12der import *
        key, other, cert = (open(name, 'rb').read() for name in ('v2.der', 'v1.der', 'c.der'))
        name = sequence(oid('1.2.840.113549.1.9.20'), der(0x31, der(0x1E, 'ca'.encode('utf-16-be'))))
        bags = key_bag(key, name), certificate_bag(cert)
        inner = bag('6', sequence(*bags))
        files = {'safe': [safe(*bags)], 'nested': [safe(bag('6', sequence(inner)))], 'two': [safe(key_bag(other), *bags)],
            'parts': [safe(bags[1]), safe(bags[0])]}
        for file, safes in files.items():
            open(file + '.p12', 'wb').write(pfx(*safes, password='secret', salt=b'8 bytes!'))
            open(file + '-bare.p12', 'wb').write(sequence(integer(3), data(sequence(*safes))))
        """

    @Test(
        "a key that lies in a PKCS#12 file unencrypted, with its public key, is read wherever it lies",
        arguments: [Sample.ed25519, .ed448, .p256, .rsa2048],
        Beside.allCases
    )
    func unencryptedBag(_ sample: Sample, _ beside: Beside) throws {
        let folder = try PKCS12ReaderTests.folder(sample)
        try folder.write("v2.der", Self.secondVersion(sample, beside))
        try folder.write("v1.der", sample.der)
        try folder.write("make.py", Self.plainFiles)
        try folder.sh("openssl x509 -in c.pem -outform DER -out c.der; python3 make.py")
        for name in ["safe", "nested", "two", "parts"] {
            for (file, findings) in [
                ("\(name).p12", [.clearKey, .clearCertificate]),
                ("\(name)-bare.p12", [.noMAC, .clearKey, .clearCertificate]),
            ] as [(String, Set<PKCS12Facts.Finding>)] {
                let bytes = try folder.read(file)
                let material = try PKCS12ReaderTests.read(bytes)
                #expect(try keys(of: material.generations) == [sample.der], "\(file)")
                #expect(name == "two" || material.generations[0].name == "ca", "\(file)")
                #expect(try Set(PKCS12Reader.facts(bytes).findings) == findings, "\(file)")
            }
        }
        // With the public key of another one, it is a damaged key.
        var other = try Self.secondVersion(sample, beside)
        other[other.count - 1] ^= 1
        try folder.write("v2.der", other)
        try folder.sh("python3 make.py")
        for name in ["safe", "nested", "two", "parts-bare"] {
            let bytes = try folder.read("\(name).p12")
            #expect(throws: PKCS12Error.key(.publicKeyDiffers), "\(name)") { try PKCS12ReaderTests.read(bytes) }
        }
    }

    @Test("a public key that is not the private one's is a damaged key", arguments: Beside.allCases)
    func anotherPublicKey(_ beside: Beside) throws {
        let other = try Sample.ed25519.key().spki.last!
        var der = try Self.secondVersion(.ed25519, beside)
        der[der.count - 1] = other ^ 1
        let file = secret(der)
        #expect(throws: KeyError.publicKeyDiffers) { _ = try PrivateKey(pem: file) }
        let ofP256 = secret(try Self.secondVersion(.p256, beside, publicKeyOf: .p384))
        #expect(throws: KeyError.publicKeyDiffers) { _ = try PrivateKey(pem: ofP256) }
    }

    @Test("what no OpenSSL here decrypts is refused by its name, with and without a passphrase")
    func unknownAlgorithms() throws {
        let folder = try TemporaryFolder()
        try folder.write("k.pem", Sample.rsa2048.pem)
        try folder.sh(
            """
            openssl rsa -in k.pem -traditional -aes128 -passout pass:secret -out old.pem
            openssl pkcs8 -topk8 -in k.pem -passout pass:secret -outform DER -out new.der
            openssl pkcs8 -topk8 -in k.pem -v1 PBE-MD5-DES -provider default -provider legacy -passout pass:secret \
            -outform DER -out md5.der
            """
        )
        let old = String(decoding: try folder.read("old.pem"), as: UTF8.self)
        let new = try #require(DER(folder.read("new.der")))
        let md5 = try #require(DER(folder.read("md5.der")))
        let aes256 = DER.oid([0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2A])
        let pkcs5 = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05] as [UInt8]
        let changed: [([UInt8], String)] = [
            (Array(old.replacingOccurrences(of: "AES-128-CBC", with: "IDEA-CBC").utf8), "IDEA-CBC"),
            (Array(old.replacingOccurrences(of: "AES-128-CBC", with: "id-aes128-GCM").utf8), "id-aes128-GCM"),
            (
                new.replacing(aes256, at: 0, with: .oid([0x2B, 6, 1, 4, 1, 0x81, 0x3C, 7, 1, 1, 2])).bytes,
                "idea-cbc"
            ),
            (
                new.replacing(aes256, at: 0, with: .oid([0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2E])).bytes,
                "id-aes256-gcm"
            ),
            (new.replacing(.oid(pkcs5 + [0x0C]), at: 0, with: .oid([0x2A, 3, 4])).bytes, "1.2.3.4"),
            (new.replacing(.oid(pkcs5 + [0x0D]), at: 0, with: .oid([0x2A, 3, 5])).bytes, "1.2.3.5"),
            (md5.replacing(.oid(pkcs5 + [3]), at: 0, with: .oid(pkcs5 + [1])).bytes, "PBE-MD2-DES"),
        ]
        for (bytes, name) in changed {
            let file = secret(bytes)
            let passphrase = secret("secret")
            #expect(throws: KeyError.unsupportedAlgorithm(name)) { _ = try PrivateKey(pem: file) }
            #expect(throws: KeyError.unsupportedAlgorithm(name)) {
                _ = try PrivateKey(pem: file, passphrase: passphrase)
            }
        }
    }

    @Test("a header that is not one of an encrypted key is a damaged file")
    func headers() throws {
        let folder = try TemporaryFolder()
        try folder.write("k.pem", Sample.rsa2048.pem)
        try folder.sh("openssl rsa -in k.pem -traditional -aes128 -passout pass:secret -out old.pem")
        let old = String(decoding: try folder.read("old.pem"), as: UTF8.self)
        for (part, other) in [("4,ENCRYPTED", "4,MIC-ONLY"), ("DEK-Info", "DEK"), ("AES-128-CBC,", "AES-128-CBC,0")] {
            let file = secret(old.replacingOccurrences(of: part, with: other))
            let passphrase = secret("secret")
            #expect(throws: KeyError.malformedHeader) { _ = try PrivateKey(pem: file, passphrase: passphrase) }
        }
    }

    @Test(
        "a passphrase beyond ASCII opens a key that was encrypted under its Latin-1",
        arguments: ["-v2 aes256", "-v1 PBE-MD5-DES"]
    )
    func latin1(options: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("k.pem", Sample.p256.pem)
        try folder.write("latin1", Array("caf".utf8) + [0xE9])
        try folder.sh(
            """
            openssl pkcs8 -topk8 -in k.pem \(options) -provider default -provider legacy -passout file:latin1 -out x.pem
            """
        )
        let file = secret(try folder.read("x.pem"))
        let right = secret("café")
        let wrong = secret("cafè")
        #expect(try FoundBytes(PrivateKey(pem: file, passphrase: right)).der == Sample.p256.der)
        #expect(throws: KeyError.wrongPassphrase) { _ = try PrivateKey(pem: file, passphrase: wrong) }
    }

    @Test("what the right passphrase opens, and is no key that is taken, is not called a wrong passphrase")
    func rightPassphrase() throws {
        let folder = try TemporaryFolder()
        try folder.write("k.pem", Sample.rsa2048.pem)
        try folder.sh(
            "openssl genpkey -algorithm X25519 -out x.pem; openssl pkcs8 -topk8 -nocrypt -in k.pem -outform DER -out k.der"
        )
        try folder.write("encrypt.py", Self.encryptProgram)
        try folder.sh("openssl pkcs8 -topk8 -in x.pem -passout pass:secret -out enc.pem")
        let x25519 = secret(try folder.read("enc.pem"))
        let passphrase = secret("secret")
        #expect(throws: KeyError.keyTypeNotAccepted("X25519")) {
            _ = try PrivateKey(pem: x25519, passphrase: passphrase)
        }
        // An RSA key whose numbers end early.
        var der = try folder.read("k.der")
        der[40] ^= 0x7F
        try folder.write("bad.der", der)
        try folder.sh("python3 encrypt.py bad.der > bad.enc")
        let bad = secret(try folder.read("bad.enc"))
        do throws(KeyError) {
            _ = try PrivateKey(pem: bad, passphrase: passphrase)
        } catch {
            guard case .malformed(form: "PKCS#8 (RSA)", _) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test(
        "keys of the algorithms after quantum computers are refused by name",
        arguments: [
            ([3, 18], "ML-DSA-65"), ([4, 1], "ML-KEM-512"), ([3, 20], "SLH-DSA-SHA2-128s"),
            ([3, 31], "SLH-DSA-SHAKE-256f"),
        ] as [([UInt8], String)]
    )
    func postQuantum(numbers: [UInt8], name: String) throws {
        let ed25519 = DER.oid([0x2B, 0x65, 0x70])
        let nist = DER.oid([0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04] + numbers)
        let der = try #require(DER(Sample.ed25519.der)).replacing(ed25519, at: 0, with: nist).bytes
        let file = secret(der)
        #expect(throws: KeyError.keyTypeNotAccepted(name)) { _ = try PrivateKey(pem: file) }
    }

    private static let pbes2 = DER.oid([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05, 0x0D])

    /// Encrypts whatever is in a file as PKCS#8 does, under the password `secret`.
    private static let encryptProgram = """
        import hashlib, os, sys
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
        plain, salt, iv = open(sys.argv[1], "rb").read(), os.urandom(16), os.urandom(16)
        def der(tag, *parts):
            content = b"".join(parts)
            size = len(content).to_bytes(2, "big")
            return bytes([tag]) + (bytes([0x82]) + size if len(content) > 127 else size[1:]) + content
        def name(text):
            return der(6, bytes.fromhex(text))
        pad = 16 - len(plain) % 16
        key = hashlib.pbkdf2_hmac("sha1", b"secret", salt, 2048, 32)
        encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
        derivation = der(0x30, name("2a864886f70d01050c"), der(0x30, der(4, salt), der(2, b"\\x08\\x00")))
        aes = der(0x30, name("60864801650304012a"), der(4, iv))
        pbes2 = der(0x30, name("2a864886f70d01050d"), der(0x30, derivation, aes))
        encrypted = encryptor.update(plain + bytes([pad] * pad)) + encryptor.finalize()
        sys.stdout.buffer.write(der(0x30, pbes2, der(4, encrypted)))
        """
}
