// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import KeyStores
import SystemPackage
import Testing

@testable import Escrow

/// PKCS#12 files made by others, escrowed and restored.
@Suite struct ForeignFileTests {
    let folder: TemporaryFolder

    init() throws {
        try OpenSSL.start()
        folder = try TemporaryFolder()
        try folder.write("password", "correct horse")
    }

    /// Escrows `x.p12`, restores it with three custodians, and compares every key with what openssl finds in the source.
    private func expectIdentical(
        keyCount: Int = 1,
        names: [String?]? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let store = try KeyStore(parsing: "p12:\(folder("x.p12"))")
        let material = try store.export { _ in secret("correct horse") }
        let world = try World(policy: "3 of (alice, bob, carol, dave, erin)", of: material)
        let document = try world.document()
        let people = ["carol", "dave", "erin"].map { world.cast[$0] } as [Somebody]
        let rebuilt = try document.secret(by: people, in: world.directory())
        let archive = try document.pkcs12(given: nil, escrow: world.escrow)
        let restored = try document.material(from: archive, at: "x.p12", secret: rebuilt, added: [])

        let pem = try folder.sh("openssl pkcs12 -in x.p12 -passin file:password -nodes")
        let blocks = pem.split(separator: "-----BEGIN PRIVATE KEY-----").dropFirst()
        var source: [[UInt8]] = []
        for block in blocks {
            try folder.write("key.pem", "-----BEGIN PRIVATE KEY-----\(block)")
            try folder.sh("openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out key.p8")
            source.append(try folder.read("key.p8"))
        }
        #expect(source.count == keyCount, sourceLocation: sourceLocation)
        #expect(try Set(restored.pkcs8) == Set(source), sourceLocation: sourceLocation)
        let certificates = try Certificate.all(pem: Array(pem.utf8))
        #expect(Set(restored.certificates + restored.chain) == Set(certificates), sourceLocation: sourceLocation)
        let names = names ?? material.generations.map(\.name)
        #expect(restored.generations.map(\.name) == names, sourceLocation: sourceLocation)
    }

    private func writeSample(_ sample: SampleCA) throws {
        try folder.write("k.pem", sample.keyPEM)
        try folder.write("c.pem", sample.certificate.pem)
    }

    @Test("a file by openssl", arguments: ["", "-legacy", "-keypbe aes-128-cbc -macalg sha512"])
    func openssl(options: String) throws {
        try writeSample(.rsa2048)
        try folder.sh(
            "openssl pkcs12 -export -inkey k.pem -in c.pem -name ca -passout file:password -out x.p12 \(options)"
        )
        if options == "-legacy" {
            // openssl itself would need its legacy provider to say what is in it.
            let store = try KeyStore(parsing: "p12:\(folder("x.p12"))")
            let material = try store.export { _ in secret("correct horse") }
            #expect(try World(of: material).restore(by: ["alice", "bob"]) == [SampleCA.rsa2048.pkcs8])
        } else {
            try expectIdentical()
        }
    }

    @Test("a file by NSS")
    func nss() throws {
        try writeSample(.p384)
        try folder.sh("openssl pkcs12 -export -inkey k.pem -in c.pem -name ca -passout file:password -out o.p12")
        try folder.sh("mkdir db && certutil -N -d db --empty-password && pk12util -i o.p12 -d db -w password")
        try folder.sh("pk12util -o x.p12 -n ca -d db -w password")
        try expectIdentical()
    }

    @Test("a file by NSS, with two keys of one nickname")
    func nssTwoKeys() throws {
        try folder.sh("mkdir db && certutil -N -d db --empty-password")
        for days in [100, 200] {
            try folder.sh(
                """
                openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem -out c.pem \
                -subj /CN=CA -days \(days)
                openssl pkcs12 -export -inkey k.pem -in c.pem -name ca -passout file:password -out o.p12
                pk12util -i o.p12 -d db -w password
                """
            )
        }
        try folder.sh("pk12util -o x.p12 -n ca -d db -w password")
        try expectIdentical(keyCount: 2, names: ["ca", "ca(1)"])
    }

    @Test("a file by GnuTLS, with two keys")
    func gnutls() throws {
        try folder.write("k.pem", SampleCA.p384.keyPEM + SampleCA.rsa2048.keyPEM)
        try folder.write("c.pem", SampleCA.p384.certificate.pem + SampleCA.rsa2048.certificate.pem)
        try folder.sh(
            """
            certtool --load-privkey k.pem --load-certificate c.pem --to-p12 --outder --p12-name ca \
            --password 'correct horse' --outfile x.p12 2>&1
            """
        )
        try expectIdentical(keyCount: 2, names: ["ca", "ca(1)"])
    }

    @Test("a keystore by Java, with two keys")
    func java() throws {
        for (name, group) in [("one", "secp256r1"), ("two", "secp384r1")] {
            try folder.sh(
                """
                keytool -genkeypair -alias \(name) -dname CN=\(name) -keyalg EC -groupname \(group) -ext bc:c=ca:true \
                -keystore x.p12 -storepass:file password 2>&1
                """
            )
        }
        try expectIdentical(keyCount: 2)
    }

    @Test("a file by Python")
    func python() throws {
        try writeSample(.ed25519)
        try folder.write(
            "p.py",
            """
            from cryptography.hazmat.primitives.serialization import pkcs12, load_pem_private_key, BestAvailableEncryption
            from cryptography import x509
            k = load_pem_private_key(open('k.pem', 'rb').read(), None)
            c = x509.load_pem_x509_certificate(open('c.pem', 'rb').read())
            e = BestAvailableEncryption(open('password', 'rb').read())
            open('x.p12', 'wb').write(pkcs12.serialize_key_and_certificates(b'ca', k, c, None, e))
            """
        )
        try folder.sh("python3 p.py")
        try expectIdentical()
    }
}
