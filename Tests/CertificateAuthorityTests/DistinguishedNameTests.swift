// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Testing

/// Which names are one name, as RFC 5280, section 7.1, has it, and how others are shown beside one another.
@Suite struct DistinguishedNameTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("k.pem", Sample.p256.pem)
    }

    /// A certificate of this subject, its values in strings of a type: `utf8only`, or a mask as `string_mask` takes it.
    private func certificate(_ subject: String, _ mask: String = "utf8only") throws -> Certificate {
        try folder.write("c.cnf", "[req]\ndistinguished_name = dn\nstring_mask = \(mask)\n[dn]\n")
        try folder.sh(
            "openssl req -x509 -new -utf8 -multivalue-rdn -config c.cnf -key k.pem -subj '\(subject)' -out c.pem"
        )
        return try Certificate(pem: folder.read("c.pem"))
    }

    private func name(_ subject: String, _ mask: String = "utf8only") throws -> DistinguishedName {
        try certificate(subject, mask).subjectName
    }

    private static let (printable, teletex, bmp) = ("MASK:0x2", "MASK:0x4", "MASK:0x800")

    @Test(
        "types of strings, ASCII case and white space do not tell names apart",
        arguments: [
            ("/O=Acme/CN=Root CA", printable), ("/O=Acme/CN=Root CA", bmp), ("/O=Acme/CN=Root CA", teletex),
            ("/O=ACME/CN=rOOT ca", "utf8only"), ("/O= Acme  /CN=Root  \t CA", "utf8only"),
            ("/O=aCME/CN=  Root   CA", bmp),
        ]
    )
    func equal(subject: String, mask: String) throws {
        let (plain, other) = (try certificate("/O=Acme/CN=Root CA"), try certificate(subject, mask))
        #expect(plain.subjectName == other.subjectName && plain.subjectName.hashValue == other.subjectName.hashValue)
        #expect(plain.subjectName == other.issuerName && plain.subjectDER != other.subjectDER)
        #expect(other.isSelfIssued)
    }

    @Test("letters beyond ASCII count as text in any type of string")
    func beyondASCII() throws {
        #expect(try name("/CN=Société") == name("/CN=SOCIété", Self.bmp))
        #expect(try name("/CN=Société") == name("/CN=société", Self.teletex))
        #expect(try name("/CN=A+O=B") == name("/O=b+CN=a", Self.printable))
    }

    @Test(
        "names that differ are shown so that it is seen",
        arguments: [
            ("/CN=Acme Root CA", "/CN=Acme Other CA", "CN=Acme Root CA", "CN=Acme Other CA"),
            ("/CN=Acme CA", "/CN=Acme \u{421}A", "CN=Acme \\43A", "CN=Acme \\D0\\A1A"),
            ("/CN=Real CA", "/CN=Rea1 CA", "CN=Rea\\6C CA", "CN=Rea\\31 CA"),
            ("/CN=AcmeCA", "/CN=Acme CA", "CN=Acme\\43A", "CN=Acme\\20CA"),
            ("/CN=Müller", "/CN=Mu\u{308}ller", "CN=M\\C3\\BCller", "CN=M\\75\\CC\\88ller"),
            ("/CN=Müller", "/CN=MÜLLER", "CN=Müller", "CN=MÜLLER"),
            ("/CN=Росток", "/CN=Москва", "CN=Росток", "CN=Москва"),
            ("/O=A/CN=B", "/CN=B/O=A", "O=A, CN=B", "CN=B, O=A"),
            ("/CN=Acme\u{A0}CA", "/CN=Acme CA", "CN=Acme\\C2\\A0CA", "CN=Acme\\20CA"),
            ("/CN=\(String(repeating: "a", count: 64))", "/CN=b", "CN=\(String(repeating: "a", count: 64))", "CN=b"),
        ]
    )
    func shown(left: String, right: String, leftText: String, rightText: String) throws {
        let (left, right) = (try name(left), try name(right))
        #expect(left != right)
        #expect(left.toldApart(from: right) == leftText && right.toldApart(from: left) == rightText)
    }

    @Test("names of the same characters in types that are compared apart are shown in DER")
    func types() throws {
        let plain = try certificate("/CN=1234")
        // The number as a NumericString, which nobody signs here.
        let (text, number): ([UInt8], [UInt8]) = ([0x0C, 4, 0x31, 0x32], [0x12, 4, 0x31, 0x32])
        var der = plain.der
        for start in der.indices.dropLast(4) where Array(der[start..<start + 4]) == text {
            der.replaceSubrange(start..<start + 4, with: number)
        }
        let other = try Certificate(der: der).subjectName
        #expect(other != plain.subjectName && other.description == "CN=1234")
        #expect(plain.subjectName.toldApart(from: other) == "CN=#0C0431323334")
        #expect(other.toldApart(from: plain.subjectName) == "CN=#120431323334")
    }
}
