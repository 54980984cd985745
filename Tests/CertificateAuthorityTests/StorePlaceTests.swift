// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CertificateAuthority
@testable import KeyStores

/// What lies where a restore is to write, told before anybody is asked for a share.
@Suite("Places of stores")
struct StorePlaceTests {
    let folder: TemporaryFolder

    init() throws {
        try OpenSSL.start()
        folder = try TemporaryFolder()
    }

    /// Refused before the quorum, and by the restore itself, which leaves everything as it was.
    private func refuses(_ store: KeyStore, _ error: StoreError, before: Bool = true) throws {
        let material = try Renewed.material()
        let names = try folder.sh("find . ! -name 'stderr-*' | sort")
        if before {
            #expect(throws: error) { try store.preflight(for: material.certificates) }
        }
        #expect(throws: error) { try store.restore(material, "correct horse") }
        #expect(try folder.sh("find . ! -name 'stderr-*' | sort") == names)
    }

    @Test("every place of every generation is looked at before the quorum")
    func places() throws {
        let store = KeyStore(.pem(key: folder("k.pem"), certificates: [folder("c.pem")]))
        try store.preflight(for: Renewed.material().certificates)
        let other = try Sample.p256.certificate
        let (key, certificate) = try (Sample.p256.pem, other.pem)
        for (name, bytes, error) in [
            ("k.pem", key, .anotherKey(path: folder("k.pem"), spkiSHA256: other.spkiSHA256)),
            ("k-gen2.pem", key, .anotherKey(path: folder("k-gen2.pem"), spkiSHA256: other.spkiSHA256)),
            (
                "c.pem", certificate,
                .anotherCertificate(path: folder("c.pem"), subject: other.subject, sha256: other.sha256Hex)
            ),
            (
                "c-gen2.pem", certificate,
                .anotherCertificate(path: folder("c-gen2.pem"), subject: other.subject, sha256: other.sha256Hex)
            ),
            ("c-older.pem", Array("junk".utf8), .certificate(path: folder("c-older.pem"), .none)),
            ("c-issuers.pem", Array("junk".utf8), .certificate(path: folder("c-issuers.pem"), .none)),
        ] as [(String, [UInt8], StoreError)] {
            try folder.write(name, bytes)
            try refuses(store, error)
            try folder.sh("rm \(name)")
        }
        // What is there already is no obstacle.
        _ = try store.restore(Renewed.material(), "correct horse")
        try store.preflight(for: Renewed.material().certificates)
    }

    @Test("a file of the chain that lacks an older certificate is told before the quorum")
    func chainFile() throws {
        let other = try Sample.p256.certificate
        try folder.write("chain.pem", other.pem)
        let store = KeyStore(.pem(key: folder("k.pem"), certificates: [folder("c.pem"), folder("chain.pem")]))
        try refuses(
            store,
            .anotherCertificate(path: folder("chain.pem"), subject: other.subject, sha256: other.sha256Hex)
        )
        try refuses(
            KeyStore(.pem(key: folder("x.pem"), certificates: [folder("x.pem")])),
            .samePlace(path: folder("x.pem"))
        )
    }

    @Test("a symbolic link that leads nowhere is called what it is, and nothing is written through it")
    func links() throws {
        for name in ["k.pem", "c.pem", "k-gen2.pem", "c-older.pem", "sub"] {
            let place = name == "sub" ? "sub/c.pem" : "c.pem"
            try folder.sh("ln -s nowhere \(name)")
            try refuses(
                KeyStore(.pem(key: folder("k.pem"), certificates: [folder(place)])),
                .linkInTheWay(path: folder(name))
            )
            try folder.sh("rm \(name)")
        }
        try folder.sh("ln -s loop.p12 loop.p12; mkdir media; ln -s ../nowhere 'media/Acme Issuing CA.p12'")
        try refuses(KeyStore(.p12(folder("loop.p12"))), .linkInTheWay(path: folder("loop.p12")))
        try refuses(
            KeyStore(.certutil(folder("media"))),
            .linkInTheWay(path: folder("media/Acme Issuing CA.p12"))
        )
        // One that leads to the key is the key.
        let store = KeyStore(.pem(key: folder("k.pem"), certificates: [folder("c.pem")]))
        _ = try store.restore(Sample.p256.material(), nil)
        try folder.sh("mv k.pem elsewhere; ln -s elsewhere k.pem")
        try store.preflight(for: Sample.p256.material().certificates)
        #expect(try store.restore(Sample.p256.material(), nil).places.written.isEmpty)
    }

