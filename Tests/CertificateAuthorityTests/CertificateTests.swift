// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Testing

@Suite struct CertificateTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("k.pem", Sample.p256.pem)
    }

    private func certificate(_ options: String) throws -> Certificate {
        try folder.sh("openssl req -x509 -new -key k.pem \(options) -out c.pem")
        return try Certificate(pem: folder.read("c.pem"))
    }

    @Test("what a certificate says is read as openssl reads it")
    func fields() throws {
        let certificate = try Renewed.certificate("old2")
        #expect(certificate.subject == "CN=Acme Issuing CA")
        #expect(certificate.issuer == "CN=Acme Root CA")
        #expect(certificate.commonName == "Acme Issuing CA")
        #expect(certificate.notBefore == 1_640_995_200)
        #expect(certificate.notAfter == 2_208_988_800)
        #expect(certificate.isCA && !certificate.isSelfIssued)
        #expect(certificate.keyKind == .rsa(bitCount: 3072))
        try folder.write("old2.crt", certificate.pem)
        #expect(
            try folder.sh("openssl x509 -in old2.crt -noout -serial").lowercased() == "serial=\(certificate.serial)\n"
        )
        #expect(
            try folder.sh("openssl x509 -in old2.crt -outform DER | sha256sum").hasPrefix(certificate.sha256Hex)
        )
        #expect(try Certificate(der: certificate.der) == certificate)
        #expect(try Certificate.all(pem: certificate.pem + Renewed.certificate("root").pem).count == 2)
        #expect(try certificate.spki == Renewed.material().generations[1].key.spki)
        #expect(try Renewed.certificate("root").isSelfIssued)
    }

    @Test(
        "names are shown most significant part first, and nothing in them reaches the terminal",
        arguments: [
            ("-subj '/C=FR/O=Acme, SA/CN=Root'", "C=FR, O=Acme\\, SA, CN=Root"),
            ("-subj '/O=A+CN=B' -multivalue-rdn", "CN=B + O=A"),
            ("-utf8 -subj '/CN=Société Générale'", "CN=Société Générale"),
            ("-utf8 -subj \"/CN=a$(printf '\\033')[31mb\"", "CN=a\\1B[31mb"),
            ("-utf8 -subj \"/CN=a$(printf '\\342\\200\\256')b\"", "CN=a\\E2\\80\\AEb"),
            ("-utf8 -subj \"/CN=a$(printf '\\302\\205')b\"", "CN=a\\C2\\85b"),
            ("-subj /", ""),
        ]
    )
    func names(options: String, subject: String) throws {
        #expect(try certificate(options).subject == subject)
    }

    @Test(
        "an authority is told from others by its extensions",
        arguments: [
            ("basicConstraints=critical,CA:TRUE", true), ("basicConstraints=CA:FALSE", false),
        ]
    )
    func authority(extension text: String, isCA: Bool) throws {
        #expect(try certificate("-subj /CN=x -addext \(text)").isCA == isCA)
    }

    @Test("a certificate of a key that is not accepted is read, without a kind")
    func otherKeys() throws {
        try folder.sh("openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out k.pem")
        #expect(try certificate("-subj /CN=x").keyKind == nil)
    }

    @Test("an RSA key beyond 16,384 bits is of no kind", arguments: [(2048, true), (2049, false)])
    func longKeys(byteCount: Int, isAccepted: Bool) throws {
        let modulus = DER.integer([0] + [UInt8](repeating: 0xFF, count: byteCount))
        let key = DER.sequence([modulus, .integer([1, 0, 1])])
        let rsa = DER.sequence([.oid([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]), .leaf(tag: 5, [])])
        try folder.write("big.der", DER.sequence([rsa, .leaf(tag: 3, [0] + key.bytes)]).bytes)
        try folder.sh("openssl pkey -pubin -inform DER -in big.der -out big.pem")
        try folder.sh("openssl x509 -new -force_pubkey big.pem -key k.pem -subj /CN=x -out c.pem")
        let kind = try Certificate(pem: folder.read("c.pem")).keyKind
        #expect(kind == (isAccepted ? .rsa(bitCount: 16_384) : nil))
    }

    @Test("what is not exactly one certificate in DER is refused")
    func refused() throws {
        let der = try Sample.p256.certificate.der
        #expect(throws: CertificateError.notDER) { try Certificate(der: der + [0]) }
        #expect(throws: CertificateError.none) { try Certificate(pem: Sample.p256.pem) }
        #expect(throws: CertificateError.self) { try Certificate(der: Array(der.dropLast())) }
        #expect(throws: CertificateError.self) { try Certificate(der: []) }
    }
}
