// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import SecretMemory
import Testing

@Suite struct StatementTests {
    static let digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

    @Test("a signature verifies with the printed openssl command, and with the certificate", arguments: Sample.allCases)
    func signatures(_ sample: Sample) throws {
        let folder = try TemporaryFolder()
        try folder.write("DOC", "test")
        let statement = CAKeyStatement.text(kind: "drill", digestHex: Self.digest)
        let signature = try sample.key().sign(statement: statement)
        try folder.write("ca.crt", sample.certificate.pem)
        try folder.write("DOC.casig", signature)
        let options =
            switch sample.kind {
            case .rsa: "-digest sha256 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:32"
            case .ec: "-digest sha256"
            case .ed25519, .ed448: ""
            }
        try folder.sh(
            """
            printf 'ca-escrow/v1/ca-key-statement\\ndrill\\n%s\\n' "$(sha256sum < DOC | cut -c1-64)" > tbs
            openssl pkeyutl -verify -rawin \(options) -certin -inkey ca.crt -in tbs -sigfile DOC.casig
            """
        )
        #expect(try folder.read("tbs") == statement)
        let certificate = try sample.certificate
        #expect(certificate.verify(signature: signature, over: statement))
        let other = CAKeyStatement.text(kind: "readback", digestHex: Self.digest)
        #expect(!certificate.verify(signature: signature, over: other))
        #expect(!certificate.verify(signature: signature.dropLast() + [signature.last! ^ 1], over: statement))
        #expect(!certificate.verify(signature: [], over: statement))
        let stranger = try (sample == .p256 ? Sample.p384 : .p256).certificate
        #expect(!stranger.verify(signature: signature, over: statement))
    }

    @Test(
        "nothing but a statement is signed or verified",
        arguments: [
            "", "ca-escrow/v1/ca-key-statement\ndrill\n\(digest)", "ca-escrow/v1/ca-key-statement\nother\n\(digest)\n",
            "ca-escrow/v1/ca-key-statement\ndrill\n\(digest.uppercased())\n",
            "ca-escrow/v1/ca-key-statement\ndrill\n\(digest)\n\n", "x\ndrill\n\(digest)\n",
        ]
    )
    func otherTexts(text: String) throws {
        let key = try Sample.p256.key()
        #expect(throws: KeyError.notAStatement) { try key.sign(statement: Array(text.utf8)) }
        #expect(!CAKeyStatement.isStatement(Array(text.utf8)))
    }
}
