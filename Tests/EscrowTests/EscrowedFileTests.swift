// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Ristretto255
import SecretMemory
import SystemPackage
import Testing

@testable import Escrow

/// What others make of the escrow's PKCS#12 file, with the password that custodians rebuilt.
@Suite struct EscrowedFileTests {
    let world: World
    /// `ca.p12`, and `password` with its password.
    var folder: TemporaryFolder { world.folder }

    init() throws {
        try OpenSSL.start()
        world = try World(policy: "3 of (alice, bob, carol, dave, erin)", of: Acme.renewedMaterial())
        let people = ["bob", "erin", "alice"].map { world.cast[$0] } as [Somebody]
        let secret = try world.document().secret(by: people, in: world.directory())
        let password = secret.bytes.withSpan { ArchivePassword.derive(from: $0) }
        try folder.write("password", bytes(password))
        try folder.copy(world.pkcs12, to: folder("ca.p12"))
    }

    /// The PKCS#8 of each key in a PEM text, in its order.
    private func keys(in pem: String) throws -> [[UInt8]] {
        try pem.split(separator: "-----BEGIN PRIVATE KEY-----").dropFirst().map { block in
            let text = secret("-----BEGIN PRIVATE KEY-----\(block)")
            let der = try PrivateKey(pem: text).pkcs8()
            return bytes(der)
        }
    }

    @Test("the password is 26 characters of base32, and no other opens the file")
    func password() throws {
        let text = String(decoding: try folder.read("password"), as: UTF8.self)
        #expect(text.wholeMatch(of: /[a-z2-7]{26}/) != nil)
        let file = try folder.read("ca.p12")
        #expect(throws: PKCS12Error.wrongPassword) {
            let other = secret(text.dropLast() + "1")
            _ = try PKCS12Reader.read(file, password: other)
        }
        #expect(throws: PKCS12Error.wrongPassword) {
            let other = secret(text.uppercased())
            _ = try PKCS12Reader.read(file, password: other)
        }
    }

    @Test("openssl opens it: both keys, byte for byte, newest first, and both certificates")
    func openssl() throws {
        let output = try folder.sh("openssl pkcs12 -in ca.p12 -passin file:password -nodes")
        #expect(try keys(in: output) == [Acme.pkcs8(.rekeyed), Acme.pkcs8(.root)])
        #expect(
            try Certificate.all(pem: Array(output.utf8)) == [Acme.certificate(.rekeyed), Acme.certificate(.root)]
        )
    }

    @Test("NSS opens it and imports both keys, which come out again byte for byte")
    func nss() throws {
        let list = try folder.sh("pk12util -l ca.p12 -w password")
        #expect(list.matches(of: /(?m)^Key\(shrouded\):$/).count == 2)
        try folder.sh("mkdir db && certutil -N -d db --empty-password && pk12util -i ca.p12 -d db -w password")
        let names = try folder.sh("certutil -K -d db").matches(of: /(?m)^<[^>]*>\s+ec\s+[0-9a-f]{40}\s+(.*)$/)
            .map { String($0.1) }
        #expect(names.count == 2)
        var found: [[UInt8]] = []
        for name in names {
            let nickname = name.replacing("NSS Certificate DB:", with: "")
            try folder.sh("rm -f out.p12; pk12util -o out.p12 -n '\(nickname)' -d db -w password")
            found += try keys(in: folder.sh("openssl pkcs12 -in out.p12 -passin file:password -nodes"))
        }
        #expect(try Set(found) == Set([Acme.pkcs8(.rekeyed), Acme.pkcs8(.root)]))
    }

    @Test("Java opens it: two entries, exported byte for byte")
    func java() throws {
        let list = try folder.sh("keytool -list -keystore ca.p12 -storepass:file password")
        #expect(list.matches(of: /PrivateKeyEntry/).count == 2)
        try folder.sh(
            """
            keytool -importkeystore -srckeystore ca.p12 -srcstorepass:file password -destkeystore java.p12 \
            -deststoretype PKCS12 -deststorepass:file password 2>&1
            """
        )
        let output = try folder.sh("openssl pkcs12 -in java.p12 -passin file:password -nodes")
        #expect(try Set(keys(in: output)) == Set([Acme.pkcs8(.rekeyed), Acme.pkcs8(.root)]))
    }

    @Test("Python opens it: the newest key, and all certificates")
    func python() throws {
        try folder.write(
            "p.py",
            """
            from cryptography.hazmat.primitives.serialization import pkcs12, Encoding, PrivateFormat, NoEncryption
            p = pkcs12.load_pkcs12(open('ca.p12', 'rb').read(), open('password', 'rb').read())
            open('key.der', 'wb').write(p.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
            open('crt.pem', 'wb').write(p.cert.certificate.public_bytes(Encoding.PEM))
            open('more.pem', 'wb').write(b''.join(c.certificate.public_bytes(Encoding.PEM) for c in p.additional_certs))
            """
        )
        try folder.sh("python3 p.py")
        #expect(try folder.read("key.der") == Acme.pkcs8(.rekeyed))
        #expect(try Certificate(pem: folder.read("crt.pem")) == Acme.certificate(.rekeyed))
        #expect(try Certificate.all(pem: folder.read("more.pem")) == [Acme.certificate(.root)])
    }
}
