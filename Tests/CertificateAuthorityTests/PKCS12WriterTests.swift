// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import SecretMemory
import Testing

/// What others make of a file with two generations, one of them renewed with the same key, and a chain.
@Suite struct PKCS12WriterTests {
    static let password = "mfrggzdfmztwq2lknnwg23tpob"
    let folder: TemporaryFolder

    init() throws {
        try OpenSSL.start()
        folder = try TemporaryFolder()
        let password = secret(Self.password)
        try folder.write("ca.p12", PKCS12Writer.write(Renewed.material(), password: password))
    }

    /// The PKCS#8 of each key in a PEM file, in its order.
    private func keys(in pem: String) throws -> [[UInt8]] {
        let blocks = pem.split(separator: "-----BEGIN PRIVATE KEY-----").dropFirst()
        return try blocks.map { block in
            let file = secret("-----BEGIN PRIVATE KEY-----\(block)")
            return try FoundBytes(PrivateKey(pem: file)).der
        }
    }

    @Test("openssl finds both keys and all certificates, byte for byte, newest first")
    func openssl() throws {
        let output = try folder.sh("openssl pkcs12 -in ca.p12 -passin pass:\(Self.password) -nodes")
        #expect(try keys(in: output) == [Renewed.der("new"), Renewed.der("old")])
        let names = ["new1", "old2", "old1", "root"]
        #expect(try Certificate.all(pem: Array(output.utf8)) == names.map(Renewed.certificate))
        let info = try folder.sh("openssl pkcs12 -in ca.p12 -passin pass:\(Self.password) -info -noout 2>&1")
        #expect(
            info.split(separator: "\n").prefix(2) == [
                "MAC: sha256, Iteration 2048", "MAC length: 32, salt length: 16",
            ]
        )
    }

    @Test("NSS lists and imports both keys")
    func nss() throws {
        let list = try folder.sh("pk12util -l ca.p12 -W \(Self.password)")
        #expect(list.matches(of: /(?m)^Key\(shrouded\):$/).count == 2)
        try folder.sh("certutil -N -d . --empty-password && pk12util -i ca.p12 -d . -W \(Self.password)")
        let keys = try folder.sh("certutil -K -d .")
        #expect(keys.matches(of: #/(?m)^< *\d+> /#).count == 2)
    }

    @Test("Java finds two private keys, and exports them byte for byte")
    func java() throws {
        let list = try folder.sh("keytool -list -keystore ca.p12 -storepass \(Self.password)")
        #expect(list.matches(of: /PrivateKeyEntry/).count == 2)
        #expect(list.contains("Your keystore contains 2 entries"))
        try folder.sh(
            """
            keytool -importkeystore -srckeystore ca.p12 -srcstorepass \(Self.password) \
            -destkeystore java.p12 -deststoretype PKCS12 -deststorepass changeit 2>&1
            """
        )
        let password = secret("changeit")
        let material = try PKCS12Reader.read(folder.read("java.p12"), password: password)
        #expect(
            try CertificateAuthorityTests.keys(of: material.generations) == [Renewed.der("new"), Renewed.der("old")]
        )
    }

    @Test("Python takes the newest key")
    func python() throws {
        try folder.write(
            "p.py",
            """
            from cryptography.hazmat.primitives.serialization import pkcs12, Encoding, PrivateFormat, NoEncryption
            p = pkcs12.load_pkcs12(open('ca.p12', 'rb').read(), b'\(Self.password)')
            open('key.der', 'wb').write(p.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
            open('crt.pem', 'wb').write(p.cert.certificate.public_bytes(Encoding.PEM))
            print(len(p.additional_certs))
            """
        )
        #expect(try folder.sh("python3 p.py") == "3\n")
        #expect(try folder.read("key.der") == Renewed.der("new"))
        #expect(try Certificate(pem: folder.read("crt.pem")) == Renewed.certificate("new1"))
    }

    @Test("what was written is read back whole, with the names and provider of the source")
    func roundTrip() throws {
        let password = secret(Self.password)
        let material = try PKCS12Reader.read(folder.read("ca.p12"), password: password)
        let (source, found) = (try Renewed.material(), material.generations)
        #expect(try keys(of: found) == keys(of: source.generations))
        #expect(found.map(\.certificates) == source.generations.map(\.certificates))
        #expect(material.chain == source.chain)
        #expect(material.certificates.map(\.notBefore) == [1_704_067_200, 1_640_995_200, 1_577_836_800])
        #expect(found.map(\.name) == ["Acme Issuing CA", "Acme Issuing CA(1)"])
        #expect(found.map(\.providerName) == [nil, "Microsoft Software Key Storage Provider"])
        let again = try PKCS12Reader.read(PKCS12Writer.write(material, password: password), password: password)
        #expect(again.generations.map(\.name) == found.map(\.name))
    }

    @Test("the manifest's figures are what the file shows", arguments: [1, 2048, 300_000])
    func facts(iterations: Int) throws {
        let password = secret(Self.password)
        let file = try PKCS12Writer.write(Sample.p256.material(), password: password, iterations: iterations)
        #expect(try PKCS12Reader.facts(file) == PKCS12Writer.facts(iterations: iterations))
    }

    @Test("without the password no name can be read")
    func hiddenNames() throws {
        let file = try folder.read("ca.p12")
        for name in [Array("Acme".utf8), "Acme".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }] {
            #expect(!file.contains(name))
        }
    }

    @Test("every kind of key comes back", arguments: Sample.allCases)
    func kinds(_ sample: Sample) throws {
        let password = secret(Self.password)
        let file = try PKCS12Writer.write(sample.material(), password: password)
        let material = try PKCS12Reader.read(file, password: password)
        #expect(try keys(of: material.generations) == [sample.der])
        #expect(material.newest.keyKind == sample.kind)
    }

    @Test("iteration counts that others refuse, and passwords with a zero byte, are not written")
    func refused() throws {
        let material = try Sample.p256.material()
        for count in [0, 300_001] {
            #expect(throws: PKCS12Error.iterationCountOutOfRange(part: "file", found: count, limit: 300_000)) {
                let password = secret("password")
                _ = try PKCS12Writer.write(material, password: password, iterations: count)
            }
        }
        #expect(throws: PKCS12Error.passwordHoldsZeroByte) {
            let password = secret("pass\0word")
            _ = try PKCS12Writer.write(material, password: password)
        }
    }

    private func keys(of generations: [KeyGeneration]) throws -> [[UInt8]] {
        try CertificateAuthorityTests.keys(of: generations)
    }
}
