// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CertificateAuthority

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
            // Types of RFC 4514 and three others have names; no table of OpenSSL's does.
            ("-subj '/DC=acme/UID=7/street=Main/serialNumber=5/emailAddress=a@b'", Self.named),
            ("-subj '/title=Dr/GN=Ada/CN=A'", "2.5.4.12=Dr, 2.5.4.42=Ada, CN=A"),
            ("-subj '/CN= a#b '", "CN=\\ a#b\\ "), ("-subj '/CN=#a'", "CN=\\#a"),
            // A letter that a table of 2020 does not know, and one for private use.
            ("-utf8 -subj \"/CN=a$(printf '\\360\\236\\223\\220')b\"", "CN=a\u{1e4d0}b"),
            ("-utf8 -subj \"/CN=a$(printf '\\356\\200\\200')b\"", "CN=a\\EE\\80\\80b"),
            ("-utf8 -subj \"/CN=a$(printf '\\343\\205\\244')b\"", "CN=a\\E3\\85\\A4b"),
        ]
    )
    func names(options: String, subject: String) throws {
        #expect(try certificate(options).subject == subject)
    }

    private static let named = "DC=acme, UID=7, STREET=Main, serialNumber=5, emailAddress=a@b"

    @Test("a name that is none is its DER, and so is a value that is no text")
    func writtenNames() {
        func name(_ value: DER) -> DER {
            .sequence([.node(tag: 0x31, [.sequence([.oid([0x55, 0x04, 0x03]), value])])])
        }
        let rows: [(DER, String)] = [
            (name(.leaf(tag: 0x0C, [0xFF])), "CN=#0C01FF"), (name(.leaf(tag: 0x03, [0, 1])), "CN=#03020001"),
            (name(.leaf(tag: 0x1E, [0, 0x41, 0xD8, 0])), "CN=#1E040041D800"),
            (name(.leaf(tag: 0x1E, [0x30])), "CN=#1E0130"),
            (name(.leaf(tag: 0x1E, [0, 0x41])), "CN=A"), (name(.leaf(tag: 0x1C, [0, 0, 0, 0x42])), "CN=B"),
            (name(.leaf(tag: 0x14, [0xE9])), "CN=é"), (name(.leaf(tag: 0x12, [0x37])), "CN=7"),
            (.leaf(tag: 0x0C, [0x41]), "#0C0141"), (.sequence([.leaf(tag: 0x31, [])]), "#30023100"),
        ]
        for (der, text) in rows {
            #expect(WrittenName(der.bytes).text == text)
        }
    }

    @Test(
        "an authority is told from others by its extensions",
        arguments: [
            ("basicConstraints=critical,CA:TRUE", true), ("basicConstraints=CA:FALSE", false),
            ("basicConstraints=CA:TRUE,pathlen:0", true), ("2.5.29.19=DER:3000", false),
            ("2.5.29.19=DER:30030101FF00", false),
            ("2.5.29.19=DER:0101FF", false), ("2.5.29.19=DER:3003010100", false), ("2.5.29.19=DER:3003020101", false),
            ("basicConstraints=CA:TRUE -addext keyUsage=keyCertSign", true),
            ("basicConstraints=CA:TRUE -addext keyUsage=cRLSign,digitalSignature", false),
            ("basicConstraints=CA:TRUE -addext 2.5.29.15=DER:030100", false),
            ("basicConstraints=CA:FALSE -addext keyUsage=keyCertSign", false),
        ]
    )
    func authority(extension text: String, isCA: Bool) throws {
        #expect(try certificate("-subj /CN=x -addext \(text)").isCA == isCA)
    }

    @Test("without basicConstraints, keyUsage makes an authority, or the first version of X.509 by itself")
    func authorityWithoutConstraints() throws {
        try folder.write("plain.cnf", Array("[req]\ndistinguished_name=dn\n[dn]\n".utf8))
        func isCA(_ options: String) throws -> Bool { try certificate("-config plain.cnf -subj /CN=x \(options)").isCA }
        #expect(try isCA("-addext keyUsage=keyCertSign") && !isCA("-addext keyUsage=digitalSignature"))
        #expect(try !isCA("-addext nsCertType=sslCA"))
        let request = "openssl req -new -key k.pem -config plain.cnf -subj /CN=x -out x.csr"
        try folder.sh("\(request); openssl x509 -req -in x.csr -key k.pem -out first.pem")
        #expect(try Certificate(pem: folder.read("first.pem")).isCA)
        try folder.sh("openssl x509 -req -in x.csr -CA c.pem -CAkey k.pem -set_serial 1 -out other.pem")
        #expect(try Certificate(pem: folder.read("other.pem")).isSelfIssued)
        try folder.sh("openssl req -new -key k.pem -config plain.cnf -subj /CN=y -out y.csr")
        try folder.sh("openssl x509 -req -in y.csr -CA c.pem -CAkey k.pem -set_serial 1 -out other.pem")
        #expect(try !Certificate(pem: folder.read("other.pem")).isCA)
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
