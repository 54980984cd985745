// SPDX-License-Identifier: Apache-2.0

import Foundation
import SecretMemory
import Testing

@testable import CertificateAuthority

/// Files made by others.
@Suite struct PKCS12ReaderTests {
    init() throws {
        try OpenSSL.start()
    }

    /// A folder with one key, `k.pem`, and its certificate, `c.pem`.
    static func folder(_ sample: Sample = .p384) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write("k.pem", sample.pem)
        try folder.write("c.pem", sample.certificate.pem)
        return folder
    }

    static func read(_ file: [UInt8], _ text: String = "secret") throws -> CAMaterial {
        let password = secret(text)
        return try PKCS12Reader.read(file, password: password)
    }

    static let export = "openssl pkcs12 -export -inkey k.pem -in c.pem -passout pass:secret -out x.p12"

    @Test(
        "files by openssl are read, byte for byte, and described",
        arguments: [
            ("", "aes-256-cbc", "pbkdf2-hmac-sha256", "hmac-sha256"),
            (
                "-certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES -macalg sha1", "des-ede3-cbc", "pkcs12kdf-sha1",
                "hmac-sha1"
            ),
            ("-legacy", "rc2-40-cbc+des-ede3-cbc", "pkcs12kdf-sha1", "hmac-sha1"),
            ("-certpbe NONE -keypbe aes-128-cbc", "aes-128-cbc", "pbkdf2-hmac-sha256", "hmac-sha256"),
            ("-keypbe NONE -certpbe aes-192-cbc", "aes-192-cbc", "pbkdf2-hmac-sha256", "hmac-sha256"),
            ("-nomac", "aes-256-cbc", "pbkdf2-hmac-sha256", "none"),
            ("-macalg sha512", "aes-256-cbc", "pbkdf2-hmac-sha256", "hmac-sha512"),
            ("-keypbe NONE -certpbe NONE -nomac", "none", "none", "none"),
        ]
    )
    func openssl(options: String, encryption: String, kdf: String, mac: String) throws {
        let folder = try Self.folder()
        try folder.sh("\(Self.export) \(options)")
        let file = try folder.read("x.p12")
        let material = try Self.read(file)
        #expect(try keys(of: material.generations) == [Sample.p384.der])
        let facts = try PKCS12Reader.facts(file)
        var findings: [PKCS12Facts.Finding] = []
        if options.contains("keypbe NONE") { findings.append(.clearKey) }
        if options.contains("nomac") { findings.append(.noMAC) }
        // openssl leaves certificates clear when nothing would protect them from change.
        if options.contains("certpbe NONE") || options.contains("nomac") { findings.append(.clearCertificate) }
        let iterations = encryption == "none" ? 0 : 2048
        #expect(
            facts
                == PKCS12Facts(
                    encryption: encryption,
                    kdf: kdf,
                    mac: mac,
                    iterations: iterations,
                    findings: findings
                )
        )
    }

    @Test("a keystore by Java with two keys is read")
    func java() throws {
        let folder = try TemporaryFolder()
        for name in ["one", "two"] {
            try folder.sh(
                """
                keytool -genkeypair -alias \(name) -dname CN=\(name) -keyalg EC -groupname secp384r1 -ext bc:c=ca:true \
                -keystore x.p12 -storepass secret 2>&1
                """
            )
        }
        try folder.sh("openssl pkcs12 -in x.p12 -passin pass:secret -nodes -nocerts -out k.pem")
        let material = try Self.read(folder.read("x.p12"))
        #expect(material.generations.map(\.name).sorted { $0! < $1! } == ["one", "two"])
        #expect(material.generations.map(\.newest.isCA) == [true, true])
        for generation in material.generations {
            #expect(generation.newest.commonName == generation.name)
        }
        #expect(try PKCS12Reader.facts(folder.read("x.p12")).iterations == 10_000)
    }

    @Test("a file by NSS is read: BER, 600,000 iterations, two ciphers")
    func nss() throws {
        let folder = try Self.folder()
        try folder.sh(Self.export + " -name ca")
        try folder.sh("certutil -N -d . --empty-password; pk12util -i x.p12 -d . -W secret")
        try folder.sh("pk12util -o nss.p12 -n ca -d . -W secret")
        let file = try folder.read("nss.p12")
        #expect(file.starts(with: [0x30, 0x80]))
        let facts = try PKCS12Reader.facts(file)
        #expect(facts.iterations == 600_000)
        let material = try Self.read(file)
        #expect(try keys(of: material.generations) == [Sample.p384.der])
    }

    @Test("a file by Python is read")
    func python() throws {
        let folder = try Self.folder(.ed25519)
        try folder.sh(
            """
            python3 -c "
            from cryptography.hazmat.primitives.serialization import pkcs12, load_pem_private_key, BestAvailableEncryption
            from cryptography import x509
            k = load_pem_private_key(open('k.pem', 'rb').read(), None)
            c = x509.load_pem_x509_certificate(open('c.pem', 'rb').read())
            open('x.p12', 'wb').write(pkcs12.serialize_key_and_certificates(b'n', k, c, None, BestAvailableEncryption(b'secret')))
            "
            """
        )
        let material = try Self.read(folder.read("x.p12"))
        #expect(try keys(of: material.generations) == [Sample.ed25519.der])
        #expect(material.generations[0].name == "n")
    }

    @Test("a file by GnuTLS with two keys is read")
    func gnutls() throws {
        let folder = try TemporaryFolder()
        try folder.write("k.pem", Sample.p256.pem + Sample.p384.pem)
        try folder.write("c.pem", Sample.p256.certificate.pem + Sample.p384.certificate.pem)
        try folder.sh(
            """
            certtool --load-privkey k.pem --load-certificate c.pem --to-p12 --outder --p12-name x --password secret \
            --outfile x.p12 2>&1
            """
        )
        let material = try Self.read(folder.read("x.p12"))
        #expect(Set(try keys(of: material.generations)) == Set(try [Sample.p256.der, Sample.p384.der]))
    }

    @Test("a password beyond ASCII opens what each kind of machine made of it")
    func passwords() throws {
        let folder = try Self.folder()
        let commands = [
            // UTF-8, as of today.
            "openssl pkcs12 -export -inkey k.pem -in c.pem -passout pass:pässwörd -out x.p12",
            // A Latin-1 terminal: PBES2 takes the bytes, the MAC the letters.
            "openssl pkcs12 -export -inkey k.pem -in c.pem -passout \"pass:$(printf 'p\\344ssw\\366rd')\" -out x.p12",
            // OpenSSL 1.0: each byte of the UTF-8 a letter of its own.
            """
            openssl pkcs12 -export -inkey k.pem -in c.pem -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES \
            -passout "pass:$(printf 'p\\303\\203\\302\\244ssw\\303\\203\\302\\266rd')" -out x.p12
            """,
        ]
        for command in commands {
            try folder.sh(command)
            let material = try Self.read(folder.read("x.p12"), "pässwörd")
            #expect(try keys(of: material.generations) == [Sample.p384.der])
            #expect(throws: PKCS12Error.wrongPassword) { try Self.read(folder.read("x.p12"), "pässword") }
        }
    }

    @Test("a key that comes twice counts once, and one without certificate is refused")
    func matching() throws {
        let folder = try Self.folder()
        try folder.sh("openssl pkcs12 -export -inkey k.pem -nocerts -passout pass:secret -out x.p12")
        let digest = OpenSSL.sha256Hex(try Sample.p384.certificate.spki)
        #expect(throws: PKCS12Error.material(.keyMatchesNoCertificate(spkiSHA256: digest))) {
            try Self.read(folder.read("x.p12"))
        }
        try folder.sh("openssl pkcs12 -export -in c.pem -nokeys -passout pass:secret -out x.p12")
        #expect(throws: PKCS12Error.material(.noKey)) { try Self.read(folder.read("x.p12")) }
        try folder.sh(Self.export + " -name x")
        for name in ["one", "two"] {
            try folder.sh(
                """
                keytool -importkeystore -srckeystore x.p12 -srcstorepass secret -destkeystore twice.p12 \
                -deststorepass secret -srcalias x -destalias \(name) 2>&1
                """
            )
        }
        let material = try Self.read(folder.read("twice.p12"))
        #expect(try keys(of: material.generations) == [Sample.p384.der])
    }

    @Test("RC2-40 without the legacy provider is named")
    func withoutLegacyProvider() async throws {
        await #expect(processExitsWith: .success) {
            unsafe setenv("OPENSSL_MODULES", "/nowhere", 1)
            let folder = try PKCS12ReaderTests.folder(.p256)
            try folder.sh("\(PKCS12ReaderTests.export) -legacy")
            #expect(throws: PKCS12Error.needsLegacyProvider(algorithm: "RC2-40")) {
                try PKCS12ReaderTests.read(folder.read("x.p12"))
            }
        }
    }
}
