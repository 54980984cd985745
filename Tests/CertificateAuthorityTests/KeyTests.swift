// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Foundation
import SecretMemory
import Testing

@Suite struct KeyTests {
    init() throws {
        try OpenSSL.start()
    }

    @Test("a key is read from every form and is byte for byte what openssl writes", arguments: Sample.allCases)
    func forms(_ sample: Sample) throws {
        let key = try sample.key()
        #expect(key.kind == sample.kind)
        let der = try key.pkcs8()
        let passphrase = secret("correct horse")
        #expect(try bytes(der) == sample.der)
        let plain = try key.plainPEM()
        #expect(try bytes(plain) == sample.pem)
        let encrypted = secret(try key.encryptedPEM(passphrase: passphrase))
        for again in [
            try FoundBytes(PrivateKey(pem: plain)), try FoundBytes(PrivateKey(pkcs8: der)),
            try FoundBytes(PrivateKey(pem: der)), try FoundBytes(PrivateKey(pem: encrypted, passphrase: passphrase)),
        ] {
            #expect(try again.der == sample.der)
        }
        let matches = key.matches(try sample.certificate)
        #expect(matches)
    }

    @Test("key files by openssl in every old and new form are read")
    func foreignForms() throws {
        let folder = try TemporaryFolder()
        try folder.write("p384.pem", Sample.p384.pem)
        try folder.write("rsa2048.pem", Sample.rsa2048.pem)
        let commands = [
            (Sample.p384, "openssl ec -in p384.pem -aes256 -passout pass:pass"),
            (.p384, "(openssl ecparam -name secp384r1; openssl ec -in p384.pem)"),
            (.p384, "openssl pkcs8 -topk8 -in p384.pem -v2 des3 -passout pass:pass"),
            (.p384, "openssl pkcs8 -topk8 -in p384.pem -scrypt -passout pass:pass"),
            (.p384, "openssl pkcs8 -topk8 -in p384.pem -outform DER -passout pass:pass"),
            (.p384, "openssl ec -in p384.pem -outform DER"),
            (.rsa2048, "openssl rsa -in rsa2048.pem -traditional -aes128 -passout pass:pass"),
            (.rsa2048, "openssl rsa -in rsa2048.pem -traditional -outform DER"),
            (.rsa2048, "openssl pkcs8 -topk8 -in rsa2048.pem -v1 PBE-SHA1-3DES -passout pass:pass"),
        ]
        let passphrase = secret("pass")
        for (sample, command) in commands {
            try folder.sh("\(command) > key")
            let file = secret(try folder.read("key"))
            let der = try PrivateKey(pem: file, passphrase: passphrase).pkcs8()
            #expect(try bytes(der) == sample.der, "\(command)")
        }
    }

    @Test("a key file that asks for endless work is refused before it is done", arguments: ["PEM", "DER"])
    func iterations(form: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("key.pem", Sample.p384.pem)
        try folder.sh("openssl pkcs8 -topk8 -in key.pem -iter 600001 -passout pass:pass -outform \(form) -out key")
        let file = secret(try folder.read("key"))
        let passphrase = secret("pass")
        #expect(throws: KeyError.tooManyIterations(found: 600_001, limit: 600_000)) {
            _ = try PrivateKey(pem: file, passphrase: passphrase)
        }
    }

    @Test(
        "other kinds of key are refused by name",
        arguments: [
            ("-algorithm X25519", "X25519"),
            ("-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048", "id-RSASSA-PSS"),
            ("-algorithm EC -pkeyopt ec_paramgen_curve:P-192", "EC P-192"),
            (
                "-algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit",
                "EC with explicit parameters"
            ),
            ("-algorithm SM2", "SM2"),
            ("-algorithm EC -pkeyopt ec_paramgen_curve:SM2", "SM2"),
            ("-algorithm DH -pkeyopt dh_param:ffdhe2048", "DH"),
            ("-paramfile dsa.params", "DSA"),
        ]
    )
    func refusedKinds(options: String, name: String) throws {
        let folder = try TemporaryFolder()
        if options.contains("dsa") {
            try folder.sh("openssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -out dsa.params")
        }
        try folder.sh(
            "openssl genpkey \(options) -out key.pem; openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out key.der"
        )
        let file = secret(try folder.read("key.pem"))
        #expect(throws: KeyError.keyTypeNotAccepted(name)) { _ = try PrivateKey(pem: file) }
        let der = secret(try folder.read("key.der"))
        #expect(throws: KeyError.keyTypeNotAccepted(name)) { _ = try PrivateKey(pkcs8: der) }
    }

    @Test("a wrong passphrase is told from a missing one and from a file without key, every time")
    func passphrases() throws {
        let key = try Sample.p256.key()
        let passphrase = secret("right")
        let file = secret(try key.encryptedPEM(passphrase: passphrase))
        #expect(throws: KeyError.encrypted) { _ = try PrivateKey(pem: file) }
        // The padding of one wrong key in 256 is right by chance: a cheap derivation shows many.
        let folder = try TemporaryFolder()
        try folder.write("key.pem", Sample.p256.pem)
        try folder.sh("openssl pkcs8 -topk8 -in key.pem -iter 1 -passout pass:right -out enc.pem")
        try folder.sh("openssl pkcs8 -topk8 -in key.pem -iter 1 -passout pass:right -outform DER -out enc.der")
        try folder.sh("openssl ec -in key.pem -aes256 -passout pass:right -out old.pem")
        for name in ["enc.pem", "enc.der", "old.pem"] {
            let cheap = secret(try folder.read(name))
            for number in 0..<600 {
                let wrong = secret("wrong \(number)")
                #expect(throws: KeyError.wrongPassphrase) { _ = try PrivateKey(pem: cheap, passphrase: wrong) }
            }
        }
        let long = secret([UInt8](repeating: 65, count: 1025))
        #expect(throws: KeyError.passphraseTooLong(byteCount: 1025)) { _ = try PrivateKey(pem: file, passphrase: long) }
        for text in ["no key", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            let other = secret(text)
            #expect(throws: KeyError.noKey) { _ = try PrivateKey(pem: other, passphrase: passphrase) }
        }
    }

    @Test("an error keeps OpenSSL's codes beside its words")
    func errorsKeepTheirCodes() throws {
        let garbage = secret([0x30, 0x03, 0x02, 0x01, 0x00])
        do throws(KeyError) {
            _ = try PrivateKey(pkcs8: garbage)
            Issue.record("garbage was read")
        } catch {
            guard case .malformed(form: "PKCS#8", let error) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(error.call == "read it")
            #expect(!error.codes.isEmpty && error.codes.count == error.reasons.count)
        }
    }
}

/// A key's bytes: a noncopyable key cannot stand in an array.
struct FoundBytes {
    let der: [UInt8]

    init(_ key: consuming PrivateKey) throws {
        let der = try key.pkcs8()
        self.der = bytes(der)
    }
}
