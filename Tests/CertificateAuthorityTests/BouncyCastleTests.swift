// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Foundation
import KeyStores
import Testing

/// Files by BouncyCastle itself, which `Tests/Tools/BouncyCastleKeys.java` makes.
@Suite("Files by BouncyCastle")
struct BouncyCastleTests {
    private static let library = ["bcprov", "bcpkix", "bcutil"].map { "/usr/share/java/\($0).jar" }
        .joined(separator: ":")

    private static let program = Result {
        let folder = try TemporaryFolder()
        try folder.sh(
            "ecj -proc:none -nowarn -17 -cp \(library) -d . \(PKCS12WindowsTests.tools)/BouncyCastleKeys.java"
        )
        return folder
    }

    static let archives = [
        "pkcs12", "pkcs12-3des-40rc2", "pkcs12-3des-3des", "built-shrouded", "built-plain", "built-inside",
        "built-bare",
    ]
    static let keys = ["key.der", "key.pem", "key-aes.pem", "key-3des.pem", "key-old.pem", "key-old-aes.pem"]

    @Test(
        "keys of every kind are read from everything that it writes",
        arguments: ["RSA", "P-256", "P-384", "P-521", "Ed25519", "Ed448"]
    )
    func everything(_ kind: String) throws {
        try OpenSSL.start()
        let folder = try TemporaryFolder()
        try folder.sh("java -cp \(Self.library):\(Self.program.get().path) BouncyCastleKeys \(kind)")
        let certificate = try Certificate(der: folder.read("c.der"))
        let files = Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
        #expect(files == Set(Self.archives.map { "\($0).p12" } + Self.keys + ["c.der"]))
        var found: [[UInt8]] = []
        for name in Self.archives {
            let material = try KeyStore(.p12(folder("\(name).p12"))).export(Prompter("secret"))
            #expect(material.certificates == [certificate], "\(name)")
            #expect(material.generations.map(\.name) == ["ca"], "\(name)")
            found += try CertificateAuthorityTests.keys(of: material.generations)
        }
        for name in Self.keys {
            let store = KeyStore(.pem(key: folder(name), certificates: [folder("c.der")]))
            let material = try store.export(Prompter("secret"))
            #expect(material.newest == certificate, "\(name)")
            found += try CertificateAuthorityTests.keys(of: material.generations)
        }
        #expect(found.count == files.count - 1 && Set(found).count == 1)
    }
}
