// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Testing

/// The extension in which Microsoft Certificate Services counts its generations.
@Suite("CA Version")
struct CAVersionTests {
    private func version(_ value: String?) throws -> CAVersion? {
        let folder = try TemporaryFolder()
        try folder.write("k.pem", Sample.p256.pem)
        let addition = value.map { "-addext 1.3.6.1.4.1.311.21.1=\($0)" } ?? ""
        try folder.sh("openssl req -x509 -new -key k.pem -subj '/CN=Acme Issuing CA' \(addition) -out c.pem")
        return try Certificate(pem: folder.read("c.pem")).caVersion
    }

    @Test(
        "the low 16 bits count certificates, the high 16 bits say with which of them the key came",
        arguments: [
            ("0", 0, 0), ("1", 1, 0), ("65537", 1, 1), ("65538", 2, 1), ("262148", 4, 4),
            ("4294967295", 65_535, 65_535),
        ]
    )
    func read(number: String, certificate: Int, key: Int) throws {
        let version = try version("ASN1:INTEGER:\(number)")
        #expect(version == CAVersion(certificateIndex: certificate, keyIndex: key))
        #expect(version?.description == "V\(certificate).\(key)")
    }

    @Test(
        "anything else is not taken for one",
        arguments: [
            nil, "ASN1:INTEGER:-1", "ASN1:INTEGER:4294967296", "ASN1:ENUMERATED:1", "ASN1:NULL", "DER:0201010500",
            "DER:02020001", "DER:0201", "DER:02",
        ] as [String?]
    )
    func refused(value: String?) throws {
        #expect(try version(value) == nil)
    }
}