    @Test("a name that no file system holds is refused before the quorum; one that just fits is written")
    func longNames() throws {
        let long = String(repeating: "x", count: 256)
        try refuses(KeyStore(.p12(folder(long))), .nameTooLong(path: folder(long), limit: 255))
        try refuses(KeyStore(.p12(folder("\(long)/a"))), .nameTooLong(path: folder("\(long)/a"), limit: 255))
        // The file fits, and what lies beside it does not.
        let stem = String(repeating: "k", count: 249)
        try refuses(
            KeyStore(.pem(key: folder("\(stem).pem"), certificates: [folder("c.pem")])),
            .nameTooLong(path: folder("\(stem)-gen2.pem"), limit: 255)
        )
        let most = String(repeating: "\u{65E5}", count: 85)
        let restored = try KeyStore(.p12(folder(most))).restore(Sample.p256.material(), "horse")
        #expect(restored.places.written == [folder(most)])
    }

    @Test("a common name of 64 characters that are five bytes each is shortened as MS-WCCE has it")
    func longCommonName() throws {
        // 51 characters hold ten of them; the hash is of the other 54, computed by hand in Python.
        let name = String(repeating: "\u{65E5}", count: 64)
        let file = String(repeating: "!65e5", count: 10) + "-42510.p12"
        try folder.write("k.pem", Sample.p256.pem)
        try folder.sh("openssl req -x509 -new -utf8 -key k.pem -subj '/CN=\(name)' -out c.pem")
        let material = try KeyStore(.pem(key: folder("k.pem"), certificates: [folder("c.pem")])).export(Prompter())
        let store = KeyStore(.certutil(folder("new")))
        try store.preflight(for: material.certificates)
        #expect(try store.restore(material, "horse").places.written == [folder("new/\(file)")])
        #expect(try keys(of: store.export(Prompter("horse")).generations) == keys(of: material.generations))
        // Whole as long as a file system holds it: 50 are 250 bytes, and four for the ending.
        #expect(CertutilName.shortened(CertutilName.sanitised("Acme CA")) == "Acme CA")
        let plain = String(repeating: "a", count: 52)
        #expect(CertutilName.shortened(CertutilName.sanitised(plain)) == "\(plain.dropLast())-00097")
        #expect(CertutilName.shortened(CertutilName.sanitised(String(plain.dropLast()))).count == 51)
    }

    @Test("a PKCS#12 file that is here already is no file for old Windows unless it is protected so")
    func protection() throws {
        let (material, store) = (try Sample.p256.material(), KeyStore(.p12(folder("x.p12"))))
        func old() -> KeyProtection { .encrypted(passphrase: secret("horse"), profile: .windows2016) }
        _ = try store.restore(material, "horse")
        let before = try folder.read("x.p12")
        let error = StoreError.anotherProtection(
            path: folder("x.p12"),
            found: "aes-256-cbc, pbkdf2-hmac-sha256, hmac-sha256",
            needed: "des-ede3-cbc, pkcs12kdf-sha1, hmac-sha1"
        )
        #expect(throws: error) { try store.rehearse(for: material.certificates, protection: old()) { _ in nil } }
        #expect(throws: error) { try store.restore(material, protection: old()) { _ in nil } }
        #expect(try folder.read("x.p12") == before)
        try folder.sh("rm x.p12")
        _ = try store.restore(material, protection: old()) { _ in nil }
        try store.rehearse(for: material.certificates, protection: old()) { _ in nil }
        #expect(try store.restore(material, protection: old()) { _ in nil }.places.unchanged == [folder("x.p12")])
    }
}
