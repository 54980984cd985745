// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Testing

/// What else lies in files, and files without a password.
@Suite("PKCS#12 beside keys and certificates")
struct PKCS12UnescrowedTests {
    let folder: TemporaryFolder

    init() throws {
        try OpenSSL.start()
        folder = try PKCS12ReaderTests.folder()
    }

    /// A file without encryption and MAC, by hand.
    private func file(_ lines: String) throws -> [UInt8] {
        try folder.write(
            "make.py",
            """
            import sys
            sys.path.insert(0, '\(PKCS12WindowsTests.tools)')
            sys.dont_write_bytecode = True
            from pkcs12der import *
            key, cert = open('k.der', 'rb').read(), open('c.der', 'rb').read()
            good = [key_bag(key), certificate_bag(cert)]
            crl = bag('4', sequence(oid('1.2.840.113549.1.9.23.1'), der(0xA0, octets(sequence()))))
            secret = bag('5', sequence(oid('1.2.3'), der(0xA0, octets(b'secret'))))
            sdsi = bag('3', sequence(oid('1.2.840.113549.1.9.22.2'), der(0xA0, der(0x16, b'sdsi'))))
            unknown = sequence(oid('1.2.3.4'), der(0xA0, NULL))
            def clear(*bags): return sequence(integer(3), data(sequence(safe(*bags))))
            open('x.p12', 'wb').write(\(lines))
            """
        )
        try folder.sh("openssl pkcs8 -topk8 -nocrypt -in k.pem -outform DER -out k.der")
        try folder.sh("openssl x509 -in c.pem -outform DER -out c.der; python3 make.py")
        return try folder.read("x.p12")
    }

    @Test(
        "CRLs, secrets, SDSI certificates and what nobody knows are counted and named",
        arguments: [
            ("clear(*good)", ""),
            ("clear(crl, *good)", "1 CRL"),
            ("clear(*good, secret, crl, bag('6', sequence(crl)))", "2 CRLs and 1 secret"),
            (
                "clear(*good, secret, secret, sdsi, crl, unknown)",
                "1 CRL, 2 secrets, 1 SDSI certificate and 1 item of unknown kind"
            ),
        ]
    )
    func counted(lines: String, said: String) throws {
        let material = try #require(try PKCS12Reader.readWithoutPassword(file(lines)))
        #expect(material.unescrowed.description == said)
        #expect(material.unescrowed.isEmpty == said.isEmpty)
        #expect(try keys(of: material.generations) == [Sample.p384.der])
    }

    @Test("a symmetric key in a keystore by Java is named")
    func java() throws {
        try folder.sh(PKCS12ReaderTests.export + " -name ca")
        try folder.sh("keytool -genseckey -alias s -keyalg AES -keysize 256 -keystore x.p12 -storepass secret 2>&1")
        let material = try PKCS12ReaderTests.read(folder.read("x.p12"))
        #expect(material.unescrowed.description == "1 secret")
    }

    @Test("an encryption key beside the signing key, as EJBCA keeps one, comes along behind it")
    func encryptionKey() throws {
        for (alias, extensions) in [("encryption", ""), ("signing", "-ext bc:c=ca:true")] {
            try folder.sh(
                """
                keytool -genkeypair -alias \(alias) -dname CN=\(alias) -keyalg EC -groupname secp256r1 \(extensions) \
                -keystore x.p12 -storepass secret 2>&1
                """
            )
        }
        let password = secret("secret")
        let material = try PKCS12Reader.read(folder.read("x.p12"), password: password)
        let again = try PKCS12Reader.read(PKCS12Writer.write(material, password: password), password: password)
        for found in [material, again] {
            #expect(found.generations.map(\.name) == ["signing", "encryption"])
            #expect(found.generations.map(\.newest.isCA) == [true, false])
        }
        #expect(try keys(of: again.generations) == keys(of: material.generations))
    }

    @Test(
        "no password, the empty one and none at all are no question",
        arguments: [
            "pfx(safe(*good), password='', salt=b'saltsalt')", "pfx(safe(*good), password=None, salt=b'saltsalt')",
            "clear(*good)",
        ]
    )
    func withoutPassword(lines: String) throws {
        let material = try #require(try PKCS12Reader.readWithoutPassword(file(lines)))
        #expect(try keys(of: material.generations) == [Sample.p384.der])
    }

    @Test("files by openssl and GnuTLS under the empty password", arguments: ["", "-legacy", "-macalg sha1"])
    func empty(options: String) throws {
        try folder.sh("openssl pkcs12 -export -inkey k.pem -in c.pem -passout pass: -out x.p12 \(options)")
        let material = try #require(try PKCS12Reader.readWithoutPassword(folder.read("x.p12")))
        #expect(try keys(of: material.generations) == [Sample.p384.der])
    }

    @Test("a MAC by no password does not decide: a key in the file is under one, which is asked for")
    func mixed() throws {
        try folder.sh("openssl pkcs8 -topk8 -in k.pem -passout pass:secret -outform DER -out s.der")
        let shrouded = "bag('2', open('s.der', 'rb').read())"
        for password in ["''", "None"] {
            let bytes = try file(
                "pfx(safe(\(shrouded), certificate_bag(cert)), password=\(password), salt=b'saltsalt')"
            )
            let isOpen = try PKCS12Reader.readWithoutPassword(bytes) != nil
            #expect(!isOpen)
        }
    }

    @Test("a MAC by a digest that only the legacy provider has", arguments: ["whirlpool", "md4", "rmd160", "sha3-256"])
    func digests(name: String) throws {
        try folder.sh("\(PKCS12ReaderTests.export) -provider default -provider legacy -macalg \(name)")
        #expect(try keys(of: PKCS12ReaderTests.read(folder.read("x.p12")).generations) == [Sample.p384.der])
    }

    @Test("a wrong password for a file without a MAC says that nothing tells it from damage")
    func noMAC() throws {
        try folder.sh("\(PKCS12ReaderTests.export) -nomac -certpbe AES-256-CBC")
        #expect(throws: PKCS12Error.wrongPasswordOrDamaged) {
            try PKCS12ReaderTests.read(folder.read("x.p12"), "wrong")
        }
    }

    @Test("a file under a password, with or without a MAC, needs it", arguments: ["", "-nomac -certpbe AES-256-CBC"])
    func needed(options: String) throws {
        try folder.sh("\(PKCS12ReaderTests.export) \(options)")
        let isOpen = try PKCS12Reader.readWithoutPassword(folder.read("x.p12")) != nil
        #expect(!isOpen)
    }

    @Test("more iterations in all than a file without a password may have")
    func costly() throws {
        let algorithm = "sequence(oid(PBE + '3'), sequence(octets(b'saltsalt'), integer(500001)))"
        let heavy = "bag('2', sequence(\(algorithm), octets(b'')))"
        #expect(throws: PKCS12Error.tooCostly(limit: 1_000_000)) {
            try PKCS12Reader.readWithoutPassword(file("pfx(safe(*[\(heavy)] * 2), password='', salt=b'saltsalt')"))
        }
        #expect(throws: PKCS12Error.tooCostly(limit: 10_000_000)) {
            try PKCS12Reader.facts(file("pfx(safe(*[\(heavy)] * 20), password='x', salt=b'saltsalt')"))
        }
    }
}
